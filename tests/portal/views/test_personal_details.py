"""What pages say of people: never without a ground, and gone everywhere once it is taken back."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from members.models import Draft
from members.services import drafts, entries
from portal.kept_pages import stores
from portal.models import News, PersonalDetail, Picture
from portal.models.personal_details import GroundGiven
from portal.services import personal_details
from portal.services.open_data import publish_data
from tests.portal.test_pictures import picture_file, upload
from tests.portal.views.test_cite import log_without_its_triggers  # noqa: F401
from tests.portal.views.test_news import ADD, errors_of, typed

pytestmark = pytest.mark.django_db

LIST = "/admin/portal/personaldetail/"
QUOTED = {
    "quotation": "WORDSZEBRA begin",
    "quotation_language": "en",
    "speaker": "Jane NAMEZEBRA",
}
AGREED = {
    "ground": "agreed",
    "agreed_by": "Jane NAMEZEBRA",
    "agreed_on": "1.3.2026",
    "evidence": "Letter of 1 March, file 7",
}
WORDS = {
    "name": "NAMEZEBRA",
    "office": "OFFICEZEBRA",
    "quotation": "WORDSZEBRA",
    "picture": "PICTUREZEBRA",
}
LONG_AGO = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def make_picture(city) -> Picture:
    picture = Picture.objects.create(
        storage_key="12345678-1234-5678-1234-567812345678", width=600, height=400, city=city
    )
    for width in picture.widths():
        default_storage.save(picture.path(width), ContentFile(b"jpeg"))
    return picture


@pytest.fixture
def news(alfa, person):
    """Public since long, with a person in it and all four grounds, and an earlier version."""
    news = News.objects.create(
        slug="good",
        city=alfa,
        on="2026-01",
        title_en="Good news",
        office_en="Mayor of OFFICEZEBRA",
        office_de="Oberhaupt von OFFICEZEBRA",
        picture=make_picture(alfa),
        picture_text_en="Somebody at a PICTUREZEBRA",
        credit="City of PICTUREZEBRA",
        published_at=LONG_AGO,
        **QUOTED,
    )
    given = GroundGiven("agreed", "Jane", timezone.localdate(), "a letter")
    office = person("secretariat")
    personal_details.record(news=news, details=list(News.Detail), ground=given, by=office)
    with set_actor(office):
        news.lead_en = "Other words"
        news.save()
    log = LogEntry.objects.get_for_object(news)
    log.update(timestamp=LONG_AGO + timedelta(days=5))
    return news


@pytest.fixture
def kept_pages(settings, tmp_path):
    settings.KEPT_PAGES, settings.KEPT_PAGES_FOLDER = True, str(tmp_path)
    stores.page_store.cache_clear()
    yield
    stores.page_store.cache_clear()


# Everything that everybody can ask, in two languages.
ADDRESSES = [
    "/en/news/good/",
    "/de/news/good/",
    "/en/news/",
    "/en/",
    "/en/cities/alfa/",
    "/en/news/good/cite/",
    "/en/news/good/version/?at=20260103T000000Z",
    "/de/news/good/version/?at=20260103T000000Z",
    "/en/news/feed/",
    "/en/feed/",
    "/en/cities/alfa/feed/",
    "/en/news/export.csv",
    "/en/news/export.json",
    "/en/changes/",
    "/en/countries/pl/",
    "/api/v1/news/",
    "/api/v1/news/good/",
    "/api/v1/changes/?rows=yes",
    *(f"/en/search/?q={word}" for word in WORDS.values()),
    "/sitemap.xml",
]


def texts_of(client: Client) -> dict[str, str]:
    """By address; the search says again what was asked, so that its hits count alone."""
    texts = {}
    for address in ADDRESSES:
        response = client.get(address)
        texts[address] = response.getvalue().decode()
    return texts


def archive_text(client: Client, address: str) -> str:
    content = client.get(address).getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def places_of(word: str, texts: dict[str, str]) -> set[str]:
    return {
        address for address, text in texts.items() if word in text and "/search/" not in address
    }


TAKEN = {
    "name": {"name", "quotation"},
    "office": {"office", "quotation"},
    "quotation": {"quotation"},
    "picture": {"picture"},
}


# Each page has its version of what was committed.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("detail", TAKEN)
def test_detail_that_is_taken_back_is_gone_everywhere_at_the_next_request(
    detail, news, person, alfa, client, kept_pages, django_capture_on_commit_callbacks
):
    archive = publish_data().url
    before = texts_of(client)
    for word in WORDS.values():
        # A leak test needs something that could leak.
        assert "/en/news/good/" in places_of(word, before), word
    assert "/api/v1/news/good/" in places_of(WORDS["name"], before)
    row = PersonalDetail.objects.get(news=news, detail=detail)
    with django_capture_on_commit_callbacks(execute=True):
        taken = personal_details.withdraw(detail=row, by=person("lead", alfa))
    assert set(taken) == TAKEN[detail]
    after = texts_of(client)
    for name, word in WORDS.items():
        if name in taken:
            assert places_of(word, after) == set(), (name, places_of(word, after))
            assert "/en/news/good/" not in after[f"/en/search/?q={word}"], name
    assert client.get(archive).status_code == 404
    text = archive_text(client, publish_data().url)
    assert not [word for name, word in WORDS.items() if name in taken and word in text]


def outlives_a_request(response) -> bool:
    """Whether a browser or a proxy may show its copy without asking (RFC 9111, 4.2)."""
    said = response.headers.get("Cache-Control", "")
    if "no-cache" in said or "no-store" in said:
        return False
    return "max-age=0, must-revalidate" not in said


# Words of a kept page are those of its copy: only then a page says how long it may be kept.
@pytest.mark.django_db(transaction=True)
def test_no_copy_of_a_detail_is_given_without_asking(news, client, kept_pages):
    pictures = [f"/pictures/{news.picture.pk}/{width}.jpg" for width in news.picture.widths()]
    archive = publish_data().url
    kept, holding = [], 0
    for address in [*ADDRESSES, *pictures, archive]:
        response = client.get(address)
        text = response.getvalue().decode(errors="replace")
        is_file = address == archive or address in pictures
        if is_file or any(word in text for word in WORDS.values()):
            holding += 1
            kept += [address] * outlives_a_request(response)
    assert kept == []
    assert holding >= 14


def test_files_of_a_picture_are_deleted_with_it(
    news, person, alfa, client, django_capture_on_commit_callbacks
):
    picture = news.picture
    addresses = [f"/pictures/{picture.pk}/{width}.jpg" for width in picture.widths()]
    paths = [picture.path(width) for width in picture.widths()]
    assert all(default_storage.exists(path) for path in paths)
    row = PersonalDetail.objects.get(news=news, detail="picture")
    with django_capture_on_commit_callbacks(execute=True):
        personal_details.withdraw(detail=row, by=person("lead", alfa))
    assert not any(default_storage.exists(path) for path in paths)
    assert {client.get(address).status_code for address in addresses} == {404}
    assert not Picture.objects.exists()


def test_draft_that_waits_loses_it_too(news, person, alfa):
    lead = person("lead", alfa)
    values = {"speaker": "Jane NAMEZEBRA", "title_en": "Better news"}
    with set_actor(lead):
        drafts.save_draft(record=news, values=values, marks={}, by=lead)
    row = PersonalDetail.objects.get(news=news, detail="name")
    personal_details.withdraw(detail=row, by=lead)
    assert Draft.objects.get().values == {"title_en": "Better news"}


def test_proof_stays_and_works_once(news, person, alfa):
    lead = person("lead", alfa)
    row = PersonalDetail.objects.get(news=news, detail="name")
    personal_details.withdraw(detail=row, by=lead)
    row.refresh_from_db()
    assert (row.withdrawn_by, row.agreed_by, row.evidence) == (lead, "Jane", "a letter")
    with pytest.raises(ValidationError, match="already"):
        personal_details.withdraw(detail=row, by=lead)


def test_loader_gives_no_new_ground_to_what_was_taken_back(news, person, alfa):
    row = PersonalDetail.objects.get(news=news, detail="name")
    personal_details.withdraw(detail=row, by=person("lead", alfa))
    News.objects.update(**QUOTED)
    assert personal_details.record_loaded() == 0


def test_loaded_news_count_as_published_by_their_source(news):
    PersonalDetail.objects.all().delete()
    assert personal_details.record_loaded() == 3
    assert set(PersonalDetail.objects.values_list("ground", flat=True)) == {"published"}
    assert personal_details.record_loaded() == 0


# --- Written --------------------------------------------------------------------------------------

SPEECH = {**QUOTED, "office_en": "Mayor"}


def test_ground_is_asked_and_recorded_for_each_detail(person, alfa, browse):
    lead = person("lead", alfa)
    client = browse(lead)
    assert list(errors_of(client.post(ADD, typed(alfa, **SPEECH)))) == ["ground", "evidence"]
    assert client.post(ADD, typed(alfa, **SPEECH, **AGREED)).status_code == 302
    rows = PersonalDetail.objects.order_by("detail")
    assert [row.detail for row in rows] == ["name", "office", "quotation"]
    assert {(row.agreed_by, row.recorded_by, row.evidence) for row in rows} == {
        ("Jane NAMEZEBRA", lead, "Letter of 1 March, file 7")
    }


@pytest.mark.parametrize(
    ("missing", "field"),
    [("agreed_by", "agreed_by"), ("agreed_on", "agreed_on"), ("evidence", "evidence")],
)
def test_agreement_says_who_when_and_by_what(missing, field, person, alfa, browse):
    fields = {**SPEECH, **AGREED, missing: ""}
    assert list(errors_of(browse(person("lead", alfa)).post(ADD, typed(alfa, **fields)))) == [field]


def test_all_that_lacks_about_a_person_is_said_at_once(person, alfa, browse):
    """What somebody then adds as the sentences say it is saved."""
    client = browse(person("lead", alfa))
    picture = {"picture_file": upload(picture_file()), "shows_person": "on"}
    response = client.post(ADD, typed(alfa, quotation="WORDSZEBRA begin", **picture))
    errors = errors_of(response)
    assert set(errors) == {
        *("picture_text_en", "credit", "quotation_language", "speaker", "office_en"),
        *("ground", "evidence"),
    }
    assert "who agreed, and when" in errors["ground"][0]
    whole = {"picture_text_en": "Somebody", "credit": "City", **SPEECH, **AGREED}
    again = {"picture_file": upload(picture_file()), "shows_person": "on", **whole}
    assert client.post(ADD, typed(alfa, **again)).status_code == 302
    assert PersonalDetail.objects.filter(ground="agreed").count() == 4


def test_particulars_of_a_ground_are_written_once(news, person, alfa, browse):
    """A further detail asks for its ground alone: the rest stands there already."""
    page = browse(person("lead", alfa)).get(f"/admin/portal/news/{news.pk}/change/")
    form = page.context["adminform"].form
    assert (form["agreed_by"].value(), form["evidence"].value()) == ("Jane", "a letter")
    assert not form["ground"].value()


def test_one_press_takes_off_all_that_a_person_takes_back(news, person, alfa, browse, client):
    lead = browse(person("lead", alfa))
    row = PersonalDetail.objects.get(news=news, detail="name")
    address = f"{LIST}{row.pk}/withdraw/"
    choices = dict(lead.get(address).context["form"].fields["also"].choices)
    assert set(choices) == {"office", "quotation", "picture"}
    assert lead.post(address, {"also": ["nonsense"]}).status_code == 200
    assert lead.post(address, {"also": ["office", "picture"]}).status_code == 302
    assert not PersonalDetail.objects.filter(withdrawn_at=None).exists()
    page = client.get("/en/news/good/").text
    assert not [word for word in WORDS.values() if word in page]


@pytest.mark.parametrize("ground", ["earlier", "nonsense", "\x00"])
def test_nobody_chooses_another_ground(ground, person, alfa, browse):
    fields = {**SPEECH, **AGREED, "ground": ground}
    response = browse(person("lead", alfa)).post(ADD, typed(alfa, **fields))
    assert "ground" in errors_of(response)


def test_another_person_needs_another_ground_and_a_correction_elsewhere_none(person, alfa, browse):
    client = browse(person("lead", alfa))
    client.post(ADD, typed(alfa, **SPEECH, **AGREED))
    page = f"/admin/portal/news/{News.objects.get().pk}/change/"
    same = typed(alfa, slug="good-news", **SPEECH, lead_en="Today.")
    assert client.post(page, same).status_code == 302
    other = {**same, "speaker": "John Other"}
    assert list(errors_of(client.post(page, other))) == ["ground", "evidence"]
    assert client.post(page, {**other, **AGREED, "agreed_by": "John"}).status_code == 302
    assert PersonalDetail.objects.get(detail="name").agreed_by == "John"


def test_picture_of_a_person_needs_a_ground_and_another_picture_none(person, alfa, browse):
    client = browse(person("lead", alfa))
    picture = {"picture_text_en": "A square", "credit": "City"}
    plain = typed(alfa, picture_file=upload(picture_file()), **picture)
    assert client.post(ADD, plain).status_code == 302
    shown = typed(alfa, picture_file=upload(picture_file()), shows_person="on", **picture)
    assert list(errors_of(client.post(ADD, shown))) == ["ground", "evidence"]
    shown = typed(alfa, picture_file=upload(picture_file()), shows_person="on", **picture, **AGREED)
    assert client.post(ADD, shown).status_code == 302
    assert [row.detail for row in PersonalDetail.objects.all()] == ["picture"]


def test_nothing_is_published_without_its_ground(news, person):
    news.published_at = None
    # The city's own word, which needs no source.
    news.origin, news.stated_at = "stated", LONG_AGO
    news.save()
    PersonalDetail.objects.filter(detail="office").delete()
    with pytest.raises(ValidationError, match="office"):
        entries.publish(record=news, by=person("secretariat"))
    assert not News.objects.public().exists()


# --- Who may --------------------------------------------------------------------------------------


def test_coordinator_reads_takes_off_and_is_told(news, person, alfa, browse, client):
    lead = browse(person("lead", alfa))
    page = lead.get(LIST).text
    assert "The person has agreed." in page
    row = PersonalDetail.objects.get(news=news, detail="name")
    address = f"{LIST}{row.pk}/withdraw/"
    assert address in page
    assert address in lead.get(f"/admin/portal/news/{news.pk}/change/").text
    confirm = lead.get(address).text
    assert "Jane NAMEZEBRA" in confirm
    assert "The quotation goes with it" in confirm
    assert "NAMEZEBRA" in client.get("/en/news/good/").text
    assert "It is taken off all pages." in lead.post(address, follow=True).text
    assert "NAMEZEBRA" not in client.get("/en/news/good/").text
    assert "It was taken off on" in lead.get(address).text


def test_news_are_deleted_with_their_grounds(news, person, alfa, browse):
    page = f"/admin/portal/news/{news.pk}/delete/"
    assert browse(person("lead", alfa)).post(page, {"post": "yes"}).status_code == 302
    assert not News.objects.exists()
    assert not PersonalDetail.objects.exists()


def test_nobody_else_takes_it_off(news, person, alfa, beta, browse, client):
    row = PersonalDetail.objects.get(news=news, detail="name")
    address = f"{LIST}{row.pk}/withdraw/"
    for stranger in (person("lead", beta), person("committee", beta)):
        assert browse(stranger).post(address).status_code in (403, 404)
        with pytest.raises(PermissionDenied):
            personal_details.withdraw(detail=row, by=stranger)
    assert browse(person("viewer", alfa)).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert PersonalDetail.objects.get(pk=row.pk).withdrawn_at is None
    assert "NAMEZEBRA" in client.get("/en/news/good/").text
