"""Historic members: the worklist, one by one, and the table that is done whole or not at all."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import Workbook

from members.models import (
    Citation,
    City,
    Decision,
    FormerSlug,
    Letter,
    Meeting,
    Membership,
    MembershipStep,
    Source,
)
from members.models.record import content_type_of
from members.services import membership_evidence
from members.services.membership_evidence import MembershipEvidence
from members.services.votes import annul as record_annulment
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

LIST = "/admin/members/membership/worklist/"
TABLE = f"{LIST}table/"
URL = "https://example.org/letter"
HEADER = "city,verb,joined,ended,why,source_url,source_title"


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def places(country) -> dict[str, Membership]:
    """Three places that some source named as members."""
    found = {}
    for slug, published in [("alfa", "2008"), ("beta", ""), ("gamma", "2024-05")]:
        row = Membership.objects.create(
            city=make_city(country, slug), standing="evidenced", joined="2007"
        )
        source = Source.objects.create(url=f"https://example.org/{slug}", published=published)
        Citation.objects.create(
            source=source,
            content_type=content_type_of(row),
            object_id=row.pk,
            basis="third_party_list",
        )
        found[slug] = row
    return found


def upload(text: str | bytes) -> dict[str, object]:
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile("members.csv", content, content_type="text/csv")}


def standings() -> dict[str, tuple[str, str, str]]:
    rows = Membership.objects.values_list("city__slug", "standing", "joined", "ended")
    return {slug: tuple(rest) for slug, *rest in rows}


# --- The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Alfa", "Beta", "Gamma"}),
        ("?country=PL", {"Alfa", "Beta", "Gamma"}),
        ("?country=DE", set()),
        ("?basis=third_party_list", {"Alfa", "Beta", "Gamma"}),
        ("?basis=member_statement", set()),
        ("?age=10", {"Alfa"}),
        ("?age=unknown", {"Beta"}),
        ("?age=%00", set()),
        ("?country=%ED%A0%80", set()),
    ],
)
def test_worklist_is_filtered(query, shown, places, office, browse):
    response = browse(office).get(LIST + query)
    assert response.status_code == 200
    html = response.content.decode()
    assert {name for name in ("Alfa", "Beta", "Gamma") if f">{name}</a>" in html} == shown


def test_worklist_costs_the_same_however_long_it_is(
    places, office, browse, django_assert_num_queries
):
    client = browse(office)
    client.get(LIST)
    with django_assert_num_queries(4):
        client.get(f"{LIST}?age=10")
    with django_assert_num_queries(4):
        client.get(LIST)


def test_page_beyond_the_last_is_a_404(places, office, browse):
    assert browse(office).get(f"{LIST}?page=7").status_code == 404


# --- One by one -----------------------------------------------------------------------------------


def test_confirming_makes_it_active_with_a_step_and_its_source(places, office, browse):
    row = places["alfa"]
    fields = {"joined": "14.3.2006", "source_url": URL, "source_title": "Letter of the city"}
    response = browse(office).post(f"{LIST}{row.pk}/confirm/", fields)
    assert response["Location"] == LIST
    row = Membership.objects.get(pk=row.pk)
    assert (row.standing, row.joined, row.recorded_by) == ("active", "2006-03-14", office)
    step = MembershipStep.objects.get(membership=row)
    assert (step.verb, step.from_standing, step.to_standing, step.recorded_by) == (
        "confirm",
        "evidenced",
        "active",
        office,
    )
    assert row.citations.filter(source__url=URL, source__title="Letter of the city").exists()
    assert ">Alfa</a>" not in browse(office).get(LIST).content.decode()


def test_confirming_without_a_date_keeps_the_one_that_is_known(places, office):
    row = membership_evidence.confirm(
        membership=places["alfa"], evidence=MembershipEvidence(URL), joined="", by=office
    )
    assert row.joined == "2007"


def test_pressed_twice_it_is_confirmed_once(places, office, browse):
    client = browse(office)
    client.post(f"{LIST}{places['alfa'].pk}/confirm/", {"source_url": URL})
    again = client.post(f"{LIST}{places['alfa'].pk}/confirm/", {"source_url": URL})
    assert again.status_code == 200
    assert "Somebody may have been faster" in again.content.decode()
    assert MembershipStep.objects.count() == 1


def test_correcting_changes_the_date_and_cites_its_source(places, office, browse):
    row = places["alfa"]
    browse(office).post(f"{LIST}{row.pk}/correct/", {"joined": "2006-03", "source_url": URL})
    row = Membership.objects.get(pk=row.pk)
    assert (row.standing, row.joined) == ("evidenced", "2006-03")
    assert row.citations.filter(source__url=URL, field="joined").exists()
    assert not MembershipStep.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"joined": "2006"}, "source_url"),
        ({"joined": "2006", "source_url": "nonsense"}, "source_url"),
        ({"joined": "2006", "source_url": "javascript:alert(1)"}, "source_url"),
        ({"joined": "2006", "source_url": "https://example.org/" + "x" * 2000}, "source_url"),
        ({"joined": "31.2.2006", "source_url": URL}, "joined"),
        ({"joined": "2999", "source_url": URL}, "joined"),
        ({"joined": "x" * 10_000, "source_url": URL}, "joined"),
        ({"joined": "\x00", "source_url": URL}, "joined"),
        ({"joined": "2006", "source_url": URL, "source_title": "x" * 10_000}, "source_title"),
    ],
)
@pytest.mark.parametrize("page", ["confirm", "correct"])
def test_bad_input_is_an_error_at_its_field_and_changes_nothing(
    page, fields, wrong, places, office, browse
):
    before = standings()
    response = browse(office).post(f"{LIST}{places['alfa'].pk}/{page}/", fields)
    assert response.status_code == 200
    assert wrong in response.context["form"].errors
    assert standings() == before


@pytest.mark.parametrize("role", ["lead", "editor", "viewer", "committee"])
def test_worklist_is_the_offices(role, places, person, browse):
    city = places["alfa"].city
    user = person(role, city)
    client = browse(user)
    for page in (LIST, TABLE):
        assert client.get(page).status_code == 403
        assert client.post(page, upload(HEADER)).status_code == 403
    assert client.get(f"{TABLE}template.csv").status_code == 403
    for page in ("confirm", "correct"):
        own = client.get(f"{LIST}{places['alfa'].pk}/{page}/").status_code
        assert own == (404 if role == "committee" else 403)
        assert (
            client.post(f"{LIST}{places['beta'].pk}/{page}/", {"source_url": URL}).status_code
            == 404
        )
    for action in (membership_evidence.confirm, membership_evidence.correct):
        with pytest.raises(PermissionDenied):
            action(
                membership=places["alfa"], evidence=MembershipEvidence(URL), joined="2001", by=user
            )
    assert not Source.objects.filter(url=URL).exists()


# --- The table ------------------------------------------------------------------------------------

GOOD = f"""{HEADER}
alfa,confirm,2006-03-14,,,{URL},Letter
beta,correct,2009,,,{URL},
gamma,close,,2023-05,The council decided to leave,{URL},
"""


def test_dry_run_shows_what_would_happen_and_changes_nothing(places, office, browse):
    before = standings()
    response = browse(office).post(TABLE, upload(GOOD))
    html = response.content.decode()
    assert "Nothing was changed yet" in html
    assert [change.city for change in response.context["changes"]] == ["alfa", "beta", "gamma"]
    assert standings() == before
    assert not Source.objects.filter(url=URL).exists()


def test_dry_run_shows_the_letters_that_would_go_out(places, office, browse, person):
    lead = person("lead", places["gamma"].city, language="pl")
    person("lead", places["alfa"].city)
    client = browse(office)
    response = client.post(TABLE, upload(GOOD))
    (shown,) = response.context["letters"]
    assert "This letter goes out" in response.content.decode()
    assert (shown["to"], shown["language"]) == (lead.email, "Polski")
    assert shown["subject"] in response.content.decode()
    assert not Letter.objects.exists()
    client.post(TABLE, {"text": response.context["text"], "do": "1"})
    sent = Letter.objects.get()
    assert (sent.to, sent.subject, sent.text) == (shown["to"], shown["subject"], shown["text"])


def test_dry_run_without_letters_says_so(places, office, browse):
    html = browse(office).post(TABLE, upload(GOOD)).text
    assert "No letter goes out: no city that leaves by this table has a coordinator." in html
    assert "read it in their letter, if it has any" in html
    assert "the city reads it" not in html


def test_second_button_does_all_of_it(places, office, browse):
    client = browse(office)
    text = client.post(TABLE, upload(GOOD)).context["text"]
    assert client.post(TABLE, {"text": text, "do": "1"})["Location"] == LIST
    assert standings() == {
        "alfa": ("active", "2006-03-14", ""),
        "beta": ("evidenced", "2009", ""),
        "gamma": ("withdrawn", "2007", "2023-05"),
    }
    assert set(MembershipStep.objects.values_list("verb", flat=True)) == {"confirm", "withdraw"}


def test_semicolons_and_a_mark_at_the_beginning_are_read(places, office, browse):
    text = b"\xef\xbb\xbf" + GOOD.replace(",", ";").encode()
    assert len(browse(office).post(TABLE, upload(text)).context["changes"]) == 3


BAD = f"""{HEADER}
nowhere,confirm,,,,{URL},
alfa,confirm,31.2.2006,,,,
beta,conquer,,,,nonsense,
gamma,close,,,,{URL},
gamma,close,,2099,Left,{URL},
"""


def test_every_bad_row_is_listed_with_line_column_and_reason(places, office, browse):
    before = standings()
    response = browse(office).post(TABLE, upload(BAD))
    found = {(refusal.line, refusal.column) for refusal in response.context["refusals"]}
    assert {(3, "joined"), (3, "source_url"), (4, "verb"), (4, "source_url")} <= found
    assert standings() == before
    assert "Nothing was changed" in response.content.decode()


def test_what_the_verbs_refuse_is_listed_too(places, office, browse):
    text = f"""{HEADER}
nowhere,confirm,,,,{URL},
alfa,confirm,,,,{URL},
alfa,correct,2001,,,{URL},
beta,close,,1999,Left,{URL},
gamma,close,,2099,Left,{URL},
"""
    response = browse(office).post(TABLE, upload(text))
    found = {
        refusal.line: (refusal.column, refusal.reason) for refusal in response.context["refusals"]
    }
    assert found[2][0] == "city"
    assert 3 not in found
    assert found[4] == ("city", "This city stands in line 3 already.")
    assert found[5][0] == "ended"
    assert found[6][0] == "ended"


def test_nothing_is_written_unless_all_is_good(places, office, browse):
    before = standings()
    response = browse(office).post(
        TABLE, {"text": GOOD + f"nowhere,confirm,,,,{URL},\n", "do": "1"}
    )
    assert response.status_code == 200
    assert [refusal.line for refusal in response.context["refusals"]] == [5]
    assert standings() == before
    assert not MembershipStep.objects.exists()


def test_table_done_twice_is_refused_the_second_time(places, office, browse):
    client = browse(office)
    client.post(TABLE, {"text": GOOD, "do": "1"})
    again = client.post(TABLE, {"text": GOOD, "do": "1"})
    assert again.status_code == 200
    assert again.context["refusals"]
    assert MembershipStep.objects.count() == 2


LINE = f"alfa,confirm,2006-03-14,,,{URL},Letter"
WAYS = {
    "capitals": GOOD.replace(HEADER, HEADER.upper()).replace("confirm", "Confirm"),
    "names of cities": GOOD.replace("alfa", "Alfa").replace("gamma", " GAMMA "),
    "words as columns": GOOD.replace("source_url", "Source URL").replace("why", " Why "),
    "tabs": GOOD.replace(",", "\t"),
    "stated separator": "sep=;\r\n" + GOOD.replace(",", ";"),
    "stated separator, written back": "sep=;;;;;;;\r\n" + GOOD.replace(",", ";"),
    "stated comma, written back": '"sep=,",,,,,,\r\n' + GOOD,
    "stated pipe": '"sep=|"\n' + GOOD.replace(",", "|"),
    "mark": "\ufeff" + GOOD,
    "Windows": GOOD.replace("\n", "\r\n"),
    "old Mac": GOOD.replace("\n", "\r"),
    "lines in a cell": GOOD.replace("The council", '"The\r\n\u2028council\x0b\n').replace(
        "to leave", 'to leave"'
    ),
    "empty end": GOOD.replace("\n", ",,\n") + ",,,,,,,,\n\n  \n",
    "empty beginning": "\n,,\n" + GOOD,
    "hard spaces": GOOD.replace(",confirm,", ",\u00a0confirm\u00a0,"),
    "dates as written": GOOD.replace("2006-03-14", "14/03/2006"),
    "in quotation marks": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in GOOD.splitlines()
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("way", WAYS)
def test_table_is_read_as_spreadsheets_write_it(way, encoding, places, office, browse):
    response = browse(office).post(TABLE, upload(WAYS[way].encode(encoding)))
    assert response.context["refusals"] == []
    read = [(row.city, row.verb, row.joined) for row in response.context["changes"]]
    assert read == [
        ("alfa", "confirm", "2006-03-14"),
        ("beta", "correct", "2009"),
        ("gamma", "close", ""),
    ]


def test_empty_table_is_downloaded_and_read_back(places, office, browse):
    client = browse(office)
    assert f'href="{TABLE}template.csv"' in client.get(TABLE).text
    template = client.get(f"{TABLE}template.csv")
    assert template["Content-Disposition"] == 'attachment; filename="members.csv"'
    assert template.content == f"\ufeff{HEADER}\r\n".encode()
    response = client.post(TABLE, upload(template.content + LINE.encode()))
    assert [change.city for change in response.context["changes"]] == ["alfa"]


def test_mistake_names_row_column_cell_and_what_is_expected(places, office, browse):
    table = f'{HEADER}\n\nalfa,confirm,2006,,,{URL},"two\nlines"\nbeta,Conquer,2006,,,{URL},\n'
    response = browse(office).post(TABLE, upload(table))
    (cell,) = response.context["refusals"]
    assert (cell.line, cell.column, cell.text) == (4, "verb", "Conquer")
    assert cell.expected.startswith("“confirm” (is a member today)")
    html = response.content.decode()
    assert "<q>Conquer</q>" in html
    assert html.count("“confirm” (is a member today)") == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x00\x00",
        HEADER.encode(),
        b"a,b,c\n1,2,3\n",
        b"city,verb\nalfa,confirm\n",
        f"{HEADER}\nalfa,confirm\n".encode(),
        f'{HEADER}\n"alfa,confirm'.encode(),
        f"{HEADER},city\nalfa,confirm,,,,,,x\n".encode(),
        b"%PDF-1.7\n",
        b"x" * (1024 * 1024 + 1),
        (HEADER + "\n" + f"alfa,confirm,,,,{URL},\n" * 1001).encode(),
        f"{HEADER}\nalfa\x00x,confirm,,,,{URL},\n".encode(),
    ],
)
def test_file_that_is_no_table_is_refused_with_a_sentence(content, places, office, browse):
    before = standings()
    response = browse(office).post(TABLE, upload(content))
    assert response.status_code == 200
    assert response.context["form"].errors or response.context["refusals"]
    assert not response.context["changes"] or response.context["refusals"]
    assert standings() == before


def test_line_about_the_separator_counts_as_a_line(places, office, browse):
    table = "sep=;\n" + f"{HEADER}\nnowhere,confirm,,,,{URL},\n".replace(",", ";")
    response = browse(office).post(TABLE, upload(table.encode()))
    assert [refusal.line for refusal in response.context["refusals"]] == [3]


def test_pdf_is_said_to_be_no_table(places, office, browse):
    response = browse(office).post(TABLE, upload(b"%PDF-1.4\n"))
    reasons = response.context["form"].errors["file"]
    assert reasons == ["This is not a table. Choose a CSV file or an Excel workbook (.xlsx)."]


def test_mistakes_of_all_kinds_are_listed_at_once(places, office, browse):
    """Of the line, of a cell, of the city, of what the verb needs, of what is recorded."""
    table = f"""{HEADER}
nowhere,confirm,31.2.2006,,,{URL},
alfa,close,,1999,,nonsense,
beta,close,2010,2009,Left,,
beta,confirm,2009,2010,,{URL},
gamma,correct,2007,,,,,surplus
gamma,conquer,,2999,,{URL},
"""
    response = browse(office).post(TABLE, upload(table))
    found = [(refusal.line, refusal.column) for refusal in response.context["refusals"]]
    assert sorted(found) == [
        (2, "city"),
        (2, "joined"),
        (3, "ended"),
        (3, "source_url"),
        (3, "why"),
        (4, "ended"),
        (4, "source_url"),
        (5, "city"),
        (5, "ended"),
        (6, ""),
        (6, "joined"),
        (6, "source_url"),
        (7, "city"),
        (7, "ended"),
        (7, "verb"),
    ]
    assert [line for line, _column in found] == sorted(line for line, _column in found)


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("Notes").append(["not", "read"])
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def test_first_sheet_of_a_workbook_is_read(places, office, browse):
    rows: list[list[object]] = [list(HEADER.split(",")), []]
    rows.append(["Alfa", "Confirm", date(2006, 3, 14), None, None, URL, "Letter"])
    rows.append(["beta", "correct", 2009, None, None, URL])
    client = browse(office)
    response = client.post(TABLE, upload(workbook(rows)))
    read = [(row.line, row.city, row.joined) for row in response.context["changes"]]
    assert read == [(3, "alfa", "2006-03-14"), (4, "beta", "2009")]
    assert client.post(TABLE, {"text": response.context["text"], "do": "1"})["Location"] == LIST


def archive_of(name: str) -> bytes:
    output = BytesIO()
    with ZipFile(output, "w") as archive:
        archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"{HEADER}\nalfa,close,,2020,Łódź,{URL},".encode("cp1250"), "Line 2 has letters"),
        (f"{HEADER}\nalfa,close,,2020,Größe,{URL},".encode("cp1252"), "Line 2 has letters"),
        (archive_of("mimetype"), "only XLSX is read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "only XLSX is read"),
        (b"PK\x03\x04" + bytes(600), "only XLSX is read"),
        (archive_of("xl/workbook.xml"), "damaged"),
    ],
)
def test_file_of_another_kind_is_refused_with_how_to_save_it(
    content, sentence, places, office, browse
):
    errors = browse(office).post(TABLE, upload(content)).context["form"].errors["file"]
    assert sentence in errors[0]
    assert "CSV UTF-8" in errors[0]


@pytest.mark.parametrize("cell", ["Aachen city region", "StädteRegion Aachen", "old-aachen"])
def test_city_is_found_by_every_name_that_pages_show(cell, places, office, browse):
    city = places["alfa"].city
    city.name_en, city.local_name = "Aachen city region", "StädteRegion Aachen"
    city.save()
    FormerSlug.objects.create(city=city, slug="old-aachen")
    response = browse(office).post(TABLE, upload(f"{HEADER}\n{cell},confirm,2006,,,{URL},\n"))
    assert [change.city for change in response.context["changes"]] == ["alfa"]
    assert '<th scope="row">Aachen city region</th>' in response.text
    assert '<time datetime="2006">2006</time>' in response.text


def test_name_of_several_cities_asks_for_an_address(places, country, office, browse):
    City.objects.filter(slug__in=["alfa", "beta"]).update(name_de="Neuenkirchen")
    table = f"{HEADER}\nNeuenkirchen,confirm,,,,{URL},\n"
    (cell,) = browse(office).post(TABLE, upload(table)).context["refusals"]
    assert (cell.column, "alfa and beta" in cell.reason) == ("city", True)


def test_closing_before_joining_is_refused(places, office):
    with pytest.raises(ValidationError, match="before the city joined"):
        membership_evidence.close(
            membership=places["alfa"],
            evidence=MembershipEvidence(URL),
            ended="2001",
            why="Left",
            by=office,
        )


# --- Votes that were recorded later ---------------------------------------------------------------


@pytest.fixture
def votes(places) -> None:
    """Recorded votes that admitted Alfa (committee), Beta (assembly) and Gamma (annulled)."""
    committee = Meeting.objects.create(kind="steering_committee", starts="2025-10-23", place="A")
    assembly = Meeting.objects.create(kind="general_assembly", starts="2019-11-22", place="B")
    for slug, meeting in [("alfa", committee), ("beta", assembly), ("gamma", committee)]:
        row = places[slug]
        Decision.objects.create(city=row.city, membership=row, meeting=meeting, outcome="admitted")


def test_recorded_vote_of_the_committee_confirms_with_a_step(places, votes, office):
    gamma = Decision.objects.get(membership=places["gamma"])
    record_annulment(gamma, office, "Another city.")
    confirmed = membership_evidence.confirm_by_recorded_votes(by=office)
    assert [row.city.slug for row in confirmed] == ["alfa"]
    assert standings() == {
        "alfa": ("active", "2007", ""),
        "beta": ("evidenced", "2007", ""),
        "gamma": ("evidenced", "2007", ""),
    }
    step = MembershipStep.objects.get()
    assert (step.verb, step.recorded_by, step.decision) == (
        "confirm",
        office,
        Decision.objects.get(membership=places["alfa"]),
    )
    assert membership_evidence.confirm_by_recorded_votes(by=office) == []


def test_confirming_votes_is_rehearsed(places, votes, office, capsys):
    before = standings()
    call_command("confirm_votes", by=office.email, dry_run=True)
    assert capsys.readouterr().out.endswith("confirmed\nDry run: nothing was changed.\n")
    assert standings() == before
    assert not MembershipStep.objects.exists()


def test_only_the_secretariat_confirms_recorded_votes(places, votes, person):
    before = standings()
    with pytest.raises(CommandError, match="does not belong to the secretariat"):
        call_command("confirm_votes", by=person("lead").email)
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("confirm_votes", by="nobody@example.org")
    assert standings() == before
    assert not MembershipStep.objects.exists()
