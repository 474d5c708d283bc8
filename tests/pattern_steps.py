"""How many steps a regular expression needs for a text, counted and not timed.

Python's own engine runs in C and counts nothing. This one reads the tree that Python's parser makes
of a pattern, and backtracks as Python's engine does: greedy repeats take all they can and give back
one at a time. It is slow, so it reads short texts; a number of steps doubles with the text, or it
does not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from re import _constants as codes  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip

Test = Callable[[str], bool]
# Of an open repeat: the tree is unrolled for each time that must be, and once more for the rest.
MOST_UNROLLED = 300


class TooManyStepsError(Exception):
    """More steps than anybody would wait for."""


class Instruction(NamedTuple):
    """One step of a program. `a`, `b`: what it needs, by its `name`."""

    name: str
    a: Any = None
    b: Any = None


@dataclass
class Program:
    """A pattern as a list of instructions; the last one says that it matches."""

    flags: int
    steps: list[Instruction] = field(default_factory=list)
    loops: int = 0

    def add(self, name: str, a: Any = None, b: Any = None) -> int:
        self.steps.append(Instruction(name, a, b))
        return len(self.steps) - 1

    def aim(self, number: int, a: Any, b: Any = None) -> None:
        """Say where a jump that was added before leads."""
        self.steps[number] = Instruction(self.steps[number].name, a, b)

    def add_tree(self, tree: Any) -> None:
        for operation, value in tree:
            self._add_node(operation, value)

    def _add_node(self, operation: Any, value: Any) -> None:
        if operation in {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN}:
            self.add("sign", test_of(operation, value, self.flags))
        elif operation is codes.BRANCH:
            self._add_branches(value[1])
        elif operation is codes.SUBPATTERN:
            self._add_group(value)
        elif operation in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
            self._add_repeat(*value, is_greedy=operation is codes.MAX_REPEAT)
        elif operation is codes.POSSESSIVE_REPEAT:
            inner = Program(self.flags)
            inner._add_repeat(*value, is_greedy=True)
            self.add("atomic", inner.ended())
        elif operation is codes.ATOMIC_GROUP:
            self.add("atomic", program_of(value, self.flags))
        elif operation in {codes.ASSERT, codes.ASSERT_NOT}:
            direction, tree = value
            wanted = operation is codes.ASSERT
            width = tree.getwidth()[0] if direction < 0 else 0
            self.add("look", (program_of(tree, self.flags), width), wanted)
        elif operation is codes.AT:
            self.add("at", value)
        elif operation is codes.GROUPREF:
            self.add("again", value)
        else:
            raise NotImplementedError(operation)

    def _add_branches(self, branches: list[Any]) -> None:
        ends = []
        for tree in branches[:-1]:
            split = self.add("split")
            self.add_tree(tree)
            ends.append(self.add("jump"))
            self.aim(split, split + 1, len(self.steps))
        self.add_tree(branches[-1])
        for end in ends:
            self.aim(end, len(self.steps))

    def _add_group(self, value: Any) -> None:
        number, more, less, tree = value
        flags = self.flags
        self.flags = (flags | more) & ~less
        if number is not None:
            self.add("open", number)
        self.add_tree(tree)
        if number is not None:
            self.add("close", number)
        self.flags = flags

    def _add_repeat(self, least: int, most: Any, tree: Any, *, is_greedy: bool) -> None:
        for _time in range(min(least, MOST_UNROLLED)):
            self.add_tree(tree)
        if most is codes.MAXREPEAT:
            self._add_loop(tree, is_greedy)
            return
        splits = []
        for _time in range(min(most - least, MOST_UNROLLED)):
            splits.append(self.add("split"))
            self.add_tree(tree)
        for split in splits:
            ways = (split + 1, len(self.steps))
            self.aim(split, *(ways if is_greedy else reversed(ways)))

    def _add_loop(self, tree: Any, is_greedy: bool) -> None:
        """As often as it fits; a turn that takes no sign is the last."""
        loop = self.loops
        self.loops += 1
        split = self.add("split")
        self.add("turn", loop)
        self.add_tree(tree)
        self.add("moved", loop)
        self.add("jump", split)
        ways = (split + 1, len(self.steps))
        self.aim(split, *(ways if is_greedy else reversed(ways)))

    def ended(self) -> "Program":
        self.add("match")
        return self


def program_of(tree: Any, flags: int) -> Program:
    program = Program(flags)
    program.add_tree(tree)
    return program.ended()


def program_for(pattern: "re.Pattern[str]") -> Program:
    tree = parser.parse(pattern.pattern, pattern.flags)
    return program_of(tree, pattern.flags)


# --- Signs ----------------------------------------------------------------------------------------


def test_of(operation: Any, value: Any, flags: int) -> Test:
    """Whether one sign fits a literal, a dot or a class of signs."""
    if operation is codes.ANY:
        return lambda sign: bool(flags & re.DOTALL) or sign != "\n"
    if operation is codes.IN:
        return test_of_class(value, flags)
    literal = chr(value)
    if operation is codes.NOT_LITERAL:
        return lambda sign: not same(sign, literal, flags)
    return lambda sign: same(sign, literal, flags)


def same(one: str, other: str, flags: int) -> bool:
    if flags & re.IGNORECASE:
        return one.lower() == other.lower()
    return one == other


def test_of_class(items: list[Any], flags: int) -> Test:
    """Python's own engine knows classes of signs: it is asked for one sign at a time."""
    is_negated = bool(items) and items[0][0] is codes.NEGATE
    tests = [test_of_item(*item, flags) for item in items if item[0] is not codes.NEGATE]
    known: dict[str, bool] = {}

    def fits(sign: str) -> bool:
        if sign not in known:
            known[sign] = any(test(sign) for test in tests) != is_negated
        return known[sign]

    return fits


def test_of_item(operation: Any, value: Any, flags: int) -> Test:
    if operation is codes.LITERAL:
        return lambda sign: same(sign, chr(value), flags)
    if operation is codes.RANGE:
        low, high = value
        if flags & re.IGNORECASE:
            return lambda sign: any(low <= ord(s[0]) <= high for s in (sign.lower(), sign.upper()))
        return lambda sign: low <= ord(sign) <= high
    category = CATEGORIES[value]
    return lambda sign: bool(category.match(sign))


CATEGORIES = {
    codes.CATEGORY_DIGIT: re.compile(r"\d"),
    codes.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    codes.CATEGORY_SPACE: re.compile(r"\s"),
    codes.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    codes.CATEGORY_WORD: re.compile(r"\w"),
    codes.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


# --- To run it ------------------------------------------------------------------------------------


class Thread(NamedTuple):
    """A way to go on: the instruction, the place in the text, groups and the starts of turns."""

    step: int
    place: int
    groups: tuple[tuple[int, int], ...]
    turns: tuple[tuple[int, int], ...]


class Counter:
    """Runs programs over one text, and counts every instruction."""

    def __init__(self, text: str, most: int) -> None:
        self.text = text
        self.most = most
        self.count = 0

    def run(self, program: Program, start: int, *, to_end: bool = False) -> int:
        """Where the first match ends that begins here; -1 where there is none."""
        waiting = [Thread(0, start, (), ())]
        while waiting:
            thread: Thread | None = waiting.pop()
            while thread is not None:
                self.count += 1
                if self.count > self.most:
                    raise TooManyStepsError
                step = program.steps[thread.step]
                if step.name == "match":
                    if not to_end or thread.place == len(self.text):
                        return thread.place
                    break
                thread = self.follow(step, thread, waiting)
        return -1

    def follow(self, step: Instruction, thread: Thread, waiting: list[Thread]) -> Thread | None:
        """The thread after this step; None where it fails."""
        number, place, groups, turns = thread
        if step.name == "sign":
            if place < len(self.text) and step.a(self.text[place]):
                return Thread(number + 1, place + 1, groups, turns)
            return None
        if step.name == "split":
            waiting.append(Thread(step.b, place, groups, turns))
            return Thread(step.a, place, groups, turns)
        if step.name == "jump":
            return Thread(step.a, place, groups, turns)
        if step.name == "turn":
            others = tuple(turn for turn in turns if turn[0] != step.a)
            return Thread(number + 1, place, groups, (*others, (step.a, place)))
        if step.name == "moved":
            has_moved = dict(turns)[step.a] != place
            return Thread(number + 1 if has_moved else number + 2, place, groups, turns)
        if step.name in {"open", "close"}:
            return Thread(number + 1, place, self.noted(step, place, groups), turns)
        return self.follow_look(step, thread)

    def follow_look(self, step: Instruction, thread: Thread) -> Thread | None:
        """What takes no sign, or takes signs without a way back."""
        number, place, groups, turns = thread
        if step.name == "at":
            end = place if is_at(step.a, self.text, place) else -1
        elif step.name == "look":
            program, width = step.a
            found = place >= width and self.run(program, place - width) >= 0
            end = place if found == step.b else -1
        elif step.name == "atomic":
            end = self.run(step.a, place)
        else:
            start, stop = dict(groups).get(step.a, (0, 0))
            word = self.text[start:stop]
            self.count += len(word)
            end = place + len(word) if self.text.startswith(word, place) else -1
        return Thread(number + 1, end, groups, turns) if end >= 0 else None

    def noted(self, step: Instruction, place: int, groups: Any) -> Any:
        """With the beginning or the end of a group."""
        others = tuple(group for group in groups if group[0] != step.a)
        start = place if step.name == "open" else dict(groups)[step.a][0]
        return (*others, (step.a, (start, place)))


def is_at(code: Any, text: str, place: int) -> bool:
    before, after = text[max(place - 1, 0) : place], text[place : place + 1]
    if code in {codes.AT_BEGINNING, codes.AT_BEGINNING_STRING}:
        return place == 0
    if code is codes.AT_BEGINNING_LINE:
        return before in {"", "\n"}
    if code is codes.AT_END:
        return after == "" or (after == "\n" and place == len(text) - 1)
    if code is codes.AT_END_STRING:
        return after == ""
    if code is codes.AT_END_LINE:
        return after in {"", "\n"}
    is_boundary = is_word(before) != is_word(after)
    return is_boundary == (code is codes.AT_BOUNDARY)


def is_word(sign: str) -> bool:
    return sign == "_" or bool(sign and unicodedata.category(sign)[0] in "LN")


def starts_of(counter: Counter, program: Program) -> Iterator[int]:
    """Where matches of the whole text begin, one after another, as `finditer` and `sub` find."""
    place = 0
    while place <= len(counter.text):
        end = counter.run(program, place)
        if end >= 0:
            yield place
        place = end if end > place else place + 1


def steps_of(program: Program, text: str, *, way: str, most: int) -> int:
    """Steps for all matches ("search"), or for one at the beginning ("match", "fullmatch")."""
    counter = Counter(text, most)
    if way == "search":
        for _start in starts_of(counter, program):
            pass
    else:
        counter.run(program, 0, to_end=way == "fullmatch")
    return counter.count
