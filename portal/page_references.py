"""How a page is cited: after the American Psychological Association (APA, 7th edition), and as
BibTeX, with a link to the version that was read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_date as format_date_in
from babel.dates import format_skeleton
from django.conf import settings
from django.utils.translation import gettext as _

from languages.dates import format_date
from languages.names import locale_of
from languages.text import current_language
from portal.versions import MOMENT

# What TeX takes for a command.
TEX_SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class PageReference:
    """A page to cite. `key`: of its entry, as in addresses; `remark`: whose it is, or by what the
    page is filtered.

    `at`: the moment of its version; None where no versions are kept. `version` and `page` are
    addresses with the site.
    """

    key: str
    title: str
    page: str
    read_at: datetime
    version: str = ""
    at: datetime | None = None
    remark: str = ""

    @property
    def url(self) -> str:
        """The permanent link, else the page itself."""
        return self.version if self.at else self.page

    @property
    def moment(self) -> datetime:
        return (self.at or self.read_at).astimezone(UTC)

    @property
    def apa(self) -> str:
        """`Ten Points. (2026, November 29). Open Kraków [Kraków]. https://…`"""
        day = _day(self.moment)
        remark = f" [{self.remark}]" if self.remark else ""
        author = settings.PORTAL_NAME
        start = (
            f"{author}. ({self.moment.year}, {day}). {self.title}{remark}".removesuffix(".") + "."
        )
        if self.at:
            return f"{start} {self.url}"
        read_on = format_date(self.read_at.date(), current_language())
        retrieved = _("Retrieved {date}, from {url}").format(date=read_on, url=self.url)
        return f"{start} {retrieved}"

    @property
    def bibtex(self) -> str:
        """An entry of a BibTeX file; UTF-8."""
        moment = self.moment
        if self.at:
            day = f"{moment:%Y-%m-%d %H:%M:%S} UTC"
            # Translators: in a reference of literature; {moment}: 2026-11-29 12:00:00 UTC
            note = _("Version of {moment}").format(moment=day)
        else:
            note = _("No versions kept")
        fields = {
            "author": f"{{{{{_for_tex(settings.PORTAL_NAME)}}}}}",
            "title": f"{{{{{_for_tex(self._full_title)}}}}}",
            "year": str(moment.year),
            "month": MONTHS[moment.month - 1],
            "url": f"{{{self.url}}}",
            "urldate": f"{{{self.read_at:%Y-%m-%d}}}",
            "note": f"{{{note}, CC BY 4.0}}",
        }
        lines = [f"  {name} = {value}" for name, value in fields.items()]
        body = ",\n".join(lines)
        return f"@misc{{{self.key}-{moment.strftime(MOMENT)},\n{body}\n}}"

    @property
    def _full_title(self) -> str:
        return f"{self.title} [{self.remark}]" if self.remark else self.title


def _day(moment: datetime) -> str:
    """The day without its year: in English as the Americans write it, whose style this is."""
    locale = locale_of(current_language())
    if current_language() == "en":
        return format_date_in(moment, "MMMM d", locale=locale)
    return format_skeleton(
        "MMMMd",
        moment,
        locale=locale,
    )


def _for_tex(text: str) -> str:
    """A text in one line, with what TeX reads as a command written out."""
    flat = " ".join(text.split())
    return flat.translate(TEX_SIGNS)
