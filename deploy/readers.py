"""People who read pages while something breaks, and what they got; for faults.py and nodes.py.

Honest is an answer of 200, or a 503 that says when to come back. Wrong is everything else: another
error, half a page, no answer within `LONGEST` seconds.
"""

import http.client
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from deploy.crowd import Crowd

# The last is another page each time, so that no copy of it is kept.
PAGES = ("/en/", "/en/cities/", "/en/search/?q=flat", "/en/news/", "/en/search/?q=flat+{number}")
READERS = 4
LONGEST = 8.0
RECOVERY = 5.0
WARM = 10
# How long each fault lasts.
SECONDS = 8.0
HEADING = f"{'fault':24} {'asked':>5} {'503':>5} {'wrong':>5} {'slowest':>9} {'recovery':>10}\n"


@dataclass(frozen=True)
class Answer:
    """What a reader got: when, on which page, in how many seconds.

    `kind`: `200`, `503` or `wrong: …`.
    """

    moment: float
    path: str
    kind: str
    seconds: float

    @property
    def is_wrong(self) -> bool:
        return self.kind.startswith("wrong")


def ask(port: int, path: str) -> str:
    """The kind of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        page = response.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return f"wrong: {type(error).__name__}"
    finally:
        connection.close()
    if response.status == 503 and not response.headers["Retry-After"]:
        return "wrong: 503 without Retry-After"
    if response.status == 200 and "</html>" not in page:
        return "wrong: half a page"
    if response.status in {200, 503}:
        return str(response.status)
    return f"wrong: {response.status}"


class Readers(Crowd):
    """They read one page after another."""

    number = READERS

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.answers: list[Answer] = []

    def live(self, person: int) -> None:
        number = person
        while not self.has_ended:
            path = PAGES[number % len(PAGES)].format(number=number)
            began = time.monotonic()
            kind = ask(self.port, path)
            now = time.monotonic()
            self.answers.append(Answer(now, path, kind, now - began))
            # Steps of seven, from another number for each reader, meet every page.
            number += 7
            self.rest(0.05)

    def wait_for_good_answers(self, moment: float) -> None:
        """Until each reader had several in a row, a minute at most."""
        while time.monotonic() < moment + 60:
            time.sleep(1)
            last = self.answers[-READERS * 3 :]
            if all(answer.moment > moment and answer.kind == "200" for answer in last):
                return

    def recovery(self, moment: float) -> float:
        """Seconds from this moment to the first of the good answers that no other follows."""
        later = [answer for answer in self.answers if answer.moment >= moment]
        bad = [answer.moment for answer in later if answer.kind != "200"]
        last_bad = max(bad, default=moment)
        good = [answer.moment for answer in later if answer.kind == "200"]
        return min((when for when in good if when >= last_bad), default=moment + 999) - moment


def warm(port: int) -> None:
    """Let people read for a moment: each worker loads what it searches with, once."""
    with Readers(port):
        time.sleep(WARM)


@dataclass(frozen=True)
class Fault:
    """Something that breaks, and what is allowed meanwhile.

    `wrong`: so many answers may be wrong, those that were under way. `slowest`: seconds. `others`:
    pages that are not touched, whose every answer is 200.
    """

    name: str
    broken: Callable[[], AbstractContextManager[None]]
    wrong: int = 0
    slowest: float = LONGEST
    others: tuple[str, ...] = ()

    def run(self, port: int) -> bool:
        """Let people read while it is broken and after; prints a line of the table."""
        with Readers(port) as readers:
            time.sleep(2)
            with self.broken():
                time.sleep(SECONDS)
            moment = time.monotonic()
            readers.wait_for_good_answers(moment)
        return self._tell(readers.answers, readers.recovery(moment))

    def _tell(self, answers: list[Answer], recovery: float) -> bool:
        wrong = Counter(answer.kind for answer in answers if answer.is_wrong)
        unavailable = sum(answer.kind == "503" for answer in answers)
        slowest = max(answer.seconds for answer in answers)
        stopped = {answer.path for answer in answers if answer.kind != "200"}
        is_good = (
            wrong.total() <= self.wrong
            and recovery <= RECOVERY
            and slowest <= self.slowest
            and stopped.isdisjoint(self.others)
        )
        counts = f"{len(answers):5} {unavailable:5} {wrong.total():5}"
        times = f"{slowest:7.2f} s {recovery:8.1f} s"
        about = f"{'' if is_good else 'FAILED'} {dict(wrong) or ''}".strip()
        sys.stdout.write(f"{self.name:24} {counts} {times}  {about}\n")
        sys.stdout.flush()
        return is_good
