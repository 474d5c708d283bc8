"""Root does not write what the account of the portal could not."""

import os
from types import SimpleNamespace

import pytest

from portal import file_owner

IS_ROOT = os.geteuid() == file_owner.ROOT
NOBODY = 65534
SQLITE = "django.db.backends.sqlite3"


@pytest.fixture
def configured(tmp_path, monkeypatch):
    """Settings of a portal whose data lie in a folder of their own."""
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": "ten_points"}
    settings = SimpleNamespace(
        DEBUG=False, MEDIA_ROOT=str(tmp_path), DATABASES={"default": database}
    )
    monkeypatch.setattr(file_owner, "settings", settings)
    return settings


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a file away")
def test_root_is_told_to_run_it_as_the_account_of_the_portal(configured, tmp_path):
    os.chown(tmp_path, NOBODY, -1)
    owner = file_owner.foreign_owner()
    assert owner == "nobody"
    assert "runuser -u nobody" in file_owner.refusal(owner)


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a file away")
def test_database_file_is_looked_at_too(configured, tmp_path):
    configured.MEDIA_ROOT = str(tmp_path / "none")
    configured.DATABASES["default"] = {"ENGINE": SQLITE, "NAME": str(tmp_path / "db.sqlite3")}
    assert file_owner.foreign_owner() == ""
    os.chown(tmp_path, NOBODY, -1)
    assert file_owner.foreign_owner() == "nobody"


def test_own_files_and_development_are_left_alone(configured, monkeypatch):
    assert file_owner.foreign_owner() == ""
    configured.DEBUG = True
    monkeypatch.setattr(file_owner.os, "geteuid", lambda: file_owner.ROOT)
    assert file_owner.foreign_owner() == ""
