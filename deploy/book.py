"""Follows docs/operations.md as it is written, in a fresh root; prints what each part took.

    make book                       # as root, on Debian or Ubuntu; ten minutes
    make book ARGS=--first-hour     # up to the first backup, without the drill: three minutes

The root is this machine's own, under a layer that is gone afterwards: nothing of it changes. A
person's part is played by this program: it answers what the commands ask, and `editor` and
`systemctl` are the two programs of deploy/book_programs. A fresh layer has no systemd; that
`systemctl` starts what the units name, as their account, with their settings, without their
sandbox. Every block of commands in the book is either followed or named in `LEFT_OUT` with a
reason: a new one that is in neither ends this program.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOK = HERE.parent / "docs" / "operations.md"
PASSWORD = b"four-Walruses-on-9-bicycles"

# In the order in which a person follows them.
FOLLOWED = (
    "Requirements",
    "Settings",
    "First start",
    "systemd and nginx",
    "Timers",
    "Backup",
    "The drill",
    "Upgrade",
    "Two roles on PostgreSQL",
    "From SQLite to PostgreSQL, and back",
)
FIRST_HOUR = FOLLOWED[: FOLLOWED.index("Backup") + 1]
LEFT_OUT = {
    "From a wheel": "another way to install; tests/test_wheel.py builds and installs the wheel",
    "Sentry": "needs a Sentry; tests/portal/test_sentry.py has one",
    "The act as PDF": "an extra with libraries of its own; the suite writes the PDF",
    "A person who asks for their data": "needs such a person; the suite has one",
    "Checks before you rely on it": "programs for developers, and this one is among them",
}
# What a reader puts in the place of an ellipsis or a name in capitals.
FILLED_IN = {
    "git clone …": "git clone --quiet /source",
    "restore FILE": "restore /media/other/ten-points.tar.gz.age",
}
# What is asked at the terminal, and the answer.
ANSWERS = (
    (re.compile(rb"\[Y/n\] $"), b"y\n"),
    (re.compile(rb"([Pp]assword[^\n]*|Enter it again): $"), PASSWORD + b"\n"),
)

# Before a part: what the book takes for granted. After it: whether it came true.
BEFORE = {
    "systemd and nginx": "mkdir --parents /etc/letsencrypt/live/cities.example.org\n"
    "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=cities.example.org"
    " -addext subjectAltName=DNS:cities.example.org"
    " -keyout /etc/letsencrypt/live/cities.example.org/privkey.pem"
    " -out /etc/letsencrypt/live/cities.example.org/fullchain.pem 2> /dev/null",
    "Backup": "install --directory --owner ten-points /media/safe /media/other",
    # Another machine: the same programs, and no data.
    "The drill": "systemctl stop ten-points\n"
    "mv var/ten-points.sqlite3* var/media/* /root/\nportal migrate --verbosity 0",
    # Debian's package starts its server; in this root no package starts anything.
    "Two roles on PostgreSQL": 'pg_ctlcluster "$(ls /etc/postgresql)" main start',
}
AFTER = {
    "systemd and nginx": "visit",
    "Timers": "verify\nvisit",
    "The drill": "visit",
    "Upgrade": "visit",
    "From SQLite to PostgreSQL, and back": "visit\nserved_by_the_lesser_role",
}


@dataclass(frozen=True)
class Block:
    """Commands of the book, below the last heading before them."""

    heading: str
    commands: str


def blocks() -> Iterator[Block]:
    heading, lines = "", None
    for line in BOOK.read_text(encoding="utf-8").splitlines():
        if lines is None and line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("```"):
            if lines is not None and lines[0] == "sh":
                yield Block(heading, "\n".join(lines[1:]))
            lines = [line[3:]] if lines is None else None
        elif lines is not None:
            lines.append(line)


def unknown_headings() -> set[str]:
    """Of parts with commands that are neither followed nor left out."""
    return {block.heading for block in blocks()} - set(FOLLOWED) - set(LEFT_OUT)


def filled_in(commands: str) -> str:
    for gap, text in FILLED_IN.items():
        commands = commands.replace(gap, text)
    return commands


def session(headings: tuple[str, ...]) -> str:
    """What is typed in these parts, as a script of one shell of root."""
    found: dict[str, list[str]] = {heading: [] for heading in headings}
    for block in blocks():
        if block.heading in found:
            found[block.heading].append(filled_in(block.commands))
    parts = [(HERE / "book_programs" / "session.sh").read_text(encoding="utf-8")]
    for heading, commands in found.items():
        parts += [f"begin {heading!r}", BEFORE.get(heading, ""), *commands]
        parts += [AFTER.get(heading, ""), f"finish {heading!r}"]
    return "\n".join(parts) + "\n"


# --- Outside ---------------------------------------------------------------------------------


def can_make_roots() -> bool:
    command = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    if os.geteuid() != 0:
        return False
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def main() -> int:
    if unknown := unknown_headings():
        sys.exit(f"Follow these parts of {BOOK.name} or name them in LEFT_OUT: {unknown}")
    if sys.argv[1:] == ["--inside"]:
        return follow()
    headings = FIRST_HOUR if sys.argv[1:] == ["--first-hour"] else FOLLOWED
    if not can_make_roots():
        sys.stdout.write("*** NOT checked: the book needs root and namespaces of mounts ***\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="ten-points-book.") as folder:
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        inside = [str(HERE / "book_programs" / "root.sh"), folder, str(HERE.parent)]
        Path(folder, "session.sh").write_text(session(headings), encoding="utf-8")
        return subprocess.run([*command, *inside], check=False).returncode


# --- Inside ----------------------------------------------------------------------------------


def follow() -> int:
    """Run the session at a terminal; its exit code."""
    process, terminal = pty.fork()
    if process == 0:
        os.execvp("bash", ["bash", "/book/session.sh"])  # noqa: S606, S607
    began = time.monotonic()
    with Path("/book/transcript").open("wb") as transcript:
        for text in spoken(terminal):
            transcript.write(text)
            for line in re.findall(rb"^(?:===|\*\*\*) .*$", text, re.MULTILINE):
                sys.stdout.write(f"{time.monotonic() - began:6.1f} s  {line.decode()}\n")
                sys.stdout.flush()
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code:
        sys.stdout.write(Path("/book/transcript").read_text(errors="replace")[-6000:])
    return code


def spoken(terminal: int) -> Iterator[bytes]:
    """What the commands print, in whole lines; answers their questions."""
    rest = b""
    while text := read(terminal):
        rest += text.replace(b"\r\n", b"\n")
        for question, answer in ANSWERS:
            if question.search(rest):
                os.write(terminal, answer)
        lines, mark, rest = rest.rpartition(b"\n")
        yield lines + mark
    yield rest


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # Linux says so when the last program closed the terminal.
        return b""


if __name__ == "__main__":
    sys.exit(main())
