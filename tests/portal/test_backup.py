"""A backup makes the portal what it was, or changes nothing."""

import errno
import gzip
import json
import os
import shutil
import stat
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import JSONField, Value
from django.utils.functional import empty

from members.models import City, KeptForm, NetworkText, User
from portal.backup import databases, making
from portal.backup.archive import ArchiveWriter
from portal.backup.faults import DamagedBackup
from portal.backup.files import StagedFiles, StagedFolder, names_of_files
from portal.backup.keeping import delete_old, next_path, old_backups
from portal.backup.migrations import applied_migrations, tables_of
from portal.backup.rows import StoredTable
from tests import prepared
from tests.object_storage import files_in, new_bucket

pytestmark = pytest.mark.django_db
SCHEMA = databases.SCHEMA


@pytest.fixture
def keys(tmp_path) -> tuple[str, Path]:
    """A public key, and the file of its secret half."""
    file = tmp_path / "key.txt"
    call_command("backup_key", file, verbosity=0)
    return file.read_text().splitlines()[0].removeprefix("# public key: "), file


@pytest.fixture
def quick_tables(monkeypatch):
    """The tables of the staged database are copied: to migrate them takes as long as 200 tests."""
    if connection.vendor == "sqlite":
        migrated = prepared.databases.shared("migrated").database
        create = databases.StagedFile.create

        def copy_file(staged: databases.StagedFile) -> None:
            create(staged)
            shutil.copyfile(migrated, staged._path)

        monkeypatch.setattr(databases.StagedFile, "create", copy_file)
        return
    create_schema = databases.StagedSchema.create

    def copy_schema(staged: databases.StagedSchema) -> None:
        create_schema(staged)
        dump = _dump_of_tables()
        sql = dump.replace("CREATE SCHEMA public;", "").replace("public.", f"{SCHEMA}.")
        with connection.cursor() as cursor:
            cursor.execute(sql)
            table = "django_migrations"
            cursor.execute(f"INSERT INTO {SCHEMA}.{table} SELECT * FROM public.{table}")  # noqa: S608
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {SCHEMA}.{table}",  # noqa: S608
                [f"{SCHEMA}.{table}"],
            )
        # The dump has set its own search path.
        connection.close()

    monkeypatch.setattr(databases.StagedSchema, "create", copy_schema)


def _dump_of_tables() -> str:
    used = connection.settings_dict
    address = f"postgresql:///{used['NAME']}?host={used['HOST']}&user={used['USER']}"
    command = ["pg_dump", "--schema=public", "--schema-only", "--no-owner", address]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return "\n".join(line for line in run.stdout.splitlines() if not line.startswith("\\"))


def content(tables: list[StoredTable]) -> dict[str, dict]:
    """Rows and checksums of every table, and the content of every file."""
    rows = {table.name: table.digest().summary() for table in tables}
    files = {name: Path(default_storage.path(name)).read_bytes() for name in names_of_files()}
    return {"rows": rows, "files": files}


@pytest.mark.django_db(transaction=True)
def test_restored_portal_is_the_same(alfa_rows, tmp_path, keys, quick_tables, capsys):
    public, secret = keys
    default_storage.save("a/ż.txt", ContentFile(b"paper"))
    NetworkText.objects.update(text_de=None, text_fr="")
    last = City.objects.create(slug="gone", country=alfa_rows["members.country"]).pk
    City.objects.filter(pk=last).delete()
    tables = tables_of(applied_migrations())
    before = content(tables)
    call_command("backup", tmp_path / "b.age", to=[public])
    assert stat.S_IMODE((tmp_path / "b.age").stat().st_mode) == 0o600
    assert "files (0.0 MB), in" in capsys.readouterr().out

    City.objects.filter(slug="alfa").update(name_en="Somewhere", published_at=None)
    default_storage.delete("a/ż.txt")
    default_storage.save("later.txt", ContentFile(b"later"))
    changed = content(tables)
    assert changed != before
    with pytest.raises(CommandError, match=r"has data already.*--replace"):
        call_command("restore", tmp_path / "b.age", key=secret)
    assert content(tables) == changed

    call_command("restore", tmp_path / "b.age", key=secret, replace=True)
    assert "Restored and compared" in capsys.readouterr().out
    after = content(tables)
    assert after["files"] == before["files"]
    assert after["rows"] == before["rows"]
    # Numbers of deleted rows are not given again, the log stays, the full text is the rows'.
    country = alfa_rows["members.country"]
    assert City.objects.create(slug="new", country=country).pk == last + 1
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        connection.cursor().execute("DELETE FROM auditlog_logentry")
    if connection.vendor == "sqlite":
        table = "languages_indexrow_fts"
        sql = f"INSERT INTO {table}({table}) VALUES ('integrity-check')"  # noqa: S608
        connection.cursor().execute(sql)
    assert not list(Path(default_storage.location).glob(".re*"))


@pytest.mark.django_db(transaction=True)
def test_archive_of_an_older_release_is_brought_up_to_date(
    person, tmp_path, quick_tables, monkeypatch
):
    office = person("secretariat")
    User.objects.update(calendar_number=3)
    graph = MigrationExecutor(connection).loader.graph
    later = graph.backwards_plan(("members", "0041_calendar_of_deadlines"))
    older = [node for node in applied_migrations() if node not in later]
    with monkeypatch.context() as patch:
        patch.setattr(making, "applied_migrations", lambda: older)
        call_command("backup", tmp_path / "b.tar.gz", verbosity=0)
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        header = json.load(archive.extractfile("header.json"))
    assert "calendar_number" not in header["columns"]["members_user"]
    assert ["members", "0041_calendar_of_deadlines"] not in header["migrations"]

    User.objects.update(email="somebody@example.org")
    call_command("restore", tmp_path / "b.tar.gz", replace=True, verbosity=0)
    row = User.objects.get()
    # What the older release did not know begins as it does for everybody.
    assert (row.email, row.calendar_number) == (office.email, 0)
    assert set(applied_migrations()) >= set(later)


def test_null_inside_json_comes_back_as_what_it_was(person):
    """A column that holds the word null, one that holds it deep inside, and an empty list."""
    owner = person("secretariat")
    found = {"/null/": Value(None, JSONField()), "/deep/": [["name", None]], "/empty/": []}
    for page, fields in found.items():
        KeptForm.objects.create(owner=owner, page=page, fields=fields)
    table = StoredTable(KeptForm)
    lines, before = list(table.lines()), table.digest().summary()
    KeptForm.objects.all().delete()
    table.insert(lines)
    assert table.digest().summary() == before
    assert KeptForm.objects.get(fields=None).page == "/null/"
    assert KeptForm.objects.get(page="/deep/").fields == [["name", None]]


@pytest.mark.django_db(transaction=True)
def test_snapshot_stops_no_writer_and_does_not_see_what_is_written(alfa):
    writer = connection.copy()
    with databases.snapshot():
        before = StoredTable(City).digest().summary()
        with writer.cursor() as cursor:
            cursor.execute("UPDATE members_city SET name_en = 'Later'")
        writer.close()
        assert StoredTable(City).digest().summary() == before
    alfa.refresh_from_db()
    assert alfa.name_en == "Later"


@pytest.mark.django_db(transaction=True)
def test_old_files_come_back_when_the_database_cannot_be_replaced(
    alfa, tmp_path, quick_tables, monkeypatch
):
    default_storage.save("paper.txt", ContentFile(b"old"))
    call_command("backup", tmp_path / "b.tar.gz", verbosity=0)
    default_storage.delete("paper.txt")
    default_storage.save("paper.txt", ContentFile(b"new"))

    def fail(staged: object) -> None:
        raise DatabaseError("database is locked")

    kind = type(databases.StagedDatabase.beside_live())
    monkeypatch.setattr(kind, "publish", fail)
    with pytest.raises(CommandError, match=r"nothing was changed\. database is locked"):
        call_command("restore", tmp_path / "b.tar.gz", replace=True)
    assert Path(default_storage.path("paper.txt")).read_bytes() == b"new"
    assert City.objects.get() == alfa
    assert not list(Path(default_storage.location).glob(".re*"))


# --- Archives that are refused --------------------------------------------------------------------


@pytest.fixture
def never_begun(monkeypatch):
    """No long work begins, and nothing live is touched."""

    def begin() -> None:
        raise AssertionError("the archive should have been refused before")

    monkeypatch.setattr(databases.StagedDatabase, "beside_live", begin)


@pytest.fixture
def archive(tmp_path) -> Path:
    """A small archive that is whole; its rows are not looked at before it was read to the end."""
    return write_archive(tmp_path / "b.tar.gz", format=making.FORMAT, made_at="2026-11-30")


def write_archive(path: Path, **header: object) -> Path:
    with path.open("wb") as file:
        writer = ArchiveWriter(file)
        writer.add_bytes("header.json", making._json({"migrations": [], **header}))
        for number in range(3):
            writer.add_bytes(f"files/{number}.bin", os.urandom(20_000))
        writer.finish()
        writer.close()
    return path


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("restore", path, replace=True, **options)
    text = str(caught.value)
    assert text.startswith("Nothing was restored, nothing was changed. ")
    return text


@pytest.mark.parametrize("part", [0.0001, 0.1, 0.5, 0.9, 0.9999])
def test_truncated_archive_is_refused(archive, never_begun, part):
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * part)])
    assert "damaged or incomplete" in refusal(archive)


@pytest.mark.parametrize("part", [0.01, 0.3, 0.6, 0.99])
def test_archive_with_one_other_byte_is_refused(archive, never_begun, part):
    content = bytearray(archive.read_bytes())
    content[int(len(content) * part)] ^= 1
    archive.write_bytes(content)
    assert "damaged or incomplete" in refusal(archive)


def test_archive_whose_content_was_changed_names_the_entry(archive, never_begun):
    content = gzip.decompress(archive.read_bytes())
    archive.write_bytes(gzip.compress(content.replace(b'"migrations": []', b'"migrations":[] ')))
    assert "the checksum of header.json differs" in refusal(archive)


def test_archive_without_its_end_is_refused(tmp_path, never_begun):
    path = tmp_path / "b.tar.gz"
    with path.open("wb") as file:
        writer = ArchiveWriter(file)
        writer.add_bytes("header.json", making._json({"migrations": [], "format": making.FORMAT}))
        writer._tar.close()
        writer._gzip.close()
        writer.close()
    assert "its end is missing" in refusal(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no archive", id="text"),
        # Without its time: the name of a test is the same in every process.
        pytest.param(gzip.compress(b"no archive", mtime=0), id="packed text"),
    ],
)
def test_other_files_are_refused(tmp_path, never_begun, content):
    path = tmp_path / "b.tar.gz"
    path.write_bytes(content)
    assert "damaged or incomplete" in refusal(path)


def test_encrypted_archive_needs_its_own_key(archive, tmp_path, keys, never_begun):
    public, secret = keys
    encrypted = tmp_path / "b.age"
    recipient = pyrage.x25519.Recipient.from_str(public)
    encrypted.write_bytes(pyrage.encrypt(archive.read_bytes(), [recipient]))
    other = tmp_path / "other.txt"
    call_command("backup_key", other, verbosity=0)
    assert "Name the file of its secret key: --key FILE" in refusal(encrypted)
    assert "the secret key belongs to another backup" in refusal(encrypted, key=other)
    no_key = tmp_path / "no-key.txt"
    no_key.write_text("nothing\n", encoding="ascii")
    assert "has no line that begins with AGE-SECRET-KEY-" in refusal(encrypted, key=no_key)
    call_command("restore", encrypted, key=secret, replace=True, dry_run=True, verbosity=0)
    encrypted.write_bytes(encrypted.read_bytes()[:-100])
    assert "the archive is damaged" in refusal(encrypted, key=secret)


def test_archive_of_a_newer_release_is_refused(tmp_path, never_begun):
    newer = write_archive(
        tmp_path / "a", format=making.FORMAT, migrations=[["members", "9999_later"]]
    )
    assert "a newer release: members.9999_later is not known here" in refusal(newer)
    form = write_archive(tmp_path / "b", format=making.FORMAT + 1)
    assert f"has form {making.FORMAT + 1}" in refusal(form)


def test_rehearsal_reads_the_archive_and_changes_nothing(tmp_path, never_begun, capsys):
    path = write_archive(tmp_path / "b", format=making.FORMAT, made_at="2026-11-30T02:10:00+00:00")
    call_command("restore", path, dry_run=True)
    assert "The backup of 2026-11-30T02:10:00+00:00 is whole." in capsys.readouterr().out


def test_file_that_leads_out_of_the_folder_is_refused(settings, tmp_path):
    files = StagedFiles.beside_live()
    with pytest.raises(DamagedBackup):
        files.add("../outside.txt", BytesIO(b"x"), 1)
    assert not (tmp_path / "outside.txt").exists()


# --- Files in a bucket ----------------------------------------------------------------------------


@pytest.fixture
def bucket():
    with files_in(new_bucket()):
        yield


def texts_of_files() -> dict[str, bytes]:
    texts = {}
    for name in names_of_files():
        with default_storage.open(name) as file:
            texts[name] = file.read()
    return texts


def test_backup_holds_the_files_of_a_bucket(bucket, tmp_path, capsys):
    default_storage.save("a/ż.txt", ContentFile(b"paper"))
    default_storage.save("b.txt", ContentFile(b"x" * 100_000))
    call_command("backup", tmp_path / "b.tar.gz")
    assert "2 files (0.1 MB)" in capsys.readouterr().out
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        assert archive.extractfile("files/a/ż.txt").read() == b"paper"


def test_restored_files_take_the_place_of_those_in_the_bucket(bucket):
    default_storage.save("a/old.txt", ContentFile(b"old"))
    default_storage.save("both.txt", ContentFile(b"before"))
    files = StagedFiles.beside_live()
    files.add("a/ż.txt", BytesIO(b"paper"), 5)
    files.add("both.txt", BytesIO(b"after"), 5)
    assert (files.count, files.size) == (2, 10)
    # Nobody sees them yet, and no archive holds a name twice.
    assert set(names_of_files()) == {"a/old.txt", "both.txt"}
    with pytest.raises(DamagedBackup, match="stands in it twice"):
        files.add("both.txt", BytesIO(b"again"), 5)
    with pytest.raises(DamagedBackup):
        files.add("../outside.txt", BytesIO(b"x"), 1)
    files.clear()
    files.add("a/ż.txt", BytesIO(b"paper"), 5)
    files.add("both.txt", BytesIO(b"after"), 5)
    with files.in_place():
        pass
    files.clear()
    assert texts_of_files() == {"a/ż.txt": b"paper", "both.txt": b"after"}
    assert default_storage.listdir("")[0] == ["a"]


def test_old_files_of_the_bucket_come_back_when_the_database_fails(bucket):
    default_storage.save("both.txt", ContentFile(b"before"))
    files = StagedFiles.beside_live()
    files.add("both.txt", BytesIO(b"after"), 5)
    files.add("new.txt", BytesIO(b"new"), 3)
    with pytest.raises(DatabaseError), files.in_place():
        raise DatabaseError
    files.clear()
    assert texts_of_files() == {"both.txt": b"before"}


def test_folder_is_known_before_anything_has_asked_for_files(monkeypatch):
    """As in a command that has just begun."""
    monkeypatch.setattr(default_storage, "_wrapped", empty)
    assert isinstance(StagedFiles.beside_live(), StagedFolder)


# --- Making ---------------------------------------------------------------------------------------


def test_backup_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def full(writer: object, moment: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, "_write", full)
    with pytest.raises(CommandError, match=r"No backup was made.*No space left"):
        call_command("backup", tmp_path / "b.tar.gz")
    assert not list(tmp_path.glob("*b.tar.gz*"))


def test_backup_never_replaces_a_file(tmp_path):
    path = tmp_path / "b.tar.gz"
    path.write_bytes(b"mine")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", path)
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", tmp_path / "none" / "b.tar.gz")
    with pytest.raises(CommandError, match="set BACKUP_FOLDER"):
        call_command("backup")
    assert path.read_bytes() == b"mine"


def test_old_backups_are_deleted_and_the_newest_stays(tmp_path, settings):
    settings.BACKUP_FOLDER = tmp_path
    settings.BACKUP_DAYS = 30
    days = ["2026-01-01", "2026-01-02"]
    paths = [tmp_path / f"ten-points-{day}T021000Z.tar.gz.age" for day in days]
    other = tmp_path / "ten-points-notes.tar.gz"
    for path in [*paths, other]:
        path.touch()
    assert old_backups() == [paths[0]]
    next_path(is_encrypted=False).touch()
    assert delete_old() == 2
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [next_path(is_encrypted=False).name[:21] + left[0][21:], other.name]
