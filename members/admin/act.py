"""The Act of Accession and Commitment as a document to be printed and signed.

Structure: a declaration with the mayor's signature, then for each point its title, its objective,
what the city chooses and what it adds (domain, section 1.2). The wording is the portal's own.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.dates import format_partial
from languages.names import own_name
from languages.text import named, translated
from members.accession_file import File, PointOfFile
from members.models import LegalAct, NetworkText

try:
    from weasyprint import HTML
except ImportError:
    # The page can still be printed.
    HTML = None


# To be filled in by hand.
LONG_GAP = "……………………………………………"
SHORT_GAP = "………………………………"


@dataclass(frozen=True)
class Block:
    """A piece of the act in each of its languages.

    `kind`: title, part, heading, text, item, line or sign. `texts`: language and text.
    """

    kind: str
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Act:
    """The whole document."""

    language: str
    languages: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    title: str
    blocks: tuple[Block, ...]
    filename: str
    can_be_pdf: bool
    back: str


def act_of(file: File, language: str, *, is_bilingual: bool) -> Act:
    """The act in this language, else in the file's; beside it in English if it is bilingual."""
    codes = dict(settings.LANGUAGES)
    main = language if language in codes else file.accession.source_language
    languages: tuple[str, ...] = (main,)
    if is_bilingual and main != "en":
        languages = (main, "en")
    choices = tuple((code, own_name(code)) for code in codes)
    blocks = _blocks(file, languages)
    _language, title = blocks[0].texts[0]
    return Act(
        language=main,
        languages=languages,
        choices=choices,
        title=title,
        blocks=blocks,
        filename=f"act-{file.accession.city.slug}-{main}.pdf",
        can_be_pdf=HTML is not None,
        back=file.accession.get_file_url(),
    )


def pdf_of(act: Act) -> io.BytesIO | None:
    """The act as PDF, where WeasyPrint is installed. It loads nothing from any address."""
    if HTML is None:
        return None
    context = {"act": act, "for_pdf": True}
    html = render_to_string("admin/members/accession/act.html", context)
    document = HTML(string=html, url_fetcher=_no_fetching)
    folder = settings.BASE_DIR / "static" / "css"
    styles = [str(folder / name) for name in ("tokens.css", "paper/act.css")]
    content = document.write_pdf(stylesheets=styles)
    return io.BytesIO(content)


def _no_fetching(url: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise ValueError(f"An act loads nothing: {url}")


def _blocks(file: File, languages: tuple[str, ...]) -> tuple[Block, ...]:
    """The pieces of each language beside each other."""
    versions = [list(_pieces(file, language)) for language in languages]
    blocks = []
    for pieces in zip(*versions, strict=True):
        kind, _text = pieces[0]
        words = [text for _kind, text in pieces]
        texts = zip(languages, words, strict=True)
        blocks.append(Block(kind, tuple(texts)))
    return tuple(blocks)


def _pieces(file: File, language: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each block in one language: in every language as many, in one order."""
    with override(language):
        names = {
            "city": str(translated(file.accession.city, "name", language)),
            "network": str(NetworkText.wordings("name").get("name") or ""),
            "points": len(file.points),
        }
        yield "title", _("Act of Accession and Commitment")
        yield "text", _("%(city)s to %(network)s") % names
        yield from _declaration(file, language, names)
        yield from _signing(file, language)
        yield "part", _("The city’s plan of action in %(points)d points") % names
        yield (
            "text",
            _(
                "Every city chooses the actions that matter most to it or are most urgent. It is "
                "invited to carry out at least one under each point."
            ),
        )
        for item in file.points:
            yield from _point(item, language)


def _declaration(file: File, language: str, names: dict[str, object]) -> Iterator[tuple[str, str]]:
    accession = file.accession
    yield "part", _("Declaration")
    yield "text", _ground(accession.legal_basis, language)
    yield "text", _("For the city of %(city)s I declare:") % names
    adopts = _(
        "The city joins the network in full and adopts its plan of action in %(points)d points."
    )
    yield "item", adopts % names
    yield "item", _("What it commits itself to below becomes part of its strategies and policies.")
    yield "item", _("It sets aside the people, the money and the means that these actions need.")
    if resources := translated(accession, "resources", language):
        yield "text", str(resources)
    office = accession.focal_point
    focal_point = _("Its focal point for following up and coordinating is: %(office)s")
    yield "item", focal_point % {"office": str(named(office, language)) if office else LONG_GAP}
    yield "item", _("It reports to the Steering Committee on what it has done.")


def _ground(basis: LegalAct | None, language: str) -> str:
    """The decision to join; a gap to be filled in by hand where it is not known."""
    if basis is None:
        return _("On the ground of: ……………………………………………")
    kind = str(basis.get_kind_display())
    parts = [kind, basis.number, basis.title, basis.body]
    if basis.passed:
        day = format_partial(basis.passed, language)
        parts.append(day)
    act = ", ".join(filter(None, parts))
    return _("On the ground of: %(act)s") % {"act": act}


def _signing(file: File, language: str) -> Iterator[tuple[str, str]]:
    act = file.accession.signed_act
    day = SHORT_GAP
    if act and act.passed:
        day = format_partial(act.passed, language)
    place_and_date = _("Place and date: %(date)s")
    yield "text", place_and_date % {"date": f"{SHORT_GAP}, {day}"}
    people = [str(person) for person in file.signatories]
    for person in people or [_("The mayor: name and office")]:
        yield "sign", person


def _point(item: PointOfFile, language: str) -> Iterator[tuple[str, str]]:
    point = item.point
    title = str(translated(point, "title", language))
    objective = str(translated(point, "objective", language))
    heading = _("%(number)s. %(title)s")
    yield "heading", heading % {"number": point.number, "title": title}
    yield "text", objective
    for action in [*item.chosen, *item.own]:
        yield "item", str(translated(action, "text", language))
    yield "line", _("Further actions of the city:")
