"""Measures how readable the source is and prints one table; reads files only, needs no database.

    python bench/measure.py             the table
    python bench/measure.py --list 30   up to 30 places under each line of the table, not 10
    python bench/measure.py --check     exit 1 if a bar is broken, with the places that break it

Python is measured in the four apps without their migrations, HTML and text in templates/, CSS in
static/. *Nodes per line* of a function is the number of nodes in the syntax tree of its body (all
that `ast.walk` gives, the docstring left out), divided by its lines from `def` to its end that hold
code: neither the docstring nor blank lines nor comments make a function look lighter. By this
definition healthchecks has a median of 6.7 and djangoproject.com 5.5 (November 2026).
"""

import argparse
import ast
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
APPS = ("portal", "programs", "members", "languages")

# The bars. `--check` fails by those that a Row calls broken; the others are information.
MEDIAN_NODES = 7.0
P90_NODES = 11.0
MOST_PARAMETERS = 6
LONGEST_FUNCTION = 50
CODE_LINE = 100
TEMPLATE_LINE = 120
LONGEST_STYLE_SHEET = 400

# Participles that stand as names without a noun: what was typed? Words of other libraries and
# Django's own (`cleaned_data`) are not in the list.
PARTICIPLES = frozenset(
    {"asked", "done", "found", "gathered", "given", "held_back", "kept"}
    | {"seen", "sent", "shown", "taken", "told", "typed", "written"}
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    """Something measured: where it stands, what it is, and its number."""

    value: float
    where: str
    name: str

    def __str__(self) -> str:
        number = f"{self.value:.1f}" if self.value % 1 else f"{self.value:.0f}"
        return f"{number:>6}  {self.where}  {self.name}".rstrip()


@dataclass
class Row:
    """One line of the table. `bar` is what the house wants; `broken` makes `--check` fail."""

    name: str
    value: str
    bar: str = ""
    broken: bool = False
    places: list[str] | None = None


class Module:
    """One Python file of an app: its text and its syntax tree."""

    def __init__(self, path: Path) -> None:
        self.app = path.relative_to(ROOT).parts[0]
        self.where = str(path.relative_to(ROOT))
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.tree = ast.parse("\n".join(self.lines), self.where)

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def place(self, value: float, node: Function | ast.ClassDef) -> Place:
        return Place(value, f"{self.where}:{node.lineno}", node.name)


def main() -> int:
    options = arguments()
    modules = [Module(path) for app in APPS for path in sources(app)]
    rows = [*functions(modules), *names(modules), *lines(modules), *templates(), *styles()]
    if options.check:
        return check(rows, options.list)
    show(rows, options.list)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how readable the source is.")
    parser.add_argument("--list", type=int, default=10, metavar="N", help="places under each line")
    parser.add_argument("--check", action="store_true", help="exit 1 if a bar is broken")
    return parser.parse_args()


def sources(app: str) -> list[Path]:
    files = sorted((ROOT / app).rglob("*.py"))
    return [path for path in files if "migrations" not in path.parts]


# --- Functions ------------------------------------------------------------------------------------


def functions(modules: list[Module]) -> Iterator[Row]:
    density = ranked(
        module.place(nodes_per_line(module, function), function)
        for module in modules
        for function in module.functions()
    )
    values = [place.value for place in density]
    median, p90 = statistics.median(values), percentile(values, 90)
    yield Row("functions", f"{len(values)}")
    yield Row(
        "nodes per line, median", f"{median:.1f}", f"{MEDIAN_NODES:.0f}", median > MEDIAN_NODES
    )
    yield Row(
        "nodes per line, nine in ten",
        f"{p90:.1f}",
        f"{P90_NODES:.0f}",
        p90 > P90_NODES,
        texts(density),
    )
    yield function_lengths(modules)
    yield parameter_lists(modules)


def nodes_per_line(module: Module, function: Function) -> float:
    """Nodes of the body per line of code; 0 where a docstring is the whole body."""
    body, lines = function.body, range(function.lineno, function.end_lineno + 1)
    if ast.get_docstring(function, clean=False) is not None:
        text, body = body[0], body[1:]
        lines = [line for line in lines if not text.lineno <= line <= text.end_lineno]
    code = [line for line in lines if is_code(module.lines[line - 1])]
    nodes = sum(1 for statement in body for _node in ast.walk(statement))
    return nodes / max(len(code), 1)


def is_code(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith("#")


def function_lengths(modules: list[Module]) -> Row:
    lengths = ranked(
        module.place(function.end_lineno - function.lineno + 1, function)
        for module in modules
        for function in module.functions()
    )
    too_long = sum(place.value > LONGEST_FUNCTION for place in lengths)
    values = [place.value for place in lengths]
    value = (
        f"{too_long} (median {statistics.median(values):.0f}, "
        f"nine in ten {percentile(values, 90):.0f}, longest {max(values):.0f})"
    )
    bar = f"none over {LONGEST_FUNCTION}"
    return Row(f"functions over {LONGEST_FUNCTION} lines", value, bar, False, texts(lengths))


def parameter_lists(modules: list[Module]) -> Row:
    counts = ranked(
        module.place(count_parameters(function), function)
        for module in modules
        for function in free_of_dataclasses(module)
    )
    too_many = sum(place.value > MOST_PARAMETERS for place in counts)
    return Row(
        f"functions with over {MOST_PARAMETERS} parameters",
        f"{too_many} (most {counts[0].value:.0f})",
        "none",
        too_many > 0,
        texts([place for place in counts if place.value > MOST_PARAMETERS]),
    )


def free_of_dataclasses(module: Module) -> Iterator[Function]:
    """Functions without the `__init__` of a dataclass, whose parameters are its fields."""
    free = {
        method
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and is_dataclass(node)
        for method in node.body
        if isinstance(method, Function) and method.name == "__init__"
    }
    for function in module.functions():
        if function not in free:
            yield function


def is_dataclass(node: ast.ClassDef) -> bool:
    return any("dataclass" in ast.unparse(mark) for mark in node.decorator_list)


def count_parameters(function: Function) -> int:
    """Parameters that a caller writes: without `self` and `cls`, with `*args` and `**kwargs`."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    named = [one for one in named if one.arg not in {"self", "cls"}]
    return len(named) + bool(arguments.vararg) + bool(arguments.kwarg)


# --- Names ----------------------------------------------------------------------------------------


def names(modules: list[Module]) -> Iterator[Row]:
    classes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for module in modules:
        for node in module.tree.body:
            # Django wants every management command to be called so.
            if isinstance(node, ast.ClassDef) and node.name != "Command":
                classes[node.name].append((module.app, f"{module.where}:{node.lineno}"))
    yield twice_within_an_app(classes)
    yield twice_between_apps(classes)
    yield participles(modules)


def twice_within_an_app(classes: dict[str, list[tuple[str, str]]]) -> Row:
    twice = []
    for name, definitions in sorted(classes.items()):
        for app in APPS:
            where = [place for owner, place in definitions if owner == app]
            if len(where) > 1:
                twice.append(f"{name}: {', '.join(where)}")
    return Row("class names twice within an app", f"{len(twice)}", "none", bool(twice), twice)


def twice_between_apps(classes: dict[str, list[tuple[str, str]]]) -> Row:
    twice = [
        f"{name}: {', '.join(place for _app, place in definitions)}"
        for name, definitions in sorted(classes.items())
        if len({app for app, _place in definitions}) > 1
    ]
    return Row("class names in two apps", f"{len(twice)}", "none", bool(twice), twice)


def participles(modules: list[Module]) -> Row:
    counts = Counter(
        name
        for module in modules
        for node in ast.walk(module.tree)
        if (name := given_name(node)) in PARTICIPLES
    )
    places = [f"{count:>6}  {name}" for name, count in counts.most_common()]
    return Row("bare participles as names", f"{counts.total()}", "", False, places)


def given_name(node: ast.AST) -> str | None:
    """The name that this node gives to a parameter, a variable, an attribute or a function."""
    match node:
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            return name
        case ast.Attribute(attr=name) | ast.FunctionDef(name=name):
            return name
    return None


# --- Lines and files ------------------------------------------------------------------------------


def lines(modules: list[Module]) -> Iterator[Row]:
    code = [
        Place(len(line), f"{module.where}:{number}", "")
        for module in modules
        for number, line in enumerate(module.lines, 1)
        if line.strip()
    ]
    yield over("code lines", code, CODE_LINE)
    sizes = ranked(Place(len(module.lines), module.where, "") for module in modules)
    value = f"{len(sizes)} (longest {sizes[0].value:.0f} lines)"
    yield Row("modules", value, "think at 400, split at 600", False, texts(sizes))


def templates() -> Iterator[Row]:
    found = [
        Place(len(line), f"{path.relative_to(ROOT)}:{number}", "")
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.suffix in {".html", ".txt"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]
    yield over("template lines", found, TEMPLATE_LINE, most=0)


def over(what: str, measured: list[Place], limit: int, most: int | None = None) -> Row:
    """The lines longer than `limit`; the bar breaks where they are over `most` per cent."""
    long = ranked(place for place in measured if place.value > limit)
    longest = max(place.value for place in measured)
    share = 100 * len(long) / len(measured)
    value = f"{len(long)} ({share:.1f} %, longest {longest:.0f})"
    bar = f"{most} %" if most else "none"
    broken = most is not None and share > most
    return Row(f"{what} over {limit}", value, bar, broken, texts(long))


def styles() -> Iterator[Row]:
    sheets = ranked(
        Place(len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(ROOT)), "")
        for path in (ROOT / "static").rglob("*.css")
    )
    long = [place for place in sheets if place.value > LONGEST_STYLE_SHEET]
    value = f"{len(long)} of {len(sheets)} (longest {sheets[0].value:.0f})"
    yield Row(f"CSS files over {LONGEST_STYLE_SHEET}", value, "none", False, texts(long))


# --- Numbers and the table ------------------------------------------------------------------------


def ranked(places: Iterator[Place]) -> list[Place]:
    """The highest number first; equal numbers by file."""
    return sorted(places, key=lambda place: (-place.value, place.where))


def texts(places: list[Place]) -> list[str]:
    return [str(place) for place in places]


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def show(rows: list[Row], most: int) -> None:
    """The table, then up to `most` places of each line."""
    width = max(len(row.name) for row in rows)
    for row in rows:
        mark = "!" if row.broken else " "
        print(f"{mark} {row.name:<{width}}  {row.value:<46}  {row.bar}".rstrip())
    for row in rows:
        if row.places:
            print(f"\n{row.name}")
            print("\n".join(f"  {place}" for place in row.places[:most]))


def check(rows: list[Row], most: int) -> int:
    """1 if a bar is broken, with up to `most` places that break it; else 0."""
    broken = [row for row in rows if row.broken]
    for row in broken:
        print(f"{row.name}: {row.value}, the bar is {row.bar}", file=sys.stderr)
        for place in (row.places or [])[:most]:
            print(f"  {place}", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
