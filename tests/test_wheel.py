"""`pip wheel .` builds a wheel that holds all that the portal needs and starts from there."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings

PACKAGES = ("portal", "programs", "members", "languages")
# What settings.BASE_DIR looks for; in the wheel it lies below share/ten-points.
FOLDERS = ("templates", "static", "locale", "data", "deploy")
FILES = ("manage.py", ".env.example")
NOT_KEPT = (".pyc", ".mo")

# Runs in a process of its own, outside the checkout, with the unpacked wheel for its environment.
START = """
import sys
sys.prefix, sys.path[:0] = sys.argv[1], [sys.argv[1]]
import django
django.setup()
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.management import call_command
from django.template.loader import get_template
call_command("check")
get_template("base.html")
assert find("img/favicon.svg").startswith(sys.prefix), find("img/favicon.svg")
from members.map.locator import small_land_path
assert small_land_path().startswith("M")
assert (settings.BASE_DIR / "data" / "reference" / "points.csv").exists()
print(settings.BASE_DIR)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built without a network: the backend is a locked requirement of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    options = [
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--disable-pip-version-check",
        "--quiet",
    ]
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        *options,
        "--wheel-dir",
        folder,
        settings.BASE_DIR,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    [path] = folder.glob("*.whl")
    return path


def source_files(folder: str) -> set[str]:
    root = settings.BASE_DIR
    found = (
        path
        for path in (root / folder).rglob("*")
        if path.is_file() and path.suffix not in NOT_KEPT
    )
    return {path.relative_to(root).as_posix() for path in found}


def test_wheel_holds_packages_and_what_lies_beside_them_and_nothing_else(wheel):
    share = f"{wheel.name.removesuffix('-py3-none-any.whl')}.data/data/share/ten-points/"
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {name for package in PACKAGES for name in source_files(package)}
    beside = {name for folder in FOLDERS for name in source_files(folder)} | set(FILES)
    assert names == expected | {share + name for name in beside}


def test_wheel_names_its_licences_and_holds_their_texts(wheel):
    with ZipFile(wheel) as archive:
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        assert (
            "License-Expression: EUPL-1.2 AND CC-BY-4.0 AND CC0-1.0"
            in archive.read(metadata).decode()
        )
        assert any(name.endswith("licenses/LICENSES/CC-BY-4.0.txt") for name in archive.namelist())


def test_portal_starts_from_the_wheel(wheel, tmp_path):
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    [data] = tmp_path.glob("*.data/data/share")
    data.rename(tmp_path / "share")
    environment = {
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": "sqlite:///test.sqlite3",
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", START, tmp_path],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == str(tmp_path / "share" / "ten-points")
