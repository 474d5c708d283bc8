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
from members.models import NetworkText

try:
    from weasyprint import HTML
except ImportError:
    # The page can be printed all the same.
    HTML = None


@dataclass(frozen=True)
class Block:
    """A piece of the act in each of its languages: language and text. `kind`: title, heading, text,
    item, sign."""

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


def act_of(file: File, language: str, bilingual: bool) -> Act:
    """The act in the file's language, or the one asked for; beside it in English if `bilingual`."""
    known = dict(settings.LANGUAGES)
    main = language if language in known else file.accession.source_language
    languages = tuple(dict.fromkeys([main, *(["en"] if bilingual else [])]))
    versions = [list(_pieces(file, code)) for code in languages]
    blocks = tuple(
        Block(pieces[0][0], tuple(zip(languages, (text for _kind, text in pieces), strict=True)))
        for pieces in zip(*versions, strict=True)
    )
    return Act(
        language=main,
        languages=languages,
        choices=tuple((code, own_name(code)) for code in known),
        title=versions[0][0][1],
        blocks=blocks,
        filename=f"act-{file.accession.city.slug}-{main}.pdf",
        can_be_pdf=HTML is not None,
        back=file.accession.get_file_url(),
    )


def pdf_of(act: Act) -> io.BytesIO | None:
    """The act as PDF, where WeasyPrint is installed. It loads nothing from anywhere: the styles are
    given to it."""
    if HTML is None:
        return None
    folder = settings.BASE_DIR / "static" / "css"
    styles = [folder / name for name in ("tokens.css", "paper/act.css")]
    html = render_to_string("members/act.html", {"act": act, "for_pdf": True})
    return io.BytesIO(
        HTML(string=html, url_fetcher=_no_fetching).write_pdf(stylesheets=[str(s) for s in styles])
    )


def _no_fetching(url: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise ValueError(f"An act loads nothing: {url}")


def _pieces(file: File, language: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each block in one language; as many, in the same order, in every
    language."""
    accession = file.accession
    with override(language):
        names = {
            "city": str(translated(accession.city, "name", language)),
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
                "Every city chooses the actions that matter most to it or are most urgent. "
                "It is invited to carry"
                " out at least one under each point."
            ),
        )
        for item in file.points:
            yield from _point(item, language)


def _declaration(file: File, language: str, names: dict[str, object]) -> Iterator[tuple[str, str]]:
    accession = file.accession
    yield "part", _("Declaration")
    if basis := accession.legal_basis:
        name = ", ".join(
            filter(
                None,
                [str(basis.get_kind_display()), basis.number, basis.title, basis.body]
                + ([format_partial(basis.passed, language)] if basis.passed else []),
            )
        )
        yield "text", _("On the ground of: %(act)s") % {"act": name}
    else:
        yield "text", _("On the ground of: ……………………………………………")
    yield "text", _("For the city of %(city)s I declare:") % names
    yield (
        "item",
        _("The city joins the network in full and adopts its plan of action in %(points)d points.")
        % names,
    )
    yield "item", _("What it commits itself to below becomes part of its strategies and policies.")
    yield "item", _("It sets aside the people, the money and the means that these actions need.")
    if resources := translated(accession, "resources", language):
        yield "text", str(resources)
    office = (
        str(named(accession.focal_point, language))
        if accession.focal_point
        else "……………………………………………"
    )
    yield (
        "item",
        _("Its focal point for following up and coordinating is: %(office)s") % {"office": office},
    )
    yield "item", _("It reports to the Steering Committee on what it has done.")


def _signing(file: File, language: str) -> Iterator[tuple[str, str]]:
    act = file.accession.signed_act
    day = format_partial(act.passed, language) if act and act.passed else "………………………………"
    yield "text", _("Place and date: %(date)s") % {"date": f"………………………………, {day}"}
    people = [str(person) for person in file.signatories] or [_("The mayor: name and office")]
    for person in people:
        yield "sign", person


def _point(item: PointOfFile, language: str) -> Iterator[tuple[str, str]]:
    title = {"number": item.point.number, "title": str(translated(item.point, "title", language))}
    yield "heading", _("%(number)s. %(title)s") % title
    yield "text", str(translated(item.point, "objective", language))
    for action in item.chosen:
        yield "item", str(translated(action, "text", language))
    for action in item.own:
        yield "item", str(translated(action, "text", language))
    yield "line", _("Further actions of the city:")
