"""Every regular expression of the portal needs steps in proportion to the text that it reads.

The steps are counted (tests/pattern_steps.py), not timed: for texts of 100,000 signs a clock is
asked, too, in tests/languages/test_linear_time.py.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import NamedTuple

import pytest
from django.conf import settings

from languages import date_input
from languages.partial_dates import PartialDateError
from languages.search import analysis
from tests.languages.test_linear_time import SHAPES
from tests.pattern_steps import (
    Counter,
    TooManyStepsError,
    program_for,
    starts_of,
    steps_of,
)

APPS = ("portal", "programs", "members", "languages")
LENGTH = 100
MOST_GROWTH = 2.6
# Steps for each sign of a text: what needs more is not linear in any way that helps.
MOST_STEPS = 400
ONE_MATCH = {"match", "fullmatch"}
# Patterns that need more steps for long texts, and the most signs that they are ever given.
BOUNDED = {
    "languages.date_input._WITH_NAME": date_input._LONGEST_INPUT,
    "languages.search.analysis._FLEETING_VOWEL": analysis.MAX_TOKEN_CHARACTERS,
}
MOST_STEPS_IN_BOUNDS = 50_000


class Found(NamedTuple):
    """A pattern: where it stands, and how it is used: "search", "match" or "fullmatch"."""

    place: str
    pattern: "re.Pattern[str]"
    way: str


@cache
def sources() -> dict[str, str]:
    """The text of every module, by its name."""
    found = {}
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" in path.parts or path.name == "settings.py":
                continue
            name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


def modules() -> Iterator[ModuleType]:
    for app in APPS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if found.name in sources():
                yield importlib.import_module(found.name)


def patterns_in(value: object) -> Iterator["re.Pattern[str]"]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in(list(value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns_in(each)


def way_of(name: str) -> str:
    """How the code uses a pattern of this name. "search" reads the text from each of its signs."""
    used: set[str] = set()
    for text in sources().values():
        used |= set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", text))
    if used and used <= ONE_MATCH:
        return "match" if "match" in used else "fullmatch"
    return "search"


def kept_patterns() -> Iterator[Found]:
    """Those that a module or a class keeps under a name."""
    for module in modules():
        holders = [vars(module)]
        own_classes = [each for each in vars(module).values() if isinstance(each, type)]
        holders += [vars(each) for each in own_classes if each.__module__ == module.__name__]
        for holder in holders:
            for name, value in list(holder.items()):
                for pattern in patterns_in(value):
                    yield Found(f"{module.__name__}.{name}", pattern, way_of(name))


def written_patterns() -> Iterator[Found]:
    """Those that stand where they are used: `re.sub(r"\\s+", …)`."""
    for name, text in sources().items():
        for node in ast.walk(ast.parse(text)):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if not is_call or getattr(node.func.value, "id", "") != "re" or not node.args:
                continue
            written = node.args[0]
            if isinstance(written, ast.Constant) and isinstance(written.value, str):
                way = node.func.attr if node.func.attr in ONE_MATCH else "search"
                if node.func.attr != "compile":
                    yield Found(f"{name}:{node.lineno}", re.compile(written.value), way)


@cache
def all_patterns() -> list[Found]:
    unique = {(each.pattern, each.way): each for each in (*kept_patterns(), *written_patterns())}
    return sorted(unique.values(), key=lambda found: found.place)


def nasty_text(shape: str, length: int) -> str:
    """The shape again and again, and a sign at the end that fits few patterns."""
    repeated = SHAPES[shape] * (length // len(SHAPES[shape]) + 1)
    return repeated[: length - 1] + "\x7f"


def growth(found: Found, shape: str) -> float:
    program = program_for(found.pattern)
    counts = []
    for length in (LENGTH, 2 * LENGTH):
        most = MOST_STEPS * length
        counts.append(steps_of(program, nasty_text(shape, length), way=found.way, most=most))
    half, whole = counts
    return whole / half


def test_steps_grow_with_the_length_of_the_text():
    growing = {}
    for found in all_patterns():
        if found.place in BOUNDED:
            continue
        for shape in SHAPES:
            try:
                ratio = growth(found, shape)
            except TooManyStepsError:
                ratio = float("inf")
            if ratio > MOST_GROWTH:
                growing[found.place] = (found.pattern.pattern, found.way, shape, round(ratio, 1))
    assert growing == {}
    assert len(all_patterns()) > 80


def test_bounded_patterns_need_few_steps_within_their_bounds():
    found = {each.place: each for each in all_patterns() if each.place in BOUNDED}
    assert set(found) == set(BOUNDED)
    for place, longest in BOUNDED.items():
        program, way = program_for(found[place].pattern), found[place].way
        for shape in SHAPES:
            text = nasty_text(shape, longest)
            steps_of(program, text, way=way, most=MOST_STEPS_IN_BOUNDS)


def test_bounds_hold():
    """Longer texts come to none of these patterns."""
    assert analysis.ukrainian_stem("а" * 100_000) == "а" * 100_000
    with pytest.raises(PartialDateError):
        date_input.parse_input("a" * 100_000)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(\w+)-\1|[a-c]{2,3}$", "abc-abc xyz abc"),
        (r"(?<=a)b+?(?!c)|\bd*\b", "abbc dd a"),
        (r"(?i:É|x)(?P<n>y)?", "éyXx"),
        (r"^(?:a|b)*+c$", "ababc"),
        (r"\s*[–—-]\s*", "a - b –c"),
        (r"(?s)a.*?b|\d{2}\.", "a\nb 12. a"),
    ],
)
def test_steps_are_those_of_pythons_matches(pattern, text):
    """The slow engine finds what Python's own finds."""
    compiled = re.compile(pattern)
    starts = list(starts_of(Counter(text, 10_000), program_for(compiled)))
    assert starts == [match.start() for match in compiled.finditer(text)]


def test_count_finds_slow_patterns():
    for pattern in (r"\s*-", r"(a+)+$", r"(?:a|a)*b"):
        found = Found("", re.compile(pattern), "search")
        slow = False
        for shape in ("spaces", "one word"):
            try:
                slow = slow or growth(found, shape) > MOST_GROWTH
            except TooManyStepsError:
                slow = True
        assert slow, pattern
