"""The papers of the project: licences, metadata, changelog, links between documents."""

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from deploy import book
from members.timers import TIMERS

ROOT = settings.BASE_DIR
# `dir/` of tools and of what is built holds documents of others.
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
# The link of a Markdown document; not an address with a scheme.
LINK = re.compile(r"\[[^\]]*\]\((?![a-z]+:)([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict:
    return tomllib.loads(text_of("pyproject.toml"))["project"]


@pytest.fixture(scope="module")
def publiccode() -> dict:
    return yaml.safe_load(text_of("publiccode.yml"))


# --- publiccode.yml: the mandatory keys of version 0.7 of the standard --------------------------

MANDATORY = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}


def test_publiccode_has_the_mandatory_keys_and_values_that_are_allowed(publiccode):
    assert publiccode.keys() >= MANDATORY
    assert publiccode["url"].startswith("https://")
    assert publiccode["developmentStatus"] in {
        "concept",
        "development",
        "beta",
        "stable",
        "obsolete",
    }
    assert publiccode["softwareType"] == "standalone/web"
    assert publiccode["platforms"] == ["web"]
    assert publiccode["legal"]["license"] == "EUPL-1.2"


def test_publiccode_describes_the_software_within_the_lengths_of_the_standard(publiccode):
    english = publiccode["description"]["en"]
    assert len(english["genericName"]) <= 35
    assert len(english["shortDescription"]) <= 150
    assert 150 <= len(english["longDescription"]) <= 10_000
    assert 5 <= len(english["features"]) <= 20


def test_publiccode_names_contacts_where_the_kind_of_maintenance_demands_them(publiccode):
    maintenance = publiccode["maintenance"]
    assert maintenance["type"] in {"internal", "contract", "community", "none"}
    assert bool(maintenance.get("contacts")) == (maintenance["type"] in {"internal", "community"})
    assert bool(maintenance.get("contractors")) == (maintenance["type"] == "contract")


def test_publiccode_names_the_languages_of_the_interface(publiccode):
    assert publiccode["localisation"]["localisationReady"] is True
    assert publiccode["localisation"]["availableLanguages"] == [
        code for code, _name in settings.SCHEMA_LANGUAGES
    ]


def test_publiccode_names_files_that_exist(publiccode):
    files = [publiccode["logo"], *publiccode["description"]["en"]["screenshots"]]
    assert not [name for name in files if not (ROOT / name).exists()]


# --- Versions and licences ----------------------------------------------------------------------


def test_version_is_the_newest_of_the_changelog(publiccode):
    newest = re.search(
        r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", text_of("CHANGELOG.md"), re.MULTILINE
    )
    assert newest[1] == project()["version"] == publiccode["softwareVersion"]
    assert date.fromisoformat(newest[2]) == date.fromisoformat(publiccode["releaseDate"])


def test_licence_of_the_code_is_the_one_in_the_folder_of_licences():
    assert text_of("LICENSE") == text_of("LICENSES/EUPL-1.2.txt")


# --- What runs the checks -----------------------------------------------------------------------


def test_hosted_workflow_runs_what_ci_runs():
    workflow = yaml.safe_load(text_of(".github/workflows/ci.yml"))
    steps = workflow["jobs"]["check"]["steps"]
    assert {"run": "bash .ci/run"} in steps


def test_every_part_of_the_administrators_book_is_followed_or_named():
    headings = {block.heading for block in book.blocks()}
    assert headings == {*book.FOLLOWED, *book.LEFT_OUT}


def test_example_of_the_settings_is_read_by_a_shell_as_by_systemd():
    """The book's function `portal` is a shell. Every example without its comment sign."""
    lines = re.findall(r"^(?:# )?([A-Z_0-9]+=.*)$", text_of(".env.example"), re.MULTILINE)
    lines = [line for line in lines if " before its command" not in line]
    names = [line.partition("=")[0] for line in lines]
    script = "\n".join(["set -e", *lines, *(f'echo "{name}=${{{name}}}"' for name in names)])
    command = ["env", "-i", "bash", "-c", script]
    read = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert read.splitlines() == [line.replace('"', "") for line in lines]


def test_compose_names_what_is_there():
    """No image can be fetched where this was written: what can be known by reading is."""
    compose = yaml.safe_load(text_of("deploy/compose.yaml"))
    services = compose["services"]
    commands = set()
    for name, service in services.items():
        assert {*service.get("depends_on", ())} <= {*services}, name
        assert {*service.get("secrets", ())} <= {*compose["secrets"]}, name
        volumes = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert volumes <= {*compose["volumes"]}, name
        typed = " ".join(service.get("command", ()))
        found = re.findall(r"manage\.py ([a-z_]+)", typed)
        commands.update([typed] if "manage.py migrate" in typed else found)
        if "-c" in service.get("command", ()) and "python" in service["command"][0]:
            compile(service["command"][-1], name, "exec")
    assert {timer.command.split()[0] for timer in TIMERS} <= commands
    assert commands - {".venv/bin/python manage.py migrate"} <= {*get_commands()}
    parts = {"web", "database", "cache", "storage", "bucket", "letters", "nightly"}
    assert parts <= {*services}


def test_container_copies_what_is_there():
    lines = re.findall(r"^COPY (.+) \S+$", text_of("deploy/Containerfile"), re.MULTILINE)
    names = [name for line in lines for name in line.split()]
    assert {"portal", "requirements-s3.txt"} <= {*names}
    assert not [name for name in names if not (ROOT / name).exists()]


def test_account_of_the_container_owns_its_volumes():
    """A volume takes its owner from the folder in whose place it comes: root's, where there is
    none."""
    services = yaml.safe_load(text_of("deploy/compose.yaml"))["services"]
    places = [volume.partition(":")[2] for volume in services["web"]["volumes"]]
    made = text_of("deploy/Containerfile").partition("\nUSER ten-points\n")[0]
    assert places
    for place in places:
        name = re.escape(place.removeprefix("/srv/ten-points/app/"))
        assert re.search(rf"(mkdir|install --directory) .*{name}(\s|$)", made, re.MULTILINE), place


def test_pre_commit_runs_lint():
    [repository] = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
    [hook] = repository["hooks"]
    assert (repository["repo"], hook["entry"]) == ("local", "make --no-print-directory lint")
    target = ["make", "--dry-run", "lint"]
    assert subprocess.run(target, cwd=ROOT, capture_output=True, check=False).returncode == 0


# --- Documents ----------------------------------------------------------------------------------


def anchors(document: Path) -> set[str]:
    """The anchors that hosting platforms make of headings: lower case, words joined by hyphens."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document):
    broken = []
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        path, _sign, anchor = unquote(link).partition("#")
        target = (document.parent / path) if path else document
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target)
        ):
            broken.append(link)
    assert not broken


def test_demonstration_sets_what_its_papers_name():
    """Contact and declaration of accessibility say nobody and no day without these."""
    script = text_of("deploy/demo.sh")
    for name in ("CONTACT_EMAIL", "OPERATOR", "OPERATOR_COUNTRY", "PUBLISHED_ON"):
        assert re.search(rf"(^|\s){name}=\S", script, re.MULTILINE), name
