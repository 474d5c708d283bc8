"""What the translation desk keeps of every entry: its states, how much is translated, who reads
it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from languages import desk
from languages.freshness import confirm_translations, keep_translations_current, record_translations
from languages.models import DeskRow, DeskState, Freshness, text_hash
from members.models import City, Commitment, Record
from portal.models import News
from tests.conftest import make_city, one_of_each

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("written_at_once")]


@pytest.fixture
def city(country) -> City:
    return make_city(
        country,
        "pitea",
        name_en="",
        source_language="sv",
        name_sv="Piteå",
        introduction_sv="Tio tecken",
    )


def translate(record, by=None, **texts) -> None:
    for name, text in texts.items():
        setattr(record, name, text)
    record.save()
    record_translations(record, changed=texts, how=Freshness.How.OFFICE, by=by)


def state(record, language: str) -> DeskState:
    return DeskState.objects.get(
        row__object_id=record.pk, row__content_type__model="city", language=language
    )


def row(record) -> DeskRow:
    return DeskRow.objects.get(object_id=record.pk, content_type__model=record._meta.model_name)


def test_every_translated_record_is_a_kind_and_its_name_is_its_own():
    assert {model for model in Record.__subclasses__() if desk.translated_fields(model)} == set(
        desk.kinds()
    )
    assert len({model._meta.model_name for model in desk.kinds()}) == len(desk.kinds())


@pytest.mark.parametrize("model", desk.kinds(), ids=lambda model: model.__name__)
def test_every_step_to_the_city_is_one_that_an_entry_is_public_with(model):
    """So that an entry is written anew when what it hangs on moves to another city."""
    steps = (model.CITY_PATH or "").split("__")[:-1]
    paths = {"__".join(steps[: number + 1]) for number in range(len(steps))}
    assert paths <= set(model.PUBLIC_WITH)


def test_saved_entry_is_source_in_one_language_and_missing_in_the_others(city):
    assert dict(row(city).states.values_list("language", "state")) == {
        "sv": "source",
        **dict.fromkeys(["en", "pl", "de", "fr", "it", "es", "uk"], "missing"),
    }
    kept = row(city)
    assert (kept.title, kept.length, kept.city, kept.public) == ("Piteå", 15, city.pk, True)


def test_translation_is_current_then_outdated_since_its_source_changed(city):
    translate(city, name_en="Piteå", introduction_en="Ten letters")
    assert (state(city, "en").state, state(city, "en").current, state(city, "en").since) == (
        "current",
        15,
        None,
    )
    before = timezone.now()
    city.introduction_sv = "Tolv tecken!"
    city.save()
    found = state(city, "en")
    assert (found.state, found.current, found.outdated) == ("outdated", 5, 12)
    assert before <= found.since <= timezone.now()
    city.website = "https://example.org"
    city.save()
    assert state(city, "en").since == found.since
    translate(city, introduction_en="Twelve letters")
    assert (state(city, "en").state, state(city, "en").since) == ("current", None)


def test_emptied_source_takes_its_states_along(city):
    city.name_sv = city.introduction_sv = ""
    city.save()
    assert not row(city).states.exists()


def test_deleted_entry_leaves_the_desk(city):
    pk = city.pk
    city.delete()
    assert not DeskRow.objects.filter(object_id=pk, content_type__model="city").exists()


def test_parts_of_a_withdrawn_entry_are_not_public_either(alfa, alfa_rows):
    part = alfa_rows["members.actionupdate"]
    assert row(part).public
    alfa.published_at = None
    alfa.save()
    assert (row(part).public, row(part).published) == (False, True)
    alfa.published_at = timezone.now()
    alfa.save()
    assert row(part).public


def test_parts_of_an_entry_that_moves_to_another_city_move_with_it(alfa_rows, beta):
    commitment, part = alfa_rows["members.commitment"], alfa_rows["members.actionupdate"]
    commitment.city = beta
    commitment.save()
    assert (row(commitment).city, row(part).city) == (beta.pk, beta.pk)


def test_small_correction_holds_what_was_current_and_nothing_else(city):
    translate(city, name_en="Piteå", introduction_en="Ten letters")
    translate(city, name_de="Piteå", introduction_de="Zehn Zeichen")
    Freshness.objects.filter(language="de", field="introduction").update(source_hash="0" * 64)
    before = City.objects.get(pk=city.pk)
    city.introduction_sv = "Tio tecken."
    city.save()
    keep_translations_current(city, before)
    assert (state(city, "en").state, state(city, "de").state) == ("current", "outdated")
    assert Freshness.objects.get(language="en", field="introduction").source_text == "Tio tecken."


def test_only_what_was_seen_is_confirmed(city, person):
    translate(city, name_en="Piteå", introduction_en="Ten letters")
    old = text_hash(city.introduction_sv)
    city.introduction_sv = "Tolv tecken!"
    city.save()
    by = person("secretariat")
    assert not confirm_translations(city, "en", source_hashes={"introduction": old}, by=by)
    assert state(city, "en").state == "outdated"
    assert confirm_translations(
        city, "en", source_hashes={"introduction": text_hash("Tolv tecken!")}, by=by
    )
    assert state(city, "en").state == "current"
    assert Freshness.objects.get(field="introduction").translated_by == by


@pytest.mark.parametrize(
    ("how", "after"), [("official", "official"), ("portal", "portal"), ("machine", "office")]
)
def test_confirmed_translation_keeps_its_maker_unless_it_was_a_machine(how, after, city, person):
    translate(city, name_en="Piteå")
    Freshness.objects.update(how=how, source_hash="0" * 64)
    confirm_translations(
        city, "en", source_hashes={"name": text_hash("Piteå")}, by=person("secretariat")
    )
    assert Freshness.objects.get().how == after


def test_shares_count_characters_of_public_text_of_real_cities(city, country):
    translate(city, introduction_en="Ten letters")
    make_city(country, "draft", name_en="Not public", published_at=None)
    make_city(country, "invented", name_en="Invented", fictional=True)
    shares = {share.language: share for share in desk.shares()}
    assert (shares["sv"].current, shares["en"].current, shares["pl"].current) == (100, 66, 0)
    city.introduction_sv = "Tio nya tecken!"
    city.save()
    english = next(share for share in desk.shares() if share.language == "en")
    assert (english.current, english.outdated, english.missing) == (0, 75, 25)


def test_rebuilding_gives_the_same_rows(alfa_rows, beta_rows):
    one_of_each(make_city(alfa_rows["members.city"].country, "gamma"), "GNU")
    Commitment.objects.update(published_at=None)
    for record in Commitment.objects.all():
        record.save()
    before = kept()
    DeskState.objects.all().delete()
    DeskRow.objects.filter(public=True).update(public=False, title="?", length=1)
    desk.rebuild()
    assert kept() == before


def kept() -> tuple[list[tuple], list[tuple]]:
    names = ("content_type", "object_id", "city", "title", "length", "published", "public")
    rows = DeskRow.objects.order_by("content_type", "object_id").values_list(*names)
    states = DeskState.objects.order_by("row__content_type", "row__object_id", "language")
    return list(rows), list(
        states.values_list(
            "row__content_type", "row__object_id", "language", "state", "current", "outdated"
        )
    )


def test_news_dated_ahead_count_once_their_time_has_come(alfa):
    news = News.objects.create(
        slug="soon",
        on="2030",
        title_en="Soon",
        city=alfa,
        published_at=timezone.now() + timedelta(days=1),
    )
    assert (row(news).published, row(news).public) == (True, False)
    News.objects.update(published_at=timezone.now())
    call_command("index_due", verbosity=0)
    assert row(news).public


def test_batched_entries_are_written_once_at_the_end(country, city):
    with desk.batch_writes():
        city.name_sv = "Nya Piteå"
        city.save()
        assert row(city).title == "Piteå"
        with desk.batch_writes():
            translate(city, name_en="New Piteå")
        assert row(city).title == "Piteå"
    assert row(city).title == "Nya Piteå"
