"""Records in words: sources and what they say, memberships."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext

from languages.dates import PartialDateError, parse
from languages.names import join_list, money
from languages.tables import rows_of
from languages.templatetags.text import inline, time
from languages.text import Text, current_language
from members import age
from members.editing.unsent import unsent_of
from members.models import Action, Citation, City, FeeBand, Record, Source, Undertaking
from members.models.cities import city_name, with_distinction
from members.models.record import content_type_of
from members.standing import StandingLine

register = template.Library()


@register.filter
def host(url: str) -> str:
    """`https://www.krakow.pl/aktualnosci` → `krakow.pl`; the address itself where it has no
    host."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        name = ""
    return name.removeprefix("www.") or url


@register.filter
def link_text(source: Source) -> str:
    """The words of a link to a source: its title, else its publisher and the host of its
    address."""
    return str(source)


@register.filter
def fee(band: FeeBand) -> str:
    """What a band costs a year, as the reader's language writes money; "free" for nothing."""
    if not band.amount:
        return pgettext("fee", "free")
    return money(band.amount, band.currency, current_language())


@register.filter
def status_words(action: Action) -> str:
    """The status of an action with its year: `planned in 2014, nothing later known`."""
    return age.status_words(action)


@register.filter
def undertaking_words(undertaking: Undertaking) -> str:
    """When a city undertook something: `adopted in 2014, nothing later known`."""
    return age.undertaking_words(undertaking)


@register.filter
def is_recent(on: str) -> bool:
    """Whether a partial date lies in the last three calendar years."""
    return age.is_recent(on)


@register.simple_tag(name="city_name")
def city_name_tag(city: City) -> SafeString | str:
    """`{% city_name city %}`: its name for this reader, told apart from another city of that name;
    as `inline` gives it."""
    return inline(city_name(city))


@register.simple_tag
def city_name_of(city: City) -> Text:
    """`{% city_name_of city as name %}`: the same as a `Text`."""
    return city_name(city)


@register.filter
def local_name_beside(city: City, title: object) -> str:
    """Its name in its own language, where the title does not say that."""
    said = {city.local_name, with_distinction(city, city.local_name)}
    return "" if str(title) in said else city.local_name


@register.filter
def special_kind(city: City) -> str:
    """The kind of a place that is no city: `county`; empty for a city."""
    if city.kind == City.Kind.CITY:
        return ""
    return str(city.get_kind_display())


@dataclass
class SourceEntry:
    """A source in a page's list: its number there and what it is cited for."""

    number: int
    source: Source
    citations: list[Citation] = field(default_factory=list)
    # The ids of the marks on this page that lead to the source, in their order: the way back.
    marks: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The kind of the source, empty for "other"."""
        if self.source.kind == Source.Kind.OTHER:
            return ""
        return str(self.source.get_kind_display())

    @property
    def bases(self) -> str:
        """The bases of its citations, each once: `statement of the city`."""
        words = {}
        for citation in self.citations:
            if citation.basis:
                # Django's own `get_basis_display` compares with all choices in all words.
                basis = Citation.Basis(citation.basis)
                label = str(basis.label)
                words[label] = True
        return join_list(words, current_language())

    @property
    def stands_behind(self) -> str:
        """Kinds of the entries that it is cited for, each once: `city and membership`."""
        words = {}
        for citation in self.citations:
            model = _model_of(citation)
            name = str(model._meta.verbose_name)
            words[name] = True
        return join_list(words, current_language())

    @property
    def remarks(self) -> list[Citation]:
        """Citations with a statement, a remark or a note; of equal ones the first."""
        remarks: dict[tuple[str, ...], Citation] = {}
        for citation in self.citations:
            words = (citation.states, citation.remark, citation.remark_on, citation.note)
            if not any(words):
                continue
            key = (citation.field, *words)
            remarks.setdefault(key, citation)
        return list(remarks.values())


@register.simple_tag
def sources_of(citations: Iterable[Citation]) -> list[SourceEntry]:
    """`{% sources_of citations as sources %}`: each source once, numbered in the order of first
    citation."""
    entries: dict[int, SourceEntry] = {}
    for citation in citations:
        entry = entries.setdefault(
            citation.source_id, SourceEntry(len(entries) + 1, citation.source)
        )
        entry.citations.append(citation)
    return list(entries.values())


@register.simple_tag
def entries_for(sources: Iterable[SourceEntry], record: Record | None) -> list[SourceEntry]:
    """`{% entries_for sources act as entries %}`: the sources of this page that stand behind one
    record."""
    if not record or not sources:
        return []
    key = (content_type_of(record).pk, record.pk)
    entries = []
    for entry in sources:
        own = [row for row in entry.citations if (row.content_type_id, row.object_id) == key]
        if own:
            entries.append(SourceEntry(entry.number, entry.source, own))
    return entries


@register.simple_tag
def dated_standing(standing: StandingLine, sources: Iterable[SourceEntry]) -> StandingLine:
    """`{% dated_standing standing sources %}`: "Listed as a member, 2024" by the year of its newest
    source, where no other date is known."""
    dates = []
    for entry in entries_for(sources, standing.record):
        for citation in entry.citations:
            date = citation.remark_on or entry.source.published
            dates.append(str(date))
    return standing.dated_by(dates)


@register.simple_tag
def entries_for_field(
    sources: Iterable[SourceEntry], record: Record, field: str
) -> list[SourceEntry]:
    """`{% entries_for_field sources news "quotation" as entries %}`: the sources that hold one
    field of a record: those cited for it, or the only one that the record has."""
    entries = entries_for(sources, record)
    own = []
    for entry in entries:
        fields = [citation.field for citation in entry.citations]
        if field in fields:
            own.append(entry)
    is_only_one = len(entries) == 1
    if is_only_one:
        return entries
    return own


# So many marks beside one claim; further sources are counted.
MOST_MARKS = 2
# Of a source without an address, in letters.
LONGEST_PUBLISHER = 28


@dataclass(frozen=True)
class SourceMark:
    """A mark beside a claim: it leads to the source in the page's list, and the list back to it."""

    id: str
    number: int
    label: str


@register.inclusion_tag("components/source_marks.html")
def source_marks(sources: list[SourceEntry], record: Record | None) -> dict[str, object]:
    """`{% source_marks sources action %}`: who says it: links to the sources, or the city itself.

    The list of sources stands after all marks, because each mark is entered there.
    """
    entries = entries_for(sources, record)
    marks = [_mark(sources, entry) for entry in entries[:MOST_MARKS]]
    rest = entries[MOST_MARKS:]
    for entry in rest:
        sources[entry.number - 1].marks.append(marks[0].id)
    return {
        "marks": marks,
        "rest": len(rest),
        "stated_at": getattr(record, "stated_at", None),
    }


def _mark(sources: list[SourceEntry], entry: SourceEntry) -> SourceMark:
    """The mark of an entry of `entries_for`, entered in its original on the page."""
    original = sources[entry.number - 1]
    source = entry.source
    # Where a source has neither address nor publisher, the list has its title.
    publisher = Truncator(source.publisher).chars(LONGEST_PUBLISHER)
    label = host(source.url) or publisher or gettext("document")
    count = len(original.marks) + 1
    mark = SourceMark(
        id=f"claim-{entry.number}-{count}",
        number=entry.number,
        label=label,
    )
    original.marks.append(mark.id)
    return mark


@register.filter
def cited_field(citation: Citation) -> str:
    """The name of the field that the citation is about, empty for the whole entry."""
    if not citation.field:
        return ""
    try:
        field: Any = _model_of(citation)._meta.get_field(citation.field)
    except FieldDoesNotExist:
        return ""
    return str(field.verbose_name)


@register.filter
def stated(text: str) -> str:
    """What a source states instead: a date written out, or words, which the row has in English."""
    try:
        parse(text)
    except PartialDateError:
        return in_english(text)
    return time(text)


@register.filter
def in_english(text: str) -> SafeString:
    """Words that the record has in English only: in the reader's language where the editors have
    translated them, else marked as English."""
    language = current_language()
    if language == "en":
        return SafeString(conditional_escape(text))
    translation = _translated_remarks(language).get(text)
    if translation:
        return SafeString(conditional_escape(translation))
    return format_html('<span lang="en">{}</span>', text)


@cache
def _translated_remarks(language: str) -> dict[str, str]:
    """The remarks of the network's data (`data/remarks/`), by their English words."""
    translated = {}
    for row in rows_of("remarks/remarks"):
        translated[row["en"]] = row.get(language, "")
    return translated


def _model_of(citation: Citation) -> type[Model]:
    """The model of the cited row. Raises LookupError for one that the code no longer has."""
    content_type = ContentType.objects.get_for_id(citation.content_type_id)
    return apps.get_model(content_type.app_label, content_type.model)


@register.simple_tag
def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """`{% typed_in request as texts %}`: the texts of a form that the administration refuses."""
    if request.method != "POST":
        return []
    unsent = unsent_of(request)
    return unsent.texts if unsent else []
