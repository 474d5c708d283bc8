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
    translated_fields,
)
from members.editing.forms.records import RecordForm
from members.forms.proposals import TranslationAids, translation_aids
from members.models import City, Record, User
from members.models.cities import city_name
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
    kinds = desk.kinds()
    types = ContentType.objects.get_for_models(*kinds)
    if user.is_secretariat:
        types_to_see = []
        for model in kinds:
            if may_anywhere(user, "view", model):
                types_to_see.append(types[model])
        return rows.filter(content_type__in=types_to_see)
    types_by_cities: dict[tuple[int, ...], list[ContentType]] = defaultdict(list)
    for model in kinds:
        cities = tuple(cities_where(user, "view", model))
        types_of_cities = types_by_cities[cities]
        types_of_cities.append(types[model])
    is_own = Q(pk__in=[])
    for cities, content_types in types_by_cities.items():
        if cities:
            is_own |= Q(
                city__in=cities,
                content_type__in=content_types,
            )
    return rows.filter(is_own)


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
        kinds = self._kind_choices()
        cities = self._city_choices()
        self._offer("language", languages)
        self._offer("state", states)
        self._offer("kind", kinds)
        self._offer("city", cities)
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
            model = cast("type[Record]", content_type.model_class())
            name = capfirst(model._meta.verbose_name_plural)
            label = f"{name} ({count})"
            choices.append((content_type.model, label))
        return choices

    def _city_choices(self) -> Choices:
        """The cities in the order of the reader's language."""
        language = current_language()
        choices = []
        for city in self.cities.values():
            name = str(city_name(city))
            choices.append((city.slug, name))
        return sorted(choices, key=lambda choice: sort_key(choice[1], language))

    def _cities(self) -> dict[int, City]:
        with_city = self.all_rows.exclude(city=None)
        keys = with_city.order_by().values("city")
        cities = City.objects.filter(pk__in=keys.distinct())
        return {city.pk: city for city in cities}

    @property
    def active(self) -> dict[str, str]:
        """The filters that are set and valid, by name."""
        self.is_valid()
        filters = {}
        for name, value in self.cleaned_data.items():
            if value:
                filters[name] = value
        return filters

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
            states = DeskState.objects.filter(
                row=OuterRef("pk"),
                state=state,
                language__in=codes,
            )
            rows = rows.filter(Exists(states))
        return rows.order_by(*ORDER)

    def _rows_in_any_state(self, language: str = "") -> QuerySet[DeskRow]:
        """The entries that pass all filters but that of the state."""
        active = self.active
        rows = self.all_rows
        code = language or active.get("language")
        if code:
            rows = rows.exclude(source_language=code)
        model = kind_named(active.get("kind", ""))
        if model:
            content_type = ContentType.objects.get_for_model(model)
            rows = rows.filter(content_type=content_type)
        slug = active.get("city")
        if slug:
            cities = self.cities.values()
            keys = [city.pk for city in cities if city.slug == slug]
            rows = rows.filter(city__in=keys)
        public = active.get("public")
        if public:
            is_public = public == "yes"
            rows = rows.filter(public=is_public)
        return rows

    def counts(self) -> dict[str, dict[str, int]]:
        """The numbers of entries by language and state, in any state: `{"pl": {"missing": 3}}`."""
        rows = self._rows_in_any_state()
        with_states = rows.filter(states__isnull=False).order_by()
        states = with_states.values_list("states__language", "states__state")
        numbers = states.annotate(Count("states"))
        counts: dict[str, dict[str, int]] = defaultdict(Counter)
        for language, state, number in numbers:
            of_language = counts[language]
            of_language[state] = number
        return counts

    def after(self, row: DeskRow | None, language: str) -> DeskRow | None:
        """The next entry of this list for a language; the first one after None."""
        rows = self.rows(language)
        if row is None:
            return rows.first()
        kind = row.content_type_id
        later_kinds = Q(content_type__gt=kind)
        later_in_kind = Q(content_type=kind, object_id__gt=row.object_id)
        later = later_kinds | later_in_kind
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
        is_missing = self.state == State.MISSING
        return is_missing or self.is_outdated

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
        self.source_texts = {}
        columns = self._columns()
        for name, field in columns.items():
            freshness_of_field = freshness.get(field)
            self.source_texts[name] = self._source_text(field, freshness_of_field)
        for name, source in self.source_texts.items():
            formfield = self.fields[name]
            is_of_others = self._belongs_to_others(source.field, by)
            formfield.required = False
            formfield.disabled = is_of_others or not may_write
            widget = formfield.widget
            if isinstance(widget, forms.Textarea):
                widget.attrs["rows"] = _lines_of(source.text)

    def _columns(self) -> dict[str, str]:
        """The columns of the form with their fields: `{"name_pl": "name"}`."""
        columns = {}
        fields = translated_fields(type(self.instance))
        for field in fields:
            name = column(field, self.language)
            if name in self.fields:
                columns[name] = field
        return columns

    def _belongs_to_others(self, field: str, person: User) -> bool:
        """Whether the text is what others say, and the person may only add missing languages."""
        record = self.instance
        is_cited = record.origin == Record.Origin.CITED
        if person.is_secretariat or not is_cited:
            return False
        texts_of_others = getattr(record, "TEXTS_OF_OTHERS", ())
        if field not in texts_of_others:
            return False
        return bool(own_text(record, field, self.language))

    def _source_text(self, field: str, freshness: Freshness | None) -> SourceText:
        record = self.instance
        text = source_text(record, field)
        state = state_of(record, field, self.language, freshness)
        pieces: list[Piece] = []
        if state == State.OUTDATED and freshness:
            earlier_text = freshness.source_text
            is_same_language = freshness.source_language == record.source_language
            if is_same_language and earlier_text:
                pieces = difference(earlier_text, text)
        return SourceText(
            field=field,
            text=text,
            state=state,
            pieces=pieces,
        )

    def rows(self) -> Iterator[TextRow]:
        """The rows of the page, in the order of the form."""
        for name, source in self.source_texts.items():
            bound_field = self[name]
            may_write = not bound_field.field.disabled
            aids = self._aids(source.field) if may_write else None
            yield TextRow(
                field=bound_field,
                source=source,
                aids=aids,
            )

    def _aids(self, field: str) -> TranslationAids:
        submitted = None
        if isinstance(self.data, QueryDict):
            submitted = self.data
        record = self.instance
        return translation_aids(record, field, self.language, submitted)

    @property
    def source_marks(self) -> str:
        """The marks of the source texts, for the form to carry: fields and hashes."""
        fields = translated_fields(type(self.instance))
        hashes = self._source_hashes(fields)
        marks = [f"{field}:{mark}" for field, mark in hashes.items()]
        return " ".join(marks)

    def _source_hashes(self, fields: Iterable[str]) -> dict[str, str]:
        hashes = {}
        for field in fields:
            text = source_text(self.instance, field)
            hashes[field] = text_hash(text)
        return hashes

    def submitted_hashes(self) -> dict[str, str]:
        """By field the hash of the source text that the person read, from the marks that came back
        with the form. Malformed marks count as none."""
        marks = self.data.get("sources", "")
        pairs = _MARK.findall(marks)
        return dict(pairs)

    def source_has_changed(self) -> bool:
        """Whether the source text of a field changed since the person opened the form."""
        submitted = self.submitted_hashes()
        current = self._source_hashes(submitted)
        return submitted != current


def _lines_of(text: str) -> int:
    """The number of lines of a text area for a text."""
    lines = 1
    for line in text.splitlines():
        more_lines = len(line) // WIDTH
        lines += 1 + more_lines
    lines = max(FEWEST, lines)
    return min(MOST, lines)


def translation_form_class(record: Record, language: str) -> type[TranslationForm]:
    """The form with a field for every text that the record has in its source language or in
    `language`."""
    model = type(record)
    names = []
    for field in translated_fields(model):
        has_text = source_text(record, field) or own_text(record, field, language)
        if has_text:
            name = column(field, language)
            names.append(name)
    form_class = modelform_factory(model, TranslationForm, fields=names)
    return cast("type[TranslationForm]", form_class)
