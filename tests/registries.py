"""Every list that must name a model, asked at once: what a new model lacks is one sentence.

Each check takes a model and gives a sentence for each place in which the model is missing. The
tests of the single lists stay where they are: they also say when a list names too much.
"""

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models

from members.models import Owned, Record, User
from members.permissions import RIGHTS
from portal import hits, index
from portal.model_document import own_fields
from portal.public_kinds import FACTS
from portal.sitemaps import sitemaps
from portal.staff_site import GROUPS
from tests.members.models.test_constraints import BROKEN
from tests.members.test_permissions import EXPECTED
from tests.portal.test_changes import NOT_TOLD
from tests.portal.test_dated_records import ELSEWHERE, SHOWN, is_dated

Model = type[models.Model]

# Named in the table of rights, and edited on no page and in no part of a page of the stock kind.
EDITED_ELSEWHERE = {
    "portal.picture": "on the page of its news",
    "members.accessionstep": "written by the transitions of an accession",
    "members.accessionchoice": "on the page of the accession",
    "members.accessionnote": "on the page of the accession",
}
# Read by the secretariat alone, of no city; a test of its own says who may.
WITHOUT_CITY = {"members.accountevent": "tests/members/views/test_factors.py"}
# Has an address, and no rows in the index.
NOT_INDEXED = {"members.plan": "is found by its points"}
# Has an address, and no line in the sitemap.
NOT_IN_SITEMAP = {
    "members.plan": "is one of the pages",
    "members.commitment": "stands on the page of its city",
    "members.action": "stands on the page of its city",
    "members.legalact": "stands on the page of its city",
    "members.supportcontact": "stands on the help page of its city",
}


def missing_places(model: Model, cast: Collection[str]) -> str:
    """`members.Foo: no row in …; no section in …`, or nothing. `cast` names the models of
    `one_of_each`."""
    places = [place for check in CHECKS for place in check(model)]
    known = {*cast, *WITHOUT_CITY}
    if label_of(model) in RIGHTS and label_of(model) not in known:
        places.append("no row in tests.conftest.one_of_each")
    return f"{model._meta.label}: {'; '.join(places)}" if places else ""


def label_of(model: Model) -> str:
    return model._meta.label_lower


# --- Rights and administration --------------------------------------------------------------------


def rights(model: Model) -> Iterator[str]:
    if issubclass(model, Owned | User) and label_of(model) not in RIGHTS:
        yield "no row in members.permissions.RIGHTS"


def expected_rights(model: Model) -> Iterator[str]:
    if issubclass(model, Owned | User) and label_of(model) not in EXPECTED:
        yield "no line in the table of tests.members.test_permissions"


def administration(model: Model) -> Iterator[str]:
    known = model in admin.site._registry or model in inline_models()
    if issubclass(model, Owned | User) and not known and label_of(model) not in EDITED_ELSEWHERE:
        yield "no page and no part of a page in the administration"


@cache
def inline_models() -> set[Model]:
    return {part.model for page in admin.site._registry.values() for part in page.inlines}


def front_page(model: Model) -> Iterator[str]:
    grouped = {label for _name, labels in GROUPS for label in labels.split()}
    if issubclass(model, Owned | User) and label_of(model) not in grouped:
        if model in inline_models() or label_of(model) in EDITED_ELSEWHERE:
            return
        yield "no group in portal.staff_site.GROUPS"


# --- What the public finds and reads --------------------------------------------------------------


def index_kind(model: Model) -> Iterator[str]:
    has_page = issubclass(model, Record) and hasattr(model, "get_absolute_url")
    if has_page and model not in index.KINDS and label_of(model) not in NOT_INDEXED:
        yield "no entry in portal.index.KINDS"


def words_of_hits(model: Model) -> Iterator[str]:
    if model in index.KINDS and index.KINDS[model].name not in hits.KINDS:
        yield "no words in portal.hits.KINDS"


def sitemap(model: Model) -> Iterator[str]:
    listed = {pages.queryset.model for pages in sitemaps().values() if hasattr(pages, "queryset")}
    has_page = issubclass(model, Record) and hasattr(model, "get_absolute_url")
    if has_page and model not in listed and label_of(model) not in NOT_IN_SITEMAP:
        yield "no entry in portal.sitemaps"


def public_changes(model: Model) -> Iterator[str]:
    of_a_city = issubclass(model, Record) and model.CITY_PATH
    if of_a_city and model not in FACTS and label_of(model) not in NOT_TOLD:
        yield "no line in portal.public_kinds, and no reason in tests.portal.test_changes"


def timeline(model: Model) -> Iterator[str]:
    known = {label for label, _field in SHOWN} | set(ELSEWHERE)
    dated = any(is_dated(field) for field in model._meta.concrete_fields)
    if dated and label_of(model) not in known:
        yield "dated, and neither on the timeline nor named in tests.portal.test_dated_records"


# --- Documents and tests --------------------------------------------------------------------------


def model_document(model: Model) -> Iterator[str]:
    section = section_of(model)
    if not section:
        yield "no section in docs/model.md"
        return
    missing = [f"`{field.name}`" for field in own_fields(model) if f"`{field.name}`" not in section]
    if missing:
        yield f"docs/model.md does not name {', '.join(missing)}"


@cache
def section_of(model: Model) -> str:
    text = (settings.BASE_DIR / "docs/model.md").read_text(encoding="utf-8")
    heading = rf"^### {model.__name__} .*?(?=^##|\Z)"
    section = re.search(heading, text, re.DOTALL | re.MULTILINE)
    return section[0] if section else ""


def broken_constraints(model: Model) -> Iterator[str]:
    if not issubclass(model, Owned | User):
        return
    for constraint in model._meta.constraints:
        shared = constraint.name.endswith("_stated_has_its_date")
        if not shared and constraint.name not in BROKEN:
            yield f"{constraint.name} is not broken in tests.members.models.test_constraints"


CHECKS: tuple[Callable[[Model], Iterator[str]], ...] = (
    rights,
    expected_rights,
    administration,
    front_page,
    index_kind,
    words_of_hits,
    sitemap,
    public_changes,
    timeline,
    model_document,
    broken_constraints,
)

OWN_MODELS = [
    model
    for app in ("portal", "programs", "members", "languages")
    for model in apps.get_app_config(app).get_models()
]
