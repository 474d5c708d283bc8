"""The translation desk: which entries are listed, and the texts of one of them in one language
beside their source."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.forms import modelform_factory
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages import desk
from languages.difference import Piece, difference
from languages.models import DeskRow, DeskState, Freshness, text_hash
from languages.names import own_name
from languages.sorting import sort_key
from languages.states import STATES, State, state_of
from languages.text import column, current_language, own_text, translated, translated_fields
from members.editing.forms.records import RecordForm
from members.forms.proposals import beside
from members.models import City, Record, User
from members.permissions import cities_where, may_anywhere

ORDER = ("-public", "content_type_id", "object_id")
TO_DO = (State.MISSING, State.OUTDATED, State.CURRENT)


def kind_named(name: str) -> type[Record] | None:
    """The kind of entry that an address names: `action`."""
    return next((model for model in desk.kinds() if model._meta.model_name == name), None)


def visible_to(user: User) -> QuerySet[DeskRow]:
    """What has texts and may be seen by this person: of their cities, or everything for the
    secretariat."""
    rows = DeskRow.objects.filter(length__gt=0)
    types = ContentType.objects.get_for_models(*desk.kinds())
    if user.is_secretariat:
        return rows.filter(
            content_type__in=[
                types[model] for model in desk.kinds() if may_anywhere(user, "view", model)
            ]
        )
    by_cities: dict[tuple[int, ...], list[ContentType]] = defaultdict(list)
    for model in desk.kinds():
        by_cities[tuple(cities_where(user, "view", model))].append(types[model])
    own = Q(pk__in=[])
    for cities, kinds in by_cities.items():
        if cities:
            own |= Q(city__in=cities, content_type__in=kinds)
    return rows.filter(own)


class DeskFilter(forms.Form):
    """`?language=pl&kind=action&city=krakow&state=missing&public=yes`. A value that does not exist
    filters nothing and is named at its field."""

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
        everything = [("", pgettext_lazy("filter", "all"))]
        self.fields["language"].choices = [
            *everything,
            *((code, own_name(code)) for code, _n in settings.LANGUAGES),
        ]
        self.fields["state"].choices = [
            *everything,
            *((state.value, STATES[state]) for state in TO_DO),
        ]
        self.fields["public"].choices = [
            ("", _("public entries first")),
            ("yes", _("only public entries")),
            ("no", _("only entries that are not public")),
        ]
        self.fields["kind"].choices = [*everything, *self._kinds()]
        self.cities = self._cities()
        names = [(city.slug, str(translated(city, "name"))) for city in self.cities.values()]
        ordered = sorted(names, key=lambda item: sort_key(item[1], current_language()))
        self.fields["city"].choices = [*everything, *ordered]

    def _kinds(self) -> list[tuple[str, str]]:
        """Kinds that occur, with their numbers of entries."""
        counts = dict(self.all_rows.order_by().values_list("content_type").annotate(Count("pk")))
        names = {ContentType.objects.get_for_model(model).pk: model._meta for model in desk.kinds()}
        return [
            (names[key].model_name, f"{capfirst(names[key].verbose_name_plural)} ({n})")
            for key, n in counts.items()
        ]

    def _cities(self) -> dict[int, City]:
        keys = self.all_rows.exclude(city=None).order_by().values("city").distinct()
        return {city.pk: city for city in City.objects.filter(pk__in=keys)}

    @property
    def asked(self) -> dict[str, str]:
        """The filters that are set, as far as they exist."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The same as the end of an address: `?state=missing`, or empty."""
        return f"?{urlencode(self.asked)}" if self.asked else ""

    def with_(self, **changes: str) -> str:
        """The address of the list with other filters."""
        return "?" + urlencode({**self.asked, **changes})

    def rows(self, language: str = "") -> QuerySet[DeskRow]:
        """What fits, in the desk's order; for one language only what is a translation there."""
        asked = self.asked
        rows = self._apart_from_state(language)
        if state := asked.get("state"):
            codes = [language or asked["language"]] if language or "language" in asked else _codes()
            states = DeskState.objects.filter(row=OuterRef("pk"), state=state, language__in=codes)
            rows = rows.filter(Exists(states))
        return rows.order_by(*ORDER)

    def _apart_from_state(self, language: str = "") -> QuerySet[DeskRow]:
        asked, rows = self.asked, self.all_rows
        if code := language or asked.get("language"):
            rows = rows.exclude(source_language=code)
        if kind := asked.get("kind"):
            rows = rows.filter(content_type=ContentType.objects.get_for_model(kind_named(kind)))
        if city := asked.get("city"):
            rows = rows.filter(
                city__in=[key for key, row in self.cities.items() if row.slug == city]
            )
        if public := asked.get("public"):
            rows = rows.filter(public=public == "yes")
        return rows

    def counts(self) -> dict[str, dict[str, int]]:
        """How many entries are in which state, by language: `{"pl": {"missing": 3}}`; whatever
        state is asked for."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        rows = self._apart_from_state().filter(states__isnull=False).order_by()
        for code, state, number in rows.values_list("states__language", "states__state").annotate(
            Count("states")
        ):
            found[code][state] = number
        return found

    def after(self, row: DeskRow | None, language: str) -> DeskRow | None:
        """The next entry of this list for a language."""
        rows = self.rows(language)
        if row is None:
            return rows.first()
        later = Q(content_type__gt=row.content_type_id) | Q(
            content_type=row.content_type_id, object_id__gt=row.object_id
        )
        behind = Q(later, public=row.public)
        return rows.filter(behind | Q(public=False) if row.public else behind).first()


def _codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


# --- Side by side ---------------------------------------------------------------------------------

_SEEN = re.compile(r"([a-z_]{1,60}):([0-9a-f]{64})", re.ASCII)
# Characters on a line of the field, and its lines.
WIDTH, FEWEST, MOST = 60, 2, 24


@dataclass(frozen=True)
class SourceText:
    """The text that a field translates; where the translation is older, what has changed since
    (none: not known)."""

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
    def label(self) -> str:
        return STATES[self.state]


class SideForm(RecordForm):
    """The texts of one entry in one language. Each field knows its `source`, and what stands
    `beside` to help."""

    language = ""

    def __init__(
        self, *args: Any, known: dict[str, Freshness], may_write: bool, by: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = (
            getattr(self.instance, "TEXTS_OF_OTHERS", ()) if _is_guest(by, self.instance) else ()
        )
        for name, formfield in self.fields.items():
            if name == "seen":
                continue
            field = name.rpartition("_")[0]
            formfield.required = False
            formfield.disabled = not may_write or (
                field in others and bool(own_text(self.instance, field, self.language))
            )
            formfield.source = self._source(field, known.get(field))
            if not formfield.disabled:
                formfield.beside = beside(self.instance, field, self.language, self.data)
            if isinstance(formfield.widget, forms.Textarea):
                formfield.widget.attrs["rows"] = _lines(formfield.source.text)

    def _source(self, field: str, row: Freshness | None) -> SourceText:
        text = own_text(self.instance, field, self.instance.source_language)
        state = state_of(self.instance, field, self.language, row)
        made_from = (
            row.source_text if row and row.source_language == self.instance.source_language else ""
        )
        return SourceText(
            field,
            text,
            state,
            difference(made_from, text) if state == State.OUTDATED and made_from else [],
        )

    @property
    def sources(self) -> str:
        """Which source texts the person has before them: fields and hashes."""
        fields = translated_fields(type(self.instance))
        return " ".join(f"{field}:{hashed}" for field, hashed in self._hashes(fields).items())

    def _hashes(self, fields: list[str]) -> dict[str, str]:
        return {
            field: text_hash(own_text(self.instance, field, self.instance.source_language))
            for field in fields
        }

    def seen_sources(self) -> dict[str, str]:
        """The same as it came back with the form; nonsense has seen nothing."""
        return dict(_SEEN.findall(self.data.get("sources", "")))

    def source_has_changed(self) -> bool:
        """Whether somebody changed the source text of a field since the person opened the form."""
        seen = self.seen_sources()
        return any(seen.get(field, now) != now for field, now in self._hashes(list(seen)).items())


def _is_guest(user: User, record: Record) -> bool:
    """Whether the entry says what others found, and the person is not of the office."""
    return not user.is_secretariat and record.origin == Record.Origin.CITED


def _lines(text: str) -> int:
    return min(MOST, max(FEWEST, sum(1 + len(line) // WIDTH for line in text.splitlines()) + 1))


def side_form(record: Record, language: str) -> type[SideForm]:
    """With a field for every text that there is in the source language or in this one."""
    names = [
        column(field, language)
        for field in translated_fields(type(record))
        if own_text(record, field, record.source_language) or own_text(record, field, language)
    ]
    form = modelform_factory(type(record), SideForm, fields=names)
    return type("SideForm", (form,), {"language": language})
