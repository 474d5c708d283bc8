"""The house itself: what `docs/architecture.md` and the decisions promise about code, templates and
settings."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

from languages.dates import PartialDateField
from languages.text import translated_fields
from members.models import Milestone, Record
from portal.model_document import current_document, models_without_section
from portal.public_kinds import FACTS
from portal.staff_site import GROUPS
from tests import registries
from tests.registries import OWN_MODELS, missing_places

ROOT = settings.BASE_DIR
OWN_APPS = ("portal", "programs", "members", "languages")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LETTERS = [path for path in TEMPLATES if "emails" in path.parts]
PAGES = [path for path in TEMPLATES if path not in LETTERS]
SOURCES = sorted(
    path
    for app in OWN_APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)
LONGEST_FUNCTION = 50


def found(pattern: str, paths: list[Path]) -> list[str]:
    """`file:line: text` for every match, so that a failure says where to look."""
    expression = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if expression.search(line)
    ]


# --- Database and code ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_migrations_hold_every_change_of_a_model():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_functions_have_at_most_fifty_lines():
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has "
        f"{node.end_lineno - node.lineno + 1} lines"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not too_long


def test_model_document_names_every_table_and_field():
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    for model in OWN_MODELS:
        section = re.search(rf"^### {model.__name__} .*?(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
        assert section, f"docs/model.md has no section on {model.__name__}"
        missing = {name for name in field_names(model) if f"`{name}`" not in section[0]}
        assert not missing, f"docs/model.md does not name {model.__name__}.{missing}"


def field_names(model: type[models.Model]) -> list[str]:
    """Fields as a person knows them: without the columns per language, and without what every
    record has."""
    shared = {"source_language", "origin", "stated_at", "version", "published_at", "fictional"}
    everywhere = {"id"} | (shared if issubclass(model, Record) else set())
    columns = {
        f"{name}_{code}"
        for name in translated_fields(model)
        for code, _name in settings.SCHEMA_LANGUAGES
    }
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field.name for field in fields if field.name not in everywhere | columns]


def test_model_document_has_the_tables_of_the_models():
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    assert not models_without_section(text)
    assert text == current_document(text), "Outdated: run manage.py document_model."


@pytest.mark.django_db
def test_every_model_stands_in_every_list_that_must_name_it(alfa_rows):
    """One message names all that is missing, of all models."""
    sentences = [missing_places(model, alfa_rows) for model in OWN_MODELS]
    assert not any(sentences), "\n".join(filter(None, sentences))


@isolate_apps("members")
def test_new_model_is_told_everything_that_it_lacks_at_once():
    class Petition(Record):
        on = PartialDateField()

        class Meta(Record.Meta):
            app_label = "members"
            constraints = [
                *Record.Meta.constraints,
                models.CheckConstraint(condition=~models.Q(on=""), name="petition_has_its_date"),
            ]

        def get_absolute_url(self) -> str:
            return ""

    assert missing_places(Petition, cast=()) == (
        "members.Petition: no row in members.permissions.RIGHTS; "
        "no line in the table of tests.members.test_permissions; "
        "no page and no part of a page in the administration; "
        "no group in portal.staff_site.GROUPS; "
        "no entry in portal.index.KINDS; "
        "no entry in portal.sitemaps; "
        "no line in portal.public_kinds, and no reason in tests.portal.test_changes; "
        "dated, and neither on the timeline nor named in tests.portal.test_dated_records; "
        "no section in docs/model.md; "
        "petition_has_its_date is not broken in tests.members.models.test_constraints"
    )


def test_known_model_that_leaves_its_lists_is_told_so(monkeypatch):
    label = "members.milestone"
    monkeypatch.delitem(FACTS, Milestone)
    monkeypatch.setattr(
        registries, "GROUPS", [(name, labels.replace(label, "")) for name, labels in GROUPS]
    )
    assert missing_places(Milestone, cast=()) == (
        "members.Milestone: no group in portal.staff_site.GROUPS; "
        "no line in portal.public_kinds, and no reason in tests.portal.test_changes; "
        "no row in tests.conftest.one_of_each"
    )


# Modules that stand in no layer, with the reason.
FREE_MODULES = {
    "members.apps": "read by Django at the start, imported by nobody",
    "languages.apps": "read by Django at the start, imported by nobody",
}


def test_every_module_stands_in_a_layer():
    outside = [
        module
        for path in SOURCES
        if path.name != "__init__.py" and (module := module_name(path)) not in FREE_MODULES
        if not any(module == layer or module.startswith(f"{layer}.") for layer in layers())
    ]
    assert not outside, "name a layer in pyproject.toml, or a reason in FREE_MODULES"


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@cache
def layers() -> set[str]:
    """Every module or package that a contract of import-linter places: `portal.views`."""
    settings_of_tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings_of_tools["tool"]["importlinter"]["contracts"]
    return {
        f"{container}.{name.strip()}"
        for contract in contracts
        for container in contract.get("containers", ())
        for layer in contract["layers"]
        for name in re.split(r"[|:]", layer)
    }


def test_source_keeps_the_bars_of_readability():
    """`make measure` prints the figures: density, parameters, names used twice, long lines."""
    command = [sys.executable, ROOT / "bench/measure.py", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_architecture_draws_every_layer():
    """The drawing of the layers names the modules of every contract, line by line."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawing = text.split("### The layers")[1].split("```")[1]
    drawn = [set(line.split()) - set(OWN_APPS) for line in drawing.splitlines() if line.strip()]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    expected = [
        set(layer.split(" | ")) - {"wsgi", "apps"}
        for app in OWN_APPS
        for contract in contracts["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == [app]
        for layer in contract["layers"]
    ]
    assert drawn == expected


# --- Templates ------------------------------------------------------------------------------------


def test_templates_have_no_inline_script():
    assert not found(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", TEMPLATES)


def test_pages_have_no_inline_style():
    assert not found(r"<style|\sstyle\s*=", PAGES)


def test_templates_take_nothing_from_third_parties():
    loads = r"<(link|script|img|source|iframe|use|image)\b[^>]*\b(src|srcset|href)"
    assert not found(rf"{loads}\s*=\s*[\"']?(https?:)?//", TEMPLATES)


def test_templates_have_no_literal_of_a_status():
    assert not found(r"\.(standing|stage|status|outcome|done|role)\s*(==|!=|in)\s*[\"']", TEMPLATES)


def test_templates_pass_djade():
    djade = Path(sys.executable).with_name("djade")
    run = subprocess.run(
        [djade, "--target-version", "5.2", "--check", *TEMPLATES],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


# How templates call a row of these models, apart from the model's own name.
CALLED = {
    "programmeitem": "item",
    "supportcontact": "contact",
    "legalact": "act",
    "suggestedaction": "suggested",
    "bodytask": "task",
    "networktext": "wording",
}


@pytest.mark.parametrize(
    "model", [m for m in OWN_MODELS if translated_fields(m)], ids=lambda m: m.__name__
)
def test_templates_never_show_a_bare_translated_field(model):
    """Use `{% translated city "name" %}`: the bare field is empty for a reader whose language the
    object lacks."""
    name = model._meta.model_name
    called = "|".join({name, CALLED.get(name, name)})
    fields = "|".join(translated_fields(model))
    assert not found(rf"\{{[{{%][^}}]*\b(?:\w+_)?(?:{called})\.(?:{fields})\b", TEMPLATES)


# --- Settings and requirements --------------------------------------------------------------------

GOOD = {
    "DEBUG": "0",
    "SECRET_KEY": "only-for-this-test",
    "SITE_URL": "https://cities.example.org",
    "CONTACT_EMAIL": "office@example.org",
}


def start_with(**wrong: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, in a good environment with something wrong in
    it."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    command = [sys.executable, "-W", "ignore", "-c", "import portal.settings"]
    environment = {**kept, **GOOD, **wrong}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_settings_start_with_a_good_environment():
    run = start_with()
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set. Set it to a long random text"),
        (
            "SITE_URL",
            "cities.example.org",
            "SITE_URL is 'cities.example.org', which is not a web address.",
        ),
        ("SITE_URL", "ftp://cities.example.org", "which is not a web address."),
        ("SITE_URL", "", "SITE_URL is not set. Set it to the address that people type"),
        ("CONTACT_EMAIL", "", "CONTACT_EMAIL is not set. Set it to an e-mail address"),
        ("CONTACT_EMAIL", "the office", "CONTACT_EMAIL is 'the office', which is not an e-mail"),
        ("OPERATOR_COUNTRY", "Poland", "OPERATOR_COUNTRY is 'Poland'. Set it to the two capital"),
        ("PUBLISHED_ON", "soon", "PUBLISHED_ON is 'soon'. Set it to the day"),
        ("ENFORCEMENT_URL", "example", "ENFORCEMENT_URL is 'example'. Set it to a web address"),
        ("LANGUAGES", "en,xx", "LANGUAGES names xx. Set it to some of en,pl,sv,de,fr,it,es,uk"),
        ("BACKUP_KEYS", "secret", "BACKUP_KEYS names something else than public keys."),
        ("BACKUP_DAYS", "0", "BACKUP_DAYS is 0. Set it to the number of days"),
        ("S3_ENDPOINT", "s3.example.org", "S3_ENDPOINT is 's3.example.org'. Set it to the address"),
        ("OIDC_ISSUER", "http://login.example.org", "Set it to the address of the provider"),
        ("OIDC_ISSUER", "https://login.example.org", "OIDC_CLIENT_SECRET or OIDC_NAME is not."),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN is shorter than 20 signs."),
        (
            "SECURITY_CONTACT",
            "the office",
            "SECURITY_CONTACT is 'the office'. Set it to an e-mail address",
        ),
        (
            "SECURITY_CONTACT",
            "http://cities.example.org/",
            "Set it to an e-mail address or to a web address",
        ),
        (
            "SECURITY_POLICY",
            "security.html",
            "SECURITY_POLICY is 'security.html'. Set it to the address of a page",
        ),
        (
            "DATABASE_URL",
            "mysql://user:password@localhost/name",
            "Set it to postgres://user:password@host/name",
        ),
    ],
)
def test_settings_refuse_a_wrong_environment_with_a_sentence(name, value, sentence):
    run = start_with(**{name: value})
    assert run.returncode != 0
    assert "ImproperlyConfigured" in run.stderr.splitlines()[-1]
    assert sentence in run.stderr


def test_environment_example_documents_every_variable():
    source = (ROOT / "portal/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    documented = set(
        re.findall(
            r"^#?\s?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert read, "the settings read nothing: the pattern is out of date"
    assert not read - documented


@pytest.mark.parametrize(
    "name",
    [
        f"requirements{name}.txt"
        for name in ("", "-dev", "-oidc", "-pdf", "-redis", "-s3", "-sentry")
    ],
)
def test_requirements_are_hashed_and_name_no_registry(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+.*(?:\n    .*)*", text, re.MULTILINE)
    assert pins
    assert not [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin]
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", text)
