"""Data blocks for search engines: `<script type="application/ld+json">`, which no browser runs."""

from html import unescape
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from members.help import Help
from members.models import City, Membership
from portal import structured_data
from portal.figures.figure import Figure
from portal.models import DataRelease, Event, News
from portal.open_data.formats import FORMATS, endings_of
from portal.open_data.formats.table import LICENCE, today
from portal.open_data.offers import OfferedTable
from portal.structured_data import DataFile, DataSet

register = template.Library()


def block(nodes: list[dict[str, Any]]) -> SafeString:
    """Decision 0042 says why this is no inline script."""
    text = structured_data.json_of(nodes)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def city_data(context: Context, city: City, membership: Membership | None) -> str:
    if city.fictional:
        return ""
    return block(structured_data.city_nodes(city, membership, _network(context)))


@register.simple_tag
def help_data(help_here: Help) -> str:
    entries = [entry for entry in help_here.entries if not entry.contact.fictional]
    return block(structured_data.help_nodes(Help(entries))) if entries else ""


@register.simple_tag
def event_data(event: Event) -> str:
    return "" if event.fictional else block(structured_data.event_nodes(event))


@register.simple_tag
def news_data(news: News) -> str:
    return "" if news.fictional else block(structured_data.news_nodes(news, settings.PORTAL_NAME))


@register.simple_tag
def figures_data(figures: list[Figure]) -> str:
    sets = []
    for figure in figures:
        description = f"{figure.sentence} {figure.reading}"
        path = reverse("figure_file", args=[figure.name])
        files = [DataFile("text/csv", path)]
        sets.append(DataSet(figure.title, description, files, modified=today()))
    return block(structured_data.dataset_nodes(sets, _terms()))


@register.simple_tag
def tables_data(tables: list[OfferedTable], release: DataRelease | None) -> str:
    """All tables, and the archive of them."""
    sets = [_table_set(table) for table in tables]
    if release:
        sets.append(_archive_set(release))
    name = _("Open data")
    return block(structured_data.catalogue_nodes(name, reverse("data"), sets, _terms()))


@register.simple_tag
def table_data(table: OfferedTable) -> str:
    return block(structured_data.dataset_nodes([_table_set(table)], _terms()))


def _table_set(table: OfferedTable) -> DataSet:
    kind = table.kind
    files = []
    for ending in endings_of(kind.has_places):
        media_type, _parameters, _rest = FORMATS[ending][0].partition(";")
        path = reverse(f"{kind.name}_export", args=[ending]) + table.query
        files.append(DataFile(media_type, path))
    page = reverse("data_table", args=[kind.name])
    moments = table.moments.texts()
    return DataSet(str(kind.title), str(kind.meaning), files, page, **moments)


def _archive_set(release: DataRelease) -> DataSet:
    made_at = release.made_at.isoformat(timespec="seconds")
    return DataSet(
        # Not "all": an archive of before an upgrade lacks those that came with it.
        name=_("Tables in all languages (ZIP)"),
        description=_(
            "Everything that is known here, as tables and for programs, with its meaning and its "
            "terms."
        ),
        files=[DataFile("application/zip", release.url)],
        path=reverse("data") + "#everything",
        issued=made_at,
        modified=made_at,
    )


def _terms() -> dict[str, Any]:
    creator = {"@type": "Organization", "name": settings.PORTAL_NAME, "url": settings.SITE_URL}
    return {"license": LICENCE, "creator": creator}


@register.simple_tag(takes_context=True)
def breadcrumb_data(context: Context) -> str:
    """The steps that components/breadcrumbs.html draws."""
    steps = [(_("Home"), reverse("home"))]
    for name in ("grandparent", "parent"):
        path = context.get(f"{name}_url")
        if path:
            steps.append((_text(context.get(name)), path))
    steps.append((_text(context.get("current")), ""))
    return block(structured_data.breadcrumb_nodes(steps))


def _network(context: Context) -> str:
    wordings: Any = context.get("network") or {}
    return str(wordings.get("name", ""))


def _text(value: object) -> str:
    """What a template gave as plain text or as HTML."""
    return unescape(strip_tags(str(value))) if isinstance(value, SafeString) else str(value)
