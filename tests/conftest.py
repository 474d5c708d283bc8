"""The cast: two cities, everybody who may have to do with them, and one row of every kind."""

import gc
import os
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from types import FunctionType

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, TransactionTestCase, client
from django.utils import timezone
from django.utils.translation import override
from hypothesis import settings as hypothesis_settings
from slipcover import Slipcover

from languages.search import results
from members.models import (
    Accession,
    AccessionChoice,
    AccessionNote,
    AccessionOwnAction,
    AccessionStep,
    Action,
    ActionUpdate,
    BodyTask,
    Citation,
    City,
    CityName,
    CityRole,
    Commitment,
    CommitteeSeat,
    Country,
    Decision,
    Document,
    Draft,
    Evidence,
    ExpressionOfInterest,
    FeeBand,
    FormerSlug,
    Ground,
    Indicator,
    IndicatorValue,
    Invitation,
    LegalAct,
    Letter,
    LetterText,
    Meeting,
    Membership,
    MembershipStep,
    Milestone,
    NetworkText,
    Organisation,
    Plan,
    Point,
    ReminderStop,
    Review,
    Signatory,
    Source,
    SuggestedAction,
    SupportContact,
    TargetGroup,
    Undertaking,
    Unit,
    User,
)
from portal.models import (
    Attachment,
    CityPicture,
    Event,
    Example,
    News,
    PersonalDetail,
    Picture,
)
from programs.models import (
    Coverage,
    Edition,
    EditionEvent,
    Evaluation,
    Grant,
    Participation,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
    Spending,
)
from tests import prepared, statements
from tests.built_rows import built_rows

PASSWORD = "a-long-enough-password"
# A test in a browser takes as long as so many others.
BROWSER_WEIGHT = 30
# Files with few tests that take as long as so many of a tenth of a second.
WEIGHTS = {
    "test_pages_of_cities.py": 1500,
    "test_other_pages.py": 1300,
    "test_pages.py": 1200,
    "test_permissions.py": 600,
    "test_loading.py": 350,
    "test_commitment_rights.py": 350,
    "test_city_page.py": 280,
    "test_any_row.py": 210,
    "test_long_texts.py": 210,
    "test_adding_a_language.py": 200,
    "test_accession_pages.py": 200,
    "test_html.py": 190,
    "test_translations.py": 150,
    "test_linear_time.py": 150,
    "test_limits.py": 140,
    "test_promises.py": 120,
    "test_reminders.py": 110,
    "test_links.py": 70,
    "test_parts_on_a_page.py": 60,
    "test_sharing.py": 50,
    "test_quality.py": 50,
    "test_asked.py": 50,
}
# While branches are counted: each look for known lines comes after so many times the processor time
# of the one before.
GROWTH_BETWEEN_LOOKS = 1.5
# The fixtures that wait until the network is loaded.
LOADED = {"network_data", "real_data", "loaded"}
# The folders of templates of single form fields.
WIDGETS = ("django/forms/", "admin/widgets/")


# By the clock on the wall, a busy machine fails; tests of time count their own processor time.
hypothesis_settings.register_profile("suite", deadline=None)
hypothesis_settings.load_profile("suite")

ONCE = "PostgreSQL: only the tests that ask for a database; the others have nothing to do with one."


def pytest_configure(config: pytest.Config) -> None:
    if statements.MODE == "record":
        statements.record(config)
    # From Python 3.12 on the interpreter does that itself.
    if os.environ.get("SLIPCOVER_ENABLED") and hasattr(Slipcover, "deinstrument_seen"):
        look_for_known_lines_seldom()


def look_for_known_lines_seldom() -> None:
    """While branches are counted: take the counting out of lines that are known to run only now and
    then. slipcover walks through every function and class for that, a tenth of the processor time
    of a run where it does so whenever a line ran fifty times. And it is taken out of every function
    there is: by itself slipcover finds none behind a property, a cache or a decorator, where most
    of ours stand. What is counted stays the same."""
    often = Slipcover.deinstrument_seen
    done_at = 0.0

    def seldom(self: Slipcover) -> None:
        nonlocal done_at
        now = time.process_time()
        # While a test counts calls (tests/counted_work.py), these would be among them.
        if now > done_at * GROWTH_BETWEEN_LOOKS and sys.getprofile() is None:
            done_at = now
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Slipcover, "find_functions", every_function)
                often(self)

    Slipcover.deinstrument_seen = seldom


def every_function(_places: object, visited: set[object]) -> list[FunctionType]:
    """All functions of this process, when slipcover asks for those of the first place; no more
    when it asks for those of further places."""
    if visited:
        return []
    frozen = gc.get_freeze_count() > 0
    gc.unfreeze()
    functions = [thing for thing in gc.get_objects() if type(thing) is FunctionType]
    if frozen:
        gc.freeze()
    visited.add(every_function)
    return functions


def pytest_report_header() -> str | None:
    return ONCE if connection.vendor == "postgresql" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL those are left out that would ask it nothing new; the others are ordered."""
    if connection.vendor == "postgresql":
        needed = [item for item in items if needs_database(item)]
        if statements.MODE == "use":
            left_out = superfluous(needed)
            needed = [item for item in needed if item.nodeid not in left_out]
        config.hook.pytest_deselected(items=list(set(items) - set(needed)))
        items[:] = needed
    place = {path: number for number, path in enumerate(order_of_files(items))}
    items.sort(key=lambda item: place[item.path])


def order_of_files(items: list[pytest.Item]) -> list[Path]:
    """Those that take longest first, so that no process ends long after the other. By turns one
    that needs the network's data and one that does not: so one process loads the data, and the
    other need not wait for it. Nor does it wait for the tables: it begins with a file that asks
    for no database."""
    weights = Counter({item.path: WEIGHTS.get(item.path.name, 0) for item in items})
    for item in items:
        weights[item.path] += BROWSER_WEIGHT if item.get_closest_marker("browser") else 1
    files = sorted(weights, key=lambda path: (-weights[path], path))
    waiting = {item.path for item in items if LOADED & set(item.fixturenames)}
    pairs = zip_longest(
        [path for path in files if path in waiting],
        [path for path in files if path not in waiting],
    )
    ordered = [path for pair in pairs for path in pair if path]
    asking = {item.path for item in items if needs_database(item)}
    for path in [path for path in files if path not in asking][:1]:
        ordered.remove(path)
        ordered.insert(1, path)
    return ordered


def superfluous(items: list[pytest.Item]) -> set[str]:
    """The long tests whose statements others send. Not those of races: their other connections
    are not noted."""
    names = [item.nodeid for item in items if not is_skipped(item)]
    races = {item.nodeid for item in items if prepared.commits(item)}
    return statements.superfluous(names, statements.recorded(), races)


def is_skipped(item: pytest.Item) -> bool:
    """By its marks; what it sends elsewhere it does not send here."""
    conditions = [marker.args[0] for marker in item.iter_markers("skipif")]
    return any(conditions) or item.get_closest_marker("skip") is not None


def pytest_collection_finish() -> None:
    """What is there now stays to the end: the garbage collector need not look at it again, and a
    page leaves thousands of objects that are freed without it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def needs_database(item: pytest.Item) -> bool:
    asks = item.get_closest_marker("django_db") or "db" in item.fixturenames
    return bool(asks or item.get_closest_marker("browser"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Instead of pytest-django's: the databases of `tests.prepared`."""
    prepared.databases = prepared.Prepared()
    # A test that commits has a database of its own: there is nothing to empty.
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
        built_rows.install(patch)
        yield
        prepared.databases.leave()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Just before pytest-django opens the test's transaction: the database that the test wants."""
    if fixturedef.argname == "_django_db_helper":
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock():
            prepared.databases.enter(request.node)
            if not prepared.commits(request.node):
                built_rows.begin()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown():
    built_rows.end()


def pytest_unconfigure(config):
    """The process that started the others is the last one."""
    if not hasattr(config, "workerinput"):
        prepared.drop_databases_of_this_run()


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Argon2 is slow on purpose; tests sign in hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def searches_take_their_time():
    """On a busy machine a search may take longer than a reader should wait. Tests of that limit set
    their own."""
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("LONGEST_SECONDS", "LONGEST_SUGGESTING_SECONDS"):
            patch.setattr(results, limit, 60)
        yield


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages_only():
    """A response keeps a copy of the context of every template that it is made from. Those of the
    widgets of forms, hundreds in a page of the admin, are left out; and of the templates that a
    page extends or includes, the context is the page's own."""
    keep = client.store_rendered_templates

    def keep_pages(store, signal, sender, template, context, **more):
        if (template.name or "").startswith(WIDGETS):
            return
        if context.template is template:
            keep(store, signal, sender, template, context, **more)
        else:
            store.setdefault("templates", []).append(template)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "store_rendered_templates", keep_pages)
        yield


@pytest.fixture(autouse=True)
def empty_cache():
    """Nobody's wrong passwords count in the next test."""
    cache.clear()


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path, request):
    """Uploads of a test go to a folder of its own; the files of the real data lie where loading put
    them."""
    if "real_data" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("real_data")
        return
    settings.MEDIA_ROOT = tmp_path / "media"
    if "_django_db_helper" in request.fixturenames:
        prepared.databases.give_files(settings.MEDIA_ROOT)


@pytest.fixture(autouse=True)
def locks_need_a_transaction(request):
    """A test stands in a transaction: it would hide that a page locks rows outside of one, which
    PostgreSQL refuses."""
    marker = request.node.get_closest_marker("django_db")
    if connection.vendor != "postgresql" or not marker or prepared.commits(request.node):
        yield
        return
    request.getfixturevalue("db")
    outside = len(connection.savepoint_ids)

    def execute(run, sql, params, many, context):
        assert "FOR UPDATE" not in sql or len(connection.savepoint_ids) > outside, (
            "locks rows outside a transaction"
        )
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield


@pytest.fixture
def written_at_once(db):
    """The index and the desk are written with each row, not when somebody looks."""
    built_rows.be_on_time()


@pytest.fixture(autouse=True)
def english():
    """Whatever language a request of an earlier test left switched on."""
    with override("en"):
        yield


@prepared.fixture
def country(db) -> Country:
    return Country.objects.get_or_create(code="PL", defaults={"in_eu": True})[0]


@pytest.fixture
def just_installed(db: None) -> None:
    """The tables were made now: those that tests start from are kept for a day, and a timer that
    has never run is late by then."""
    MigrationRecorder.Migration.objects.update(applied=timezone.now())


def days_ago(count: int) -> datetime:
    """A moment that the calendar of the portal calls so many days ago, at every hour of the day.
    Now less so many times 24 hours is another day shortly before midnight, where the clocks were
    changed in between."""
    return timezone.localtime() - timedelta(days=count)


def make_city(country: Country, slug: str, **fields: object) -> City:
    name = slug.capitalize()
    values = {"name_en": name, "local_name": name, "published_at": timezone.now(), **fields}
    return City.objects.create(slug=slug, country=country, **values)


@prepared.fixture
def alfa(country) -> City:
    """The city whose coordinators are in the cast."""
    return make_city(country, "alfa")


@prepared.fixture
def beta(country) -> City:
    """Another city: nothing of it exists for Alfa's coordinators in the admin. Its texts all
    contain ZEBRA."""
    return make_city(country, "beta", local_name="Beta ZEBRA", name_en="Beta ZEBRA")


@pytest.fixture
def person(db) -> Callable[..., User]:
    """`person("lead", alfa)`: somebody with a role in a city; `person("secretariat")`;
    `person("nobody")`."""

    def make(role: str, city: City | None = None, **fields: object) -> User:
        email = f"{role}-{city.slug if city else 'network'}-{uuid.uuid4().hex[:6]}@example.org"
        fields.setdefault("name", role.capitalize())
        user = User.objects.create_user(
            email, PASSWORD, is_secretariat=role == "secretariat", **fields
        )
        if city:
            CityRole.objects.create(user=user, city=city, role=role)
        return user

    return make


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A client signed in as somebody."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


def one_of_each(city: City, mark: str = "") -> dict[str, models.Model]:
    """One published row of every kind, by its label; what can belong to a city belongs to this
    one."""
    now = timezone.now()
    text = f"Text {mark}".strip()
    rows: dict[str, models.Model] = {"members.city": city}

    def keep(row: models.Model) -> models.Model:
        return rows.setdefault(row._meta.label_lower, row)

    def record(model: type[models.Model], **fields: object) -> models.Model:
        return keep(model.objects.create(published_at=now, **fields))

    plan = Plan.objects.filter(in_force=True).first() or Plan.objects.create(
        name_en="Plan", in_force=True
    )
    keep(plan)
    point, _new = Point.objects.get_or_create(
        plan=plan,
        number=1,
        defaults={"title_en": "Point", "short_title_en": "P", "published_at": now},
    )
    keep(point)
    keep(city.country)
    suggested, _new = SuggestedAction.objects.get_or_create(
        point=point, order=1, defaults={"text_en": "Do it"}
    )
    keep(suggested)
    keep(
        Ground.objects.get_or_create(slug="age", defaults={"name_en": "Age", "published_at": now})[
            0
        ]
    )
    keep(
        TargetGroup.objects.get_or_create(
            slug="young", defaults={"name_en": "Young people", "published_at": now}
        )[0]
    )
    keep(
        NetworkText.objects.get_or_create(
            key="about", defaults={"text_en": "About", "published_at": now}
        )[0]
    )
    source = keep(Source.objects.create(url=f"https://example.org/{city.slug}", title=text))
    keep(
        Citation.objects.create(
            source=source,
            content_type=ContentType.objects.get_for_model(City),
            object_id=city.pk,
            note=text,
        )
    )
    keep(CityName.objects.create(city=city, name=f"Name {mark}"))
    keep(FormerSlug.objects.create(city=city, slug=f"old-{city.slug}"))
    record(Unit, city=city, name_en=text)
    act = record(
        LegalAct, city=city, kind="council_resolution", number=f"1/{city.slug}", title=text
    )
    keep(Signatory.objects.create(legal_act=act, name=text, office="Mayor"))
    keep(
        Document.objects.create(
            storage_key=uuid.uuid4(),
            file=ContentFile(b"%PDF-1.7\n", name="x.pdf"),
            title=text,
            sha256="0" * 64,
            size=9,
            content_type="application/pdf",
            city=city,
        )
    )
    membership = record(Membership, city=city, standing="active", joined="2020")
    record(Milestone, city=city, kind="motion", on="2019", note_en=text)
    meeting = record(
        Meeting, kind="steering_committee", starts="2020-05-01", place=f"Place {mark} {city.slug}"
    )
    record(
        Decision, meeting=meeting, city=city, membership=membership, outcome="admitted", note=text
    )
    keep(CommitteeSeat.objects.create(city=city, since="2020"))
    organisation = record(
        Organisation,
        slug=f"body-{city.slug}",
        kind="advisory-body",
        original_name=text,
        city=city,
        appointed_by=act,
    )
    record(BodyTask, organisation=organisation, order=1, text_en=text)
    record(SupportContact, city=city, organisation=organisation, what_it_does_en=text)
    programme = record(
        Programme, slug=f"programme-{city.slug}", kind="policy", original_name=text, city=city
    )
    other = Programme.objects.create(
        slug=f"other-{city.slug}", kind="policy", original_name=text, city=city
    )
    edition = record(Edition, programme=programme, label=f"2020 {mark}")
    record(EditionEvent, edition=edition, kind="adopted", starts="2020")
    record(ProgrammeItem, edition=edition, kind="priority", order=1, text_en=text)
    record(Participation, programme=programme, organisation=organisation, role="partner")
    record(ProgrammeLink, programme=programme, other=other, kind="continues")
    record(
        Grant,
        programme=programme,
        fund=organisation,
        notice=text,
        amount=10,
        currency="EUR",
        year_from=2020,
    )
    record(Spending, edition=edition, year=2020, amount=10, currency="EUR")
    record(Coverage, programme=programme, source=source, kind="press", finding_en=text)
    record(Evaluation, edition=edition, source=source, finding_en=text)
    picture = keep(
        Picture.objects.create(storage_key=uuid.uuid4(), width=600, height=400, city=city)
    )
    words = {
        "picture_text_en": text,
        "credit": text,
        "quotation": text,
        "quotation_language": "en",
        "speaker": text,
    }
    news = record(
        News,
        slug=f"news-{city.slug}",
        on="2020",
        title_en=text,
        city=city,
        picture=picture,
        **words,
        office_en=text,
    )
    for detail in ("quotation", "office", "name"):
        ground = PersonalDetail.objects.create(
            news=news,
            detail=detail,
            ground="agreed",
            agreed_by=text,
            agreed_on=now.date(),
            evidence=text,
            recorded_at=now,
        )
    keep(ground)
    of_city = Picture.objects.create(storage_key=uuid.uuid4(), width=600, height=400, city=city)
    record(CityPicture, city=city, picture=of_city, picture_text_en=text, credit=text)
    keep(Attachment.objects.create(news=news, document=rows["members.document"]))
    record(
        Event,
        slug=f"event-{city.slug}",
        title_en=text,
        first_day="2020-05-01",
        place=text,
        city=city,
    )
    user = keep(
        User.objects.create_user(f"someone-{city.slug}@example.org", name=f"Someone {mark}")
    )
    drafted = {
        "content_type": ContentType.objects.get_for_model(Unit),
        "object_id": rows["members.unit"].pk,
    }
    typed = {"name_en": f"Unpublished {mark}"}
    keep(
        Draft.objects.create(
            city=city, base_version=1, values=typed, saved_at=now, saved_by=user, **drafted
        )
    )
    commitment = record(Commitment, city=city, point=point, chosen="yes", statement_en=text)
    record(
        Undertaking,
        commitment=commitment,
        statement_en=text,
        plan_title=f"Plan {mark}",
        point_assigned=True,
    )
    action = record(
        Action,
        commitment=commitment,
        title_en=text,
        status="in_progress",
        starts="2024-03",
        due="2024",
    )
    record(Evidence, action=action, source=source, note_en=text)
    record(ActionUpdate, action=action, on="2024-05", text_en=text)
    indicator = record(Indicator, commitment=commitment, name_en=text)
    record(IndicatorValue, indicator=indicator, on="2024", value=12, source=source)
    record(
        Review, action=action, confirmed="yes", finding_en=text, reviewed_at=now, reviewed_by=user
    )
    keep(CityRole.objects.create(user=user, city=city, role="viewer"))
    keep(
        FeeBand.objects.get_or_create(
            population_from=0, defaults={"amount": 500, "published_at": now}
        )[0]
    )
    keep(
        ExpressionOfInterest.objects.create(
            city_name=f"Town {mark}",
            country=city.country,
            person_name=text,
            email=f"town-{city.slug}@example.org",
            language="en",
            token_hash=uuid.uuid4().hex,
        )
    )
    keep(
        MembershipStep.objects.create(
            membership=membership,
            verb="admit",
            to_standing="active",
            on="2020",
            recorded_by=user,
            why=text,
        )
    )
    accession = keep(Accession.objects.create(city=city, resources_en=text))
    keep(
        AccessionStep.objects.create(
            accession=accession, verb="open", to_status="draft", by=user, why=text
        )
    )
    keep(AccessionChoice.objects.create(accession=accession, suggested_action=suggested))
    keep(AccessionOwnAction.objects.create(accession=accession, point=point, text_en=text))
    keep(AccessionNote.objects.create(accession=accession, text=text, by=user))
    keep(
        Invitation.objects.create(
            email=f"new-{city.slug}@example.org",
            city=city,
            role="editor",
            language="en",
            token_hash=uuid.uuid4().hex,
            invited_at=now,
            invited_by=user,
            expires_at=now,
        )
    )
    keep(
        Letter.objects.create(
            kind="accession_opened",
            to=f"letter-{city.slug}@example.org",
            language="en",
            subject=text,
            text=text,
            message_id=f"<{uuid.uuid4().hex}@example.org>",
            once=f"once-{city.slug}",
            content_type=ContentType.objects.get_for_model(City),
            object_id=city.pk,
            written_at=now,
            next_try_at=now,
        )
    )
    keep(
        LetterText.objects.create(kind=f"kind-{city.slug}", language="en", subject=text, text=text)
    )
    keep(Example.objects.create(action=rows["members.action"], published_at=now))
    keep(ReminderStop.objects.create(email=f"quiet-{city.slug}@example.org", why=text))
    return rows


@prepared.fixture
def alfa_rows(alfa) -> dict[str, models.Model]:
    return one_of_each(alfa, "ALPACA")


@prepared.fixture
def beta_rows(beta) -> dict[str, models.Model]:
    return one_of_each(beta, "ZEBRA")


@pytest.fixture
def reference_data(db):
    """What `load_reference` loads: the plan, countries, grounds, texts."""


@pytest.fixture
def network_data(db):
    """What `load_reference` and `load_network` load."""


@pytest.fixture
def real_data(db):
    """The network as `load_reference`, `load_network` and `load_demo` make it. Gives the folder of
    its files."""
    return prepared.databases.here.media
