"""The translation desk: filters of its list, and the form for one entry in one language beside its
source text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.forms import modelform_factory
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages import desk
from languages.difference import Piece, difference
from languages.models import DeskRow, DeskState, Freshness, text_hash
from languages.names import own_name
from languages.sorting import sort_key
from languages.states import STATES, State, state_of
from languages.text import (
    column,
    current_language,
    network_languages,
    own_text,
    source_text,
    translated,
    translated_fields,
)
from members.editing.forms.records import RecordForm
from members.forms.proposals import TranslationAids, translation_aids
from members.models import City, Record, User
from members.permissions import cities_where, may_anywhere

ORDER = ("-public", "content_type_id", "object_id")
STATES_TO_FILTER = (State.MISSING, State.OUTDATED, State.CURRENT)

Choices = list[tuple[str, Any]]


# --- The list -------------------------------------------------------------------------------------


def kind_named(name: str) -> type[Record] | None:
    """The model that an address names: `action`."""
    for model in desk.kinds():
        if model._meta.model_name == name:
            return cast("type[Record]", model)
    return None


def visible_to(user: User) -> QuerySet[DeskRow]:
    """The entries with texts that a person may see: those of their cities, for the secretariat
    all."""
    rows = DeskRow.objects.filter(length__gt=0)
    types = ContentType.objects.get_for_models(*desk.kinds())
    if user.is_secretariat:
        kinds = [model for model in desk.kinds() if may_anywhere(user, "view", model)]
        return rows.filter(content_type__in=[types[model] for model in kinds])
    kinds_by_cities: dict[tuple[int, ...], list[ContentType]] = defaultdict(list)
    for model in desk.kinds():
        cities = tuple(cities_where(user, "view", model))
        kinds_by_cities[cities].append(types[model])
    own = Q(pk__in=[])
    for cities, content_types in kinds_by_cities.items():
        if cities:
            own |= Q(city__in=cities, content_type__in=content_types)
    return rows.filter(own)


class DeskFilter(forms.Form):
    """`?language=pl&kind=action&city=krakow&state=missing&public=yes`. A value that does not exist
    filters nothing and gives an error at its field."""

    language = forms.ChoiceField(
        label=pgettext_lazy("of a translation", "Language"), required=False
    )
    state = forms.ChoiceField(label=pgettext_lazy("of a translation", "State"), required=False)
    kind = forms.ChoiceField(label=_("Kind of entry"), required=False)
    city = forms.ChoiceField(label=pgettext_lazy("heading of a table", "City"), required=False)
    public = forms.ChoiceField(label=_("Who reads it"), required=False)

    def __init__(self, *args: Any, rows: QuerySet[DeskRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_rows = rows
        self.cities = self._cities()
        languages = [(code, own_name(code)) for code in network_languages()]
        states = [(state.value, STATES[state]) for state in STATES_TO_FILTER]
        self._offer("language", languages)
        self._offer("state", states)
        self._offer("kind", self._kind_choices())
        self._offer("city", self._city_choices())
        public_choices = [
            ("yes", _("only public entries")),
            ("no", _("only entries that are not public")),
        ]
        self._offer("public", public_choices, empty_label=_("public entries first"))

    def _offer(self, name: str, choices: Choices, empty_label: str | Promise = "") -> None:
        """Set the choices of a field. The first one filters nothing."""
        field = cast("forms.ChoiceField", self.fields[name])
        everything = empty_label or pgettext_lazy("filter", "all")
        field.choices = [("", everything), *choices]

    def _kind_choices(self) -> Choices:
        """The kinds that occur, with their numbers of entries."""
        kinds = self.all_rows.order_by().values_list("content_type")
        choices = []
        for key, count in kinds.annotate(Count("pk")):
            content_type = ContentType.objects.get_for_id(key)
            meta = cast("type[Record]", content_type.model_class())._meta
            label = capfirst(meta.verbose_name_plural)
            choices.append((content_type.model, f"{label} ({count})"))
        return choices

    def _city_choices(self) -> Choices:
        """The cities in the order of the reader's language."""
        language = current_language()
        choices = []
        for city in self.cities.values():
            name = str(translated(city, "name"))
            choices.append((city.slug, name))
        return sorted(choices, key=lambda choice: sort_key(choice[1], language))

    def _cities(self) -> dict[int, City]:
        with_city = self.all_rows.exclude(city=None).order_by()
        keys = with_city.values("city").distinct()
        cities = City.objects.filter(pk__in=keys)
        return {city.pk: city for city in cities}

    @property
    def active(self) -> dict[str, str]:
        """The filters that are set and valid, by name."""
        self.is_valid()
        values = self.cleaned_data.items()
        return {name: value for name, value in values if value}

    @property
    def query(self) -> str:
        """The active filters as the end of an address: `?state=missing`, or ""."""
        active = self.active
        return f"?{urlencode(active)}" if active else ""

    def with_(self, **changes: str) -> str:
        """The end of the address of the list with other filters."""
        filters = {**self.active, **changes}
        return f"?{urlencode(filters)}"

    def rows(self, language: str = "") -> QuerySet[DeskRow]:
        """The entries that pass, in the desk's order; with `language` only its translations."""
        active = self.active
        rows = self._rows_in_any_state(language)
        if state := active.get("state"):
            code = language or active.get("language")
            codes = [code] if code else network_languages()
            states = DeskState.objects.filter(row=OuterRef("pk"), state=state, language__in=codes)
            rows = rows.filter(Exists(states))
        return rows.order_by(*ORDER)

    def _rows_in_any_state(self, language: str = "") -> QuerySet[DeskRow]:
        """The entries that pass all filters but that of the state."""
        active, rows = self.active, self.all_rows
        if code := language or active.get("language"):
            rows = rows.exclude(source_language=code)
        if model := kind_named(active.get("kind", "")):
            rows = rows.filter(content_type=ContentType.objects.get_for_model(model))
        if slug := active.get("city"):
            keys = [key for key, city in self.cities.items() if city.slug == slug]
            rows = rows.filter(city__in=keys)
        if public := active.get("public"):
            rows = rows.filter(public=public == "yes")
        return rows

    def counts(self) -> dict[str, dict[str, int]]:
        """The numbers of entries by language and state, in any state: `{"pl": {"missing": 3}}`."""
        rows = self._rows_in_any_state().filter(states__isnull=False).order_by()
        states = rows.values_list("states__language", "states__state")
        counts: dict[str, dict[str, int]] = defaultdict(Counter)
        for language, state, number in states.annotate(Count("states")):
            of_language = counts[language]
            of_language[state] = number
        return counts

    def after(self, row: DeskRow | None, language: str) -> DeskRow | None:
        """The next entry of this list for a language; the first one after None."""
        rows = self.rows(language)
        if row is None:
            return rows.first()
        kind = row.content_type_id
        later = Q(content_type__gt=kind) | Q(content_type=kind, object_id__gt=row.object_id)
        following = Q(later, public=row.public)
        if row.public:
            following |= Q(public=False)
        return rows.filter(following).first()


# --- Side by side ---------------------------------------------------------------------------------

_MARK = re.compile(r"([a-z_]{1,60}):([0-9a-f]{64})", re.ASCII)
# Of a text area: characters in a line, the smallest and the largest number of lines.
WIDTH, FEWEST, MOST = 60, 2, 24


@dataclass(frozen=True)
class SourceText:
    """The source text of a field.

    If the translation is outdated, `pieces` say what changed since; [] if this is not known.
    """

    field: str
    text: str
    state: State
    pieces: list[Piece]

    @property
    def is_outdated(self) -> bool:
        return self.state == State.OUTDATED

    @property
    def needs_work(self) -> bool:
        return self.state in (State.MISSING, State.OUTDATED)

    @property
    def label(self) -> str | Promise:
        return STATES[self.state]


@dataclass(frozen=True)
class TextRow:
    """A row of the page: a field of the form, its source text, and the aids for the translator.

    No aids if the person may not write in the field.
    """

    field: forms.BoundField
    source: SourceText
    aids: TranslationAids | None


class TranslationForm(RecordForm):
    """The texts of one entry in one language.

    `freshness`: by field what is known of the translations. `by`: the person who opens the form.
    """

    def __init__(
        self,
        *args: Any,
        language: str,
        freshness: dict[str, Freshness],
        may_write: bool,
        by: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        self.source_texts = {
            name: self._source_text(field, freshness.get(field))
            for name, field in self._columns().items()
        }
        for name, source in self.source_texts.items():
            formfield = self.fields[name]
            formfield.required = False
            formfield.disabled = not may_write or self._belongs_to_others(source.field, by)
            if isinstance(formfield.widget, forms.Textarea):
                formfield.widget.attrs["rows"] = _lines_of(source.text)

    def _columns(self) -> dict[str, str]:
        """The columns of the form with their fields: `{"name_pl": "name"}`."""
        columns = {}
        for field in translated_fields(type(self.instance)):
            name = column(field, self.language)
            if name in self.fields:
                columns[name] = field
        return columns

    def _belongs_to_others(self, field: str, person: User) -> bool:
        """Whether the text is what others say, and the person may only add missing languages."""
        if person.is_secretariat or self.instance.origin != Record.Origin.CITED:
            return False
        if field not in getattr(self.instance, "TEXTS_OF_OTHERS", ()):
            return False
        return bool(own_text(self.instance, field, self.language))

    def _source_text(self, field: str, freshness: Freshness | None) -> SourceText:
        text = source_text(self.instance, field)
        state = state_of(self.instance, field, self.language, freshness)
        pieces: list[Piece] = []
        if state == State.OUTDATED and freshness:
            same_language = freshness.source_language == self.instance.source_language
            if same_language and freshness.source_text:
                pieces = difference(freshness.source_text, text)
        return SourceText(field, text, state, pieces)

    def rows(self) -> Iterator[TextRow]:
        """The rows of the page, in the order of the form."""
        for name, source in self.source_texts.items():
            field = self[name]
            aids = None if field.field.disabled else self._aids(source.field)
            yield TextRow(field, source, aids)

    def _aids(self, field: str) -> TranslationAids:
        submitted = None
        if isinstance(self.data, QueryDict):
            submitted = self.data
        return translation_aids(self.instance, field, self.language, submitted)

    @property
    def source_marks(self) -> str:
        """The marks of the source texts, for the form to carry: fields and hashes."""
        fields = translated_fields(type(self.instance))
        hashes = self._source_hashes(fields)
        return " ".join(map(":".join, hashes.items()))

    def _source_hashes(self, fields: Iterable[str]) -> dict[str, str]:
        return {field: text_hash(source_text(self.instance, field)) for field in fields}

    def submitted_hashes(self) -> dict[str, str]:
        """By field the hash of the source text that the person read, from the marks that came back
        with the form. Malformed marks count as none."""
        marks = self.data.get("sources", "")
        return dict(_MARK.findall(marks))

    def source_has_changed(self) -> bool:
        """Whether the source text of a field changed since the person opened the form."""
        submitted = self.submitted_hashes()
        current = self._source_hashes(submitted)
        return submitted != current


def _lines_of(text: str) -> int:
    """The number of lines of a text area for a text."""
    lines = 1
    for line in text.splitlines():
        lines += 1 + len(line) // WIDTH
    return min(MOST, max(FEWEST, lines))


def translation_form_class(record: Record, language: str) -> type[TranslationForm]:
    """The form with a field for every text that the record has in its source language or in
    `language`."""
    names = []
    for field in translated_fields(type(record)):
        if source_text(record, field) or own_text(record, field, language):
            names.append(column(field, language))
    form_class = modelform_factory(type(record), TranslationForm, fields=names)
    return cast("type[TranslationForm]", form_class)
