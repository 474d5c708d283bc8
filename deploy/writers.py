"""People who sign in and save rows while something breaks, and whether what they saved is there;
for faults.py and nodes.py."""

import http.cookiejar
import secrets
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from types import SimpleNamespace

import psycopg

from deploy.crowd import Crowd
from deploy.readers import LONGEST
from tests.forms import fields_of

PASSWORD = "four-Walruses-on-9-bicycles"  # noqa: S105 - of an account that is gone in a minute
OFFICE, OTHER = "office@example.org", "second@example.org"
SIGN_IN = "/accounts/login/"
GROUND = "/admin/members/ground/add/"
WRITERS = 3
# Lines that say that a writer's row was made; the rows' keys begin so.
LOGGED = """
SELECT count(*) FROM auditlog_logentry l
JOIN members_ground g ON g.id::text = l.object_pk
JOIN django_content_type t ON t.id = l.content_type_id
WHERE g.slug LIKE %s AND t.model = 'ground' AND l.action = 0
"""


def create_people() -> None:
    for email in (OFFICE, OTHER):
        command = [".venv/bin/python", "manage.py", "create_secretariat", email, "Office"]
        subprocess.run(
            command, check=True, text=True, input=f"{PASSWORD}\n", stdout=subprocess.DEVNULL
        )


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


class Browser:
    """Keeps cookies, which are the same for all ports, and follows nothing."""

    def __init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar), NoRedirect
        )

    def get(self, port: int, path: str) -> tuple[int, bytes]:
        return self._ask(urllib.request.Request(f"http://127.0.0.1:{port}{path}"))

    def post(self, port: int, path: str, **values: str) -> int:
        """Load the form of this page, fill it in, send it; the status."""
        _status, page = self.get(port, path)
        fields = fields_of(SimpleNamespace(content=page))
        return self.send(port, path, {**fields, **{name: [text] for name, text in values.items()}})

    def send(self, port: int, path: str, fields: dict[str, list[str]]) -> int:
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data)
        return self._ask(request)[0]

    def upload(self, port: int, path: str, name: str, content: bytes, **values: str) -> int:
        _status, page = self.get(port, path)
        fields = fields_of(SimpleNamespace(content=page))
        texts = {**{key: found[0] for key, found in fields.items()}, **values}
        mark = secrets.token_hex(16)
        lines = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'
            for key, text in texts.items()
        ]
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="a.pdf"\r\n\r\n'
        )
        body = "".join([*lines, head]).encode() + content + f"\r\n--{mark}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, kind)
        return self._ask(request)[0]

    def _ask(self, request: urllib.request.Request) -> tuple[int, bytes]:
        """Status and content; 0 where no answer came."""
        try:
            with self._opener.open(request, timeout=LONGEST * 2) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""


def sign_in(browser: Browser, port: int, email: str, password: str = PASSWORD) -> bool:
    return browser.post(port, SIGN_IN, login=email, password=password) == 302


class Writers(Crowd):
    """People who save rows one after another, and note what was said to be saved."""

    number = WRITERS

    def __init__(self, port: int, mark: str = "w") -> None:
        super().__init__(port)
        # With it the keys of their rows begin.
        self.mark = mark
        self.sent: list[str] = []
        self.saved: list[str] = []

    def live(self, person: int) -> None:
        browser = Browser()
        while not sign_in(browser, self.port, OFFICE):
            # A fault may have begun already.
            if self.has_ended:
                return
            self.rest(1)
        _status, page = browser.get(self.port, GROUND)
        fields = fields_of(SimpleNamespace(content=page))
        number = 0
        while not self.has_ended:
            number += 1
            slug = f"{self.mark}{person}-{number}"
            self.sent.append(slug)
            values = {"slug": [slug], "name_en": [f"Ground {slug}"]}
            if browser.send(self.port, GROUND, {**fields, **values}) == 302:
                self.saved.append(slug)
            # Where every answer is a quick refusal, this is no attack.
            self.rest(0.05)

    def compared(self, session: psycopg.Connection) -> tuple[str, bool]:
        """What is there, and whether it is every row of which somebody was told that it is saved,
        each with one line of the log."""
        mine = [f"{self.mark}%"]
        rows = session.execute(
            "SELECT slug FROM members_ground WHERE slug LIKE %s", mine
        ).fetchall()
        found = {slug for [slug] in rows}
        [[logged]] = session.execute(LOGGED, mine).fetchall()
        lost = set(self.saved) - found
        sentence = (
            f"{len(self.sent)} writes meanwhile, {len(self.saved)} said to be saved,"
            f" {len(found)} there, {logged} lines in the log, {len(lost)} lost"
        )
        return sentence, not lost and logged == len(found) and len(self.saved) > WRITERS
