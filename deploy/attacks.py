"""What once broke the portal, tried again from outside on a portal of its own; prints a table.

    make attacks    # three workers on SQLite without a cache: the smallest installation

A line says what was tried, how many requests were sent, how many of them went wrong, and the
slowest in seconds. Databases that stop, disks that fill and workers that die are rows of
deploy/faults.py, caches of deploy/nodes.py.
"""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from PIL import Image

from deploy.serving import Gunicorn, choose_settings, manage, set_up
from deploy.writers import GROUND, OFFICE, OTHER, PASSWORD, SIGN_IN, Browser
from tests.forms import fields_of

PORT = 8588
TIMES = 10
# As members/limits.py has it: wrong passwords for one account from one computer.
WRONG_PASSWORDS = 5
CITY, NEWS = "/admin/members/city/add/", "/admin/portal/news/add/"
INTEREST, PASSWORD_CHANGE = "/en/join/interest/", "/admin/password_change/"
TOKEN = "c4-a-link-that-nobody-has-used-yet"  # noqa: S105 - of no invitation
KEYS = "&".join(f"mark{number}=repeated" for number in range(500))
PAGES = (
    *("/en/", "/en/cities/", "/en/search/?q=flat", "/en/help/", "/en/news/", "/en/events/"),
    *("/en/programmes/", "/en/figures/", "/en/data/cities/", "/en/compare/", "/en/nothing/"),
    *("/en/join/interest/", "/accounts/login/", "/accounts/password/reset/"),
)
# Seconds within which everything here is answered.
QUICK = 3.0
# What a picture of 49 megapixels may take beside what a worker has.
MOST_MEGABYTES = 260


# --- The portal and its visitors ------------------------------------------------------------------


class Visitor(Browser):
    """A browser that notes how long each answer took."""

    seconds: list[float] = []

    def _ask(self, request: urllib.request.Request) -> tuple[int, bytes]:
        began = time.monotonic()
        try:
            return super()._ask(request)
        finally:
            self.seconds.append(time.monotonic() - began)

    def signed_in(self, email: str = OFFICE) -> "Visitor":
        if self.post(PORT, SIGN_IN, login=email, password=PASSWORD) != 302:
            sys.exit(f"{email} cannot sign in")
        return self

    def form(self, path: str) -> dict[str, list[str]]:
        _status, page = self.get(PORT, path)
        return fields_of(SimpleNamespace(content=page))

    def answer(self, path: str, fields: dict[str, list[str]]) -> tuple[int, str]:
        """To a form that was filled in so: status and page."""
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        address = f"http://127.0.0.1:{PORT}{path}"
        status, page = self._ask(urllib.request.Request(address, data))
        return status, page.decode()


class Portal:
    def __init__(self, folder: Path) -> None:
        self.gunicorn = Gunicorn(PORT)
        self.log = folder / "log"
        self.database = folder / "portal.sqlite3"
        choose_settings(
            PORT,
            folder,
            LOG_LEVEL="INFO",
            EMAIL_URL="consolemail://",
            DATABASE_URL=f"sqlite:///{self.database}",
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        set_up()
        manage("load_reference")
        with self.log.open("wb") as log:
            self.gunicorn.log = log
            with self.gunicorn.running():
                yield

    def count(self, query: str) -> int:
        with sqlite3.connect(self.database) as session:
            [number] = session.execute(query).fetchone()
        return int(number)

    def refuses(self, statement: str) -> bool:
        try:
            with sqlite3.connect(self.database) as session:
                session.execute(statement)
        except sqlite3.Error:
            return True
        return False

    def memory(self) -> int:
        """Of all workers, in kilobytes, at their highest since the last call."""
        highest = 0
        for child in self.gunicorn.workers:
            status = Path(f"/proc/{child}/status").read_text()
            highest += int(re.search(r"VmHWM:\s+(\d+)", status)[1])
            # Forget the highest mark (proc(5)).
            Path(f"/proc/{child}/clear_refs").write_text("5")
        return highest


def at_once(*works: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]


# --- What is tried: each gives the number of wrong answers, and what else is to be said -----------


def nasty_texts(portal: Portal) -> tuple[int, str]:
    """Item 1."""
    office = Visitor().signed_in()
    fields = office.form(NEWS)
    shapes = (".", ". ", "?! ", ".A", "l'a", "a\u0301\u0327", "[a](b", "пi", "#", "1.1.")
    wrong = 0
    for number, shape in enumerate(shapes):
        for length in (2_000, 100_000):
            text = (shape * length)[:length]
            values = {"title_en": [f"Nasty {number}"], "text_en": [text], "on": ["21.3.2026"]}
            status, _page = office.answer(NEWS, {**fields, **values})
            wrong += status not in {200, 302}
        query = urllib.parse.quote((shape * 500)[:500])
        status, _page = office.get(PORT, f"/en/search/?q={query}")
        wrong += status not in {200, 400}
    return wrong, "10 shapes of 2,000 and 100,000 signs"


def same_city_twice(portal: Portal) -> tuple[int, str]:
    """Item 9: one wins, the other reads a sentence."""
    people = [Visitor().signed_in(), Visitor().signed_in(OTHER)]
    country = portal.count("SELECT id FROM members_country WHERE code = 'PL'")
    wrong = 0
    for number in range(TIMES):
        slug = f"town-{'abcdefghij'[number]}"
        values = {"slug": [slug], "local_name": [slug], "name_en": [slug], "country": [country]}
        forms = [{**person.form(CITY), **values} for person in people]
        answers = at_once(
            *[
                lambda person=person, form=form: person.answer(CITY, form)[0]
                for person, form in zip(people, forms, strict=True)
            ]
        )
        found = portal.count(f"SELECT count(*) FROM members_city WHERE slug = '{slug}'")  # noqa: S608
        wrong += sorted(answers) not in ([200, 302], [302, 409]) or found != 1
    return wrong, f"{TIMES} cities by two at once"


def same_interest_twice(portal: Portal) -> tuple[int, str]:
    """Item 9: one row, both are thanked."""
    visitor = Visitor()
    fields = visitor.form(INTEREST)
    # The form asks how long somebody took to fill it in.
    time.sleep(4)
    values = {"city_name": "Newtown", "country": "PL", "person_name": "Ada", "language": "en"}
    values |= {"office": "Integration unit"}
    values |= {"email": "ada@newtown.example.org", "message": "Once"}
    form = {**fields, **{name: [text] for name, text in values.items()}}
    answers = at_once(*[lambda: Visitor().answer(INTEREST, form)[0] for _time in range(TIMES)])
    rows = portal.count("SELECT count(*) FROM members_expressionofinterest")
    wrong = sum(answer != 302 for answer in answers) + abs(rows - 1)
    return wrong, f"{rows} row of {TIMES} at once"


def nothing_overwritten(portal: Portal) -> tuple[int, str]:
    """Item 10: a form without the mark of what was seen."""
    first, second = Visitor().signed_in(), Visitor().signed_in(OTHER)
    first.answer(GROUND, {**first.form(GROUND), "slug": ["seen"], "name_en": ["Before"]})
    key = portal.count("SELECT id FROM members_ground WHERE slug = 'seen'")
    address = f"/admin/members/ground/{key}/change/"
    hers, his = first.form(address), second.form(address)
    his.pop("seen", None)
    first.answer(address, {**hers, "name_en": ["Hers"]})
    status, _page = second.answer(address, {**his, "name_en": ["His"]})
    kept = portal.count("SELECT count(*) FROM members_ground WHERE name_en = 'Hers'")
    return int(status != 200 or kept != 1), "a form without its mark asks"


def weak_password(portal: Portal) -> tuple[int, str]:
    """Item 10."""
    office = Visitor().signed_in()
    for password in ("123456789012", "passwordpassword", "qwertyuiop123", "Office-Office-12"):
        values = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        fields = {**office.form(PASSWORD_CHANGE), **{k: [v] for k, v in values.items()}}
        if office.answer(PASSWORD_CHANGE, fields)[0] != 200:
            sys.exit(f"{password} was taken")
    return 0, "four that are guessed first"


def old_password(portal: Portal) -> tuple[int, str]:
    """Item 10: in an open session; then the right one is not looked at either."""
    office = Visitor().signed_in()
    new = {"password1": ["nine-Otters-in-a-canoe"], "password2": ["nine-Otters-in-a-canoe"]}
    fields = office.form(PASSWORD_CHANGE)
    pages = []
    for number in range(15):
        guess = {**fields, **new, "oldpassword": [f"wrong-{number}"]}
        pages.append(office.answer(PASSWORD_CHANGE, guess)[1])
    looked_at = sum("too many attempts" not in page for page in pages)
    status, _page = office.answer(PASSWORD_CHANGE, {**fields, **new, "oldpassword": [PASSWORD]})
    return max(0, looked_at - WRONG_PASSWORDS) + (status != 200), f"{looked_at} of 15 looked at"


def methods(portal: Portal) -> tuple[int, str]:
    """Item 10."""
    visitor = Visitor()
    wrong = 0
    for path in ("/en/", "/en/cities/", "/accounts/login/", "/admin/", "/healthz", "/sitemap.xml"):
        for method in ("TRACE", "PUT", "DELETE", "PROPFIND"):
            address = f"http://127.0.0.1:{PORT}{path}"
            status, _page = visitor._ask(urllib.request.Request(address, method=method))
            wrong += status != 405
    return wrong, "24 of methods that no page has"


def repeated_keys(portal: Portal) -> tuple[int, str]:
    """Item 10."""
    visitor = Visitor()
    wrong = 0
    for path in PAGES:
        mark = "&" if "?" in path else "?"
        _status, page = visitor.get(PORT, f"{path}{mark}{KEYS[:3_500]}")
        wrong += b"mark99" in page
    return wrong, "unknown keys in an address"


def large_picture(portal: Portal) -> tuple[int, str]:
    """Item 10: 49 megapixels."""
    office = Visitor().signed_in()
    file = io.BytesIO()
    Image.new("RGBA", (7000, 7000), "teal").save(file, "PNG", compress_level=1)
    # The first call forgets what was before.
    portal.memory()
    before = portal.memory()
    status = office.upload(PORT, NEWS, "picture_file", file.getvalue(), title_en="Picture")
    taken = (portal.memory() - before) / 1024
    return int(status not in {200, 302} or taken > MOST_MEGABYTES), f"{taken:.0f} MB"


def log_of_changes(portal: Portal) -> tuple[int, str]:
    """Item 10: what the portal's own connection may do."""
    statements = ("DELETE FROM auditlog_logentry", "UPDATE auditlog_logentry SET changes = '{}'")
    return sum(not portal.refuses(statement) for statement in statements), "delete, change"


def links_in_the_log(portal: Portal) -> tuple[int, str]:
    """Item 10: links that nobody has used yet, and a sign-in that failed."""
    visitor = Visitor()
    for path in (f"/accounts/invitation/{TOKEN}/", f"/accounts/password/reset/MQ/{TOKEN}/"):
        visitor.get(PORT, path)
    visitor.post(PORT, SIGN_IN, login="nobody@example.org", password="a-wrong-password")  # noqa: S106
    time.sleep(1)
    log = portal.log.read_text(errors="replace")
    wrong = (TOKEN in log) + ("nobody@example.org" in log) + ("a-wrong-password" in log)
    return wrong + ("A sign-in failed" not in log), "no link, no address; the failure is there"


def passwords_of_three_workers(portal: Portal) -> tuple[int, str]:
    """Item 6: at once, and after a restart. The last: the office cannot sign in afterwards."""
    visitors = [Visitor() for _time in range(15)]
    forms = [{**visitor.form(SIGN_IN), "login": [OTHER]} for visitor in visitors]
    answers = at_once(
        *[
            lambda one=one, form=form: one.answer(SIGN_IN, {**form, "password": ["wrong"]})[0]
            for one, form in zip(visitors, forms, strict=True)
        ]
    )
    looked_at = Counter(answers)[200]
    portal.gunicorn.reload()
    time.sleep(5)
    status = Visitor().post(PORT, SIGN_IN, login=OTHER, password=PASSWORD)
    return abs(looked_at - WRONG_PASSWORDS) + (status != 429), f"{looked_at} of 15 looked at"


def late_timers(portal: Portal) -> tuple[int, str]:
    """Item 8: a night that has not run is said, and not said once it has."""
    manage("nightly")
    with sqlite3.connect(portal.database) as session:
        session.execute(
            "UPDATE members_timedrun SET succeeded_at = datetime('now', '-2 days')"
            " WHERE command = 'nightly'"
        )
    visitor = Visitor()
    late = []
    for _time in range(2):
        _status, page = visitor.get(PORT, "/readyz")
        late.append(len(json.loads(page)["late"]))
        manage("nightly")
    return int(late != [1, 0]), "said until it has run"


def starts(portal: Portal) -> tuple[int, str]:
    """Item 7: without a setting that makes it safe, and as root where the data are another's."""
    wrong = 0
    for name in ("SITE_URL", "CONTACT_EMAIL", "SECRET_KEY"):
        settings = {key: value for key, value in os.environ.items() if key != name}
        command = [".venv/bin/python", "manage.py", "check"]
        run = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
        wrong += run.returncode == 0 or name not in run.stderr
    if os.geteuid() == 0:
        # The folder tells whose they are.
        os.chown(portal.database.parent, 65_534, 65_534)
        command = [".venv/bin/python", "manage.py", "migrate"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        wrong += run.returncode == 0
        os.chown(portal.database.parent, 0, 0)
    return wrong, "three settings, root in another's data"


TRIALS = {
    "1 texts of dots and the like": nasty_texts,
    "6 passwords, three workers": passwords_of_three_workers,
    "7 start without safety": starts,
    "8 a night that did not run": late_timers,
    "9 the same city twice": same_city_twice,
    "9 the same interest at once": same_interest_twice,
    "10 old password guessed": old_password,
    "10 links and failures in the log": links_in_the_log,
    "10 log of changes": log_of_changes,
    "10 methods": methods,
    "10 weak passwords": weak_password,
    "10 a large picture": large_picture,
    "10 a form without its mark": nothing_overwritten,
    "10 keys in every link": repeated_keys,
}
# What locks an account comes last.
LAST = (old_password, passwords_of_three_workers)


def main() -> int:
    is_good = True
    sys.stdout.write(f"{'item, what was tried':34} {'asked':>5} {'wrong':>5} {'slowest':>9}\n")
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Path(folder))
        with portal.running():
            for name, trial in sorted(TRIALS.items(), key=lambda item: item[1] in LAST):
                Visitor.seconds.clear()
                wrong, about = trial(portal)
                slowest = max(Visitor.seconds, default=0)
                is_good &= not wrong and (slowest < QUICK or trial is large_picture)
                numbers = f"{len(Visitor.seconds):5} {wrong:5} {slowest:7.2f} s"
                sys.stdout.write(f"{name:34} {numbers}  {about}\n")
                sys.stdout.flush()
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
