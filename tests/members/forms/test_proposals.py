"""Earlier wording for a sentence, from the portal's own published translations; and taking it
over."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from languages.freshness import record_translations
from languages.memory import LEAST_LIKENESS, find_proposals, likeness_of
from members.forms.proposals import translation_aids, with_proposal
from members.models import Accession, AccessionOwnAction, Plan, Point, Unit
from members.services import entries

pytestmark = pytest.mark.django_db
ADVICE = "Gives free advice to people who were discriminated against."
RAT = "Berät kostenlos Menschen, die diskriminiert wurden."


def told(city, text: str, translation: str, how: str = "office", **fields: object) -> Unit:
    """A published entry with a translation."""
    values = {"name_en": text, "name_de": translation, "published_at": timezone.now(), **fields}
    unit = Unit.objects.create(city=city, **values)
    record_translations(unit, changed=["name_de"], how=how)
    return unit


def said(text: str, source: str = "en", target: str = "de") -> list[str]:
    return [
        proposal.text
        for segment in find_proposals(text, source, target)
        for proposal in segment.proposals
    ]


def test_same_sentence_is_proposed_with_where_it_comes_from(alfa):
    unit = told(alfa, ADVICE, RAT)
    [segment] = find_proposals(ADVICE, "en", "de")
    [proposal] = segment.proposals
    assert (proposal.text, proposal.likeness, proposal.record, proposal.is_exact) == (
        RAT,
        100,
        unit,
        True,
    )
    assert proposal.kind == "unit"
    assert proposal.difference == ()


def test_sentence_nearly_the_same_shows_what_is_different(alfa):
    told(alfa, ADVICE, RAT)
    [segment] = find_proposals(
        "Gives free advice to everybody who was discriminated against.", "en", "de"
    )
    [proposal] = segment.proposals
    assert LEAST_LIKENESS <= proposal.likeness < 100
    assert (
        " ".join(piece.text.strip() for piece in proposal.difference if piece.kind == "new")
        == "everybody was"
    )


def test_sentences_of_a_longer_text_are_found_one_by_one(alfa):
    told(
        alfa,
        f"We are here for you. {ADVICE} Come in.",
        f"Wir sind für Sie da. {RAT} Kommen Sie herein.",
    )
    segments = find_proposals(
        f"{ADVICE} The door at the back is open on every day. Come in.", "en", "de"
    )
    assert [(p.source, p.proposals[0].text, p.is_whole) for p in segments] == [
        (ADVICE, RAT, False),
        ("Come in.", "Kommen Sie herein.", False),
    ]


def test_text_parted_otherwise_in_translation_is_found_only_as_a_whole(alfa):
    text, translation = f"{ADVICE} Come in.", f"{RAT} Sie sind willkommen. Kommen Sie."
    told(alfa, text, translation)
    assert said(ADVICE) == []
    [segment] = find_proposals(text, "en", "de")
    assert segment.is_whole
    assert segment.proposals[0].text == translation


def test_likest_comes_first_and_nothing_twice(alfa, beta):
    told(alfa, "Office for Equality", "Amt für Gleichstellung")
    told(beta, "Office for Equality", "Amt für Gleichstellung")
    told(alfa, "Office for Equality!", "Amt für Gleichheit", how="official")
    assert said("Office for Equality") == ["Amt für Gleichstellung", "Amt für Gleichheit"]


def test_official_wording_comes_before_as_like_wording(alfa, beta):
    told(alfa, "Office for Equality", "Amt für Gleichstellung")
    told(beta, "Office for Equality", "Büro für Gleichstellung", how="official")
    assert said("Office for Equality")[0] == "Büro für Gleichstellung"


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"name_de": ""},
        {"how": "machine"},
        {"source_language": "fr", "name_fr": "Conseil"},
    ],
    ids=["draft", "no translation", "machine", "another source language"],
)
def test_what_nobody_published_is_not_proposed(fields, alfa):
    fields = {"city": alfa, "text": ADVICE, "translation": RAT, **fields}
    fields["translation"] = fields.pop("name_de", fields["translation"])
    told(**fields)
    assert said(ADVICE) == []


def test_what_becomes_outdated_or_is_withdrawn_is_gone_at_once(alfa, beta, person):
    lead = person("lead", alfa)
    first, second = told(alfa, ADVICE, RAT), told(beta, ADVICE, "Berät jede Person.")
    assert said(ADVICE) == [RAT, "Berät jede Person."] or said(ADVICE) == [
        "Berät jede Person.",
        RAT,
    ]
    entries.withdraw(record=first, by=lead)
    assert said(ADVICE) == ["Berät jede Person."]
    second.name_en = "Something else entirely"
    second.save()
    assert said(ADVICE) == []


def test_entry_of_an_unpublished_city_is_not_proposed(beta):
    told(beta, ADVICE, RAT)
    beta.published_at = None
    beta.save()
    assert said(ADVICE) == []


def test_file_of_an_accession_is_never_proposed(alfa):
    own = AccessionOwnAction.objects.create(
        accession=Accession.objects.create(city=alfa), point=a_point(), text_en=ADVICE, text_de=RAT
    )
    record_translations(own, changed=["text_de"], how="office")
    assert said(ADVICE) == []


def a_point():
    return Point.objects.create(plan=Plan.objects.create(name_en="Plan"), number=1, title_en="One")


def test_own_translation_of_the_field_is_no_proposal(alfa):
    unit = told(alfa, ADVICE, RAT)
    assert translation_aids(unit, "name", "de").segments == []
    assert translation_aids(unit, "name", "pl").segments == []


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\x00", "%_\\'\"", "a" * 10_000, "\u202eabc"])
def test_strange_texts_find_nothing_and_harm_nothing(text, alfa):
    told(alfa, ADVICE, RAT)
    assert said(text) == []


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (ADVICE, ADVICE, 100, 100),
        (ADVICE, ADVICE.upper(), 95, 99),
        ("Fair access to housing", "Fair access to houses", 80, 99),
        ("Fair access to housing", "Hate crimes and conflicts", 0, 40),
        (ADVICE * 20, ADVICE * 19, 90, 99),
        ("", "", 100, 100),
    ],
)
def test_likeness_is_a_share_of_a_hundred(one, other, least, most):
    assert least <= likeness_of(one, other) <= most


def test_queries_do_not_grow_with_what_was_translated(alfa, django_assert_num_queries):
    for number in range(5):
        told(
            alfa, f"Office number {number} for Equality", f"Amt Nummer {number} für Gleichstellung"
        )
    with django_assert_num_queries(2):
        find_proposals("Office number 7 for Equality", "en", "de")


# --- Taking one over ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("take", "before", "after"),
    [
        ("name_de instead Amt  für\nalle", "old", "Amt  für\nalle"),
        ("name_de behind Zwei.", "Eins. ", "Eins. Zwei."),
        ("name_de behind Zwei.", "", "Zwei."),
    ],
)
def test_proposal_goes_into_its_field_and_is_marked(take, before, after):
    sent = QueryDict(mutable=True)
    sent.update({"name_de": before, "take": take, "other_de": "stays"})
    filled = with_proposal(sent)
    assert (filled["name_de"], filled["other_de"]) == (after, "stays")
    assert filled.getlist("unconfirmed") == ["name_de"]


@pytest.mark.parametrize(
    "take", ["", "name_de", "name_de instead", "elsewhere instead Text", "\x00 \x00 \x00", " "]
)
def test_nonsense_takes_nothing(take):
    sent = QueryDict(mutable=True)
    sent.update({"name_de": "typed", "take": take})
    assert with_proposal(sent) is sent


def test_page_shows_proposals_words_and_the_mark(alfa, beta):
    told(alfa, ADVICE, RAT)
    unit = Unit.objects.create(city=beta, name_en=f"{ADVICE} The equality body helps <b>you</b>.")
    sent = QueryDict(mutable=True)
    sent.update({"name_de": RAT, "unconfirmed": "name_de"})
    html = render_to_string(
        "admin/translations/proposals.html", {"aids": translation_aids(unit, "name", "de", sent)}
    )
    assert f'value="name_de behind {RAT}"' in html
    assert "Gleichbehandlungsstelle" in html
    assert 'name="unconfirmed" value="name_de">' in html
    assert "1 earlier wording" in html
    fresh = render_to_string(
        "admin/translations/proposals.html", {"aids": translation_aids(unit, "name", "de")}
    )
    assert 'value="name_de" disabled>' in fresh


def test_taking_over_on_the_desk_saves_nothing_until_it_is_confirmed(alfa, beta, person, browse):
    told(beta, ADVICE, RAT)
    unit = Unit.objects.create(city=alfa, name_en=ADVICE)
    client = browse(person("lead", alfa))
    address = f"/admin/translations/unit/{unit.pk}/de/"
    form = client.get(address).context["form"]
    assert f'value="name_de instead {RAT}"' in client.get(address).content.decode()
    sent = {
        "seen": form["seen"].value() or "",
        "sources": form.source_marks,
        "name_de": "typed before",
    }
    html = client.post(address, {**sent, "take": f"name_de instead {RAT}"}).content.decode()
    assert f">{RAT}</textarea>" in html or f'value="{RAT}"' in html
    assert 'name="unconfirmed" value="name_de">' in html
    unit.refresh_from_db()
    assert not unit.name_de
    client.post(address, {**sent, "name_de": RAT, "unconfirmed": "name_de", "do": "save"})
    unit.refresh_from_db()
    assert unit.name_de == RAT
    assert 'value="name_de" disabled>' in client.get(address).content.decode()


def test_reader_of_a_city_gets_no_proposals(alfa, beta, person, browse):
    told(beta, ADVICE, RAT)
    unit = Unit.objects.create(city=alfa, name_en=ADVICE)
    html = (
        browse(person("viewer", alfa))
        .get(f"/admin/translations/unit/{unit.pk}/de/")
        .content.decode()
    )
    assert "proposal" not in html.split("<main")[-1].split("</main>")[0].replace("proposals.js", "")
