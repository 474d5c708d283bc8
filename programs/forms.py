"""The forms of programmes and their parts, and what they ask where the values do not fit."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import PartialDateError, parse
from languages.fields import LineFormField, WebAddressFormField
from languages.names import join_list
from languages.text import current_language
from members.editing.forms.parts import PartForm
from members.editing.forms.records import NamedForm, RecordForm
from members.models import Action, Source, Undertaking
from programs.models import Coverage, Edition, Grant

Span = tuple[date, date]


def check_span(form: "forms.ModelForm[Any]", first: str, last: str) -> None:
    """The end is not before the beginning; the error stands at the end. Both are partial dates or
    years."""
    values = form.cleaned_data
    begins = str(values.get(first) or "")
    ends = str(values.get(last) or "")
    if not begins or not ends:
        return
    if ends >= begins:
        return
    sentence = _("The end lies before the beginning. Change one of the two.")
    # "2024" lies before "2024-05" only because it is shorter.
    is_shorter = len(ends) < len(begins)
    has_same_start = begins.startswith(ends)
    if is_shorter and has_same_start:
        sentence = _(
            "The end is less exact than the beginning. Add its month or day, or leave "
            "theirs out above."
        )
    error = ValidationError(sentence, code="ends_before_it_begins")
    form.add_error(last, error)


# Fields of a programme that hold rows of its own cities, and what is said of a row of another.
OF_ITS_CITIES = {
    "actions": gettext_lazy(
        "This action belongs to another city than the programme: %(title)s. Take its tick away."
    ),
    "undertakings": gettext_lazy(
        "This undertaking belongs to another city than the programme: %(title)s. Take its tick "
        "away."
    ),
}


class ProgrammeForm(NamedForm):
    """A programme. Its address is made from its name; the office that coordinates it, its actions
    and its undertakings are those of its cities."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in OF_ITS_CITIES:
            field = self.fields.get(name)
            if field:
                self._offer_own(field)

    def _offer_own(self, field: Any) -> None:
        """Those of its own cities: of all cities there would be hundreds to go through."""
        cities = self._cities_before()
        own = field.queryset.filter(commitment__city__in=cities)
        in_order = own.order_by("commitment__point__number", "pk")
        field.queryset = in_order.select_related("commitment__point")
        field.label_from_instance = label_with_point

    def _cities_before(self) -> set[int]:
        """Keys of the cities as they are saved."""
        programme = self.instance
        if programme._state.adding:
            return set()
        keys = set(programme.further_cities.values_list("pk", flat=True))
        if programme.city_id:
            keys.add(programme.city_id)
        return keys

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        unit = cleaned.get("coordinating_unit")
        city = cleaned.get("city")
        city_key = city.pk if city else self.instance.city_id
        if unit and unit.city_id != city_key:
            sentence = _("This office belongs to another city.")
            self.add_error("coordinating_unit", ValidationError(sentence))
        for name in OF_ITS_CITIES:
            self._check_cities(name)
        return cleaned

    def _check_cities(self, name: str) -> None:
        """None of a city that the programme has left on this page."""
        cities = self._cities_after()
        rows = self.cleaned_data.get(name) or ()
        for row in rows:
            if row.commitment.city_id in cities:
                continue
            words = OF_ITS_CITIES[name] % {"title": str(row)}
            error = ValidationError(words, code="other_city")
            self.add_error(name, error)
            return

    def _cities_after(self) -> set[int]:
        """Keys of the cities as the page has them. The form of a coordinator has no further
        cities: those that are saved stay."""
        values = self.cleaned_data
        cities = self._cities_before()
        if "city" in values:
            cities.discard(self.instance.city_id)
            city = values["city"]
            if city:
                cities.add(city.pk)
        further = values.get("further_cities", ())
        return cities | {city.pk for city in further}


def label_with_point(row: Action | Undertaking) -> str:
    number = row.commitment.point.number
    return f"{number}. {row}"


class EditionForm(RecordForm):
    """An edition. One that overlaps another of the same programme is kept once somebody says that
    it is meant so."""

    overlap_is_meant = forms.BooleanField(
        label=gettext_lazy("It is right that the two overlap"),
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        check_span(self, "period_from", "period_to")
        edition = self.instance
        programme = cleaned.get("programme") or getattr(edition, "programme", None)
        if programme and not self.errors:
            others = programme.editions.exclude(pk=edition.pk)
            overlapping = self._overlapping(others)
            self._ask_about(overlapping)
        return cleaned

    def _overlapping(self, others: QuerySet[Edition]) -> list[Edition]:
        first = self.cleaned_data.get("period_from")
        last = self.cleaned_data.get("period_to")
        own = sure_days(first, last)
        editions = others.order_by("period_from")
        return [
            edition
            for edition in editions
            if overlap(own, sure_days(edition.period_from, edition.period_to))
        ]

    def _ask_about(self, others: list[Edition]) -> None:
        if not others:
            return
        self.fields["overlap_is_meant"].widget = forms.CheckboxInput()
        if not self.cleaned_data.get("overlap_is_meant"):
            sentence = _(
                "This period overlaps that of edition %(label)s. Change it, or tick the box "
                "if it is right."
            )
            labels = join_list([other.label for other in others], current_language())
            words = sentence % {"label": labels}
            self.add_error("overlap_is_meant", ValidationError(words, code="overlap"))


def overlap(one: Span | None, other: Span | None) -> bool:
    """Whether two periods share a day for sure; not of a period without any date."""
    if one is None or other is None:
        return False
    one_begins, one_ends = one
    other_begins, other_ends = other
    return one_begins <= other_ends and other_begins <= one_ends


def sure_days(first: str | None, last: str | None) -> Span | None:
    """The latest day on which a period begins and the earliest on which it ends: the days between
    lie in it for sure. None where neither date is known.

    If one edition ends in the year in which the next begins, that is no overlap.
    """
    try:
        begins = parse(first or last or "")
        ends = parse(last or first or "")
    except PartialDateError:
        return None
    return begins.last_day(), ends.first_day()


class EditionEventForm(RecordForm):
    """A dated step of an edition."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_span(self, "starts", "ends")
        return cleaned


class EventPart(PartForm, EditionEventForm):
    """The same on the page of the edition."""


class GrantForm(RecordForm):
    """A grant: its notice where the fund requires one, its currency, its years."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_span(self, "year_from", "year_to")
        is_required = cleaned.get("notice_required") == Grant.Required.YES
        if is_required and not cleaned.get("notice"):
            sentence = _("The fund requires a notice. Write it here, word for word.")
            error = ValidationError(sentence, code="notice_missing")
            self.add_error("notice", error)
        has_amount = cleaned.get("amount") is not None
        has_currency = bool(cleaned.get("currency"))
        if has_amount and not has_currency:
            sentence = _("Write the currency too, for example EUR or PLN.")
            self.add_error("currency", ValidationError(sentence))
        if has_currency and not has_amount:
            sentence = _("Write the amount too, or leave the currency empty.")
            self.add_error("amount", ValidationError(sentence))
        return cleaned

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class GrantPart(PartForm, GrantForm):
    """The same on the page of the programme."""


# What kind of source a kind of coverage is.
SOURCE_KINDS = {
    Coverage.Kind.OFFICIAL: Source.Kind.OFFICIAL,
    Coverage.Kind.PRESS: Source.Kind.PRESS,
    Coverage.Kind.RADIO: Source.Kind.RADIO,
    Coverage.Kind.TELEVISION: Source.Kind.OTHER,
    Coverage.Kind.RESEARCH: Source.Kind.RESEARCH,
}


class SourceForm(RecordForm):
    """An entry that rests on one source, which is typed with it. What is known of a source already
    stays as it is."""

    source_title = LineFormField(
        label=pgettext_lazy("of a source", "Title"), max_length=500, required=False
    )
    source_publisher = LineFormField(
        label=pgettext_lazy("of a source", "Published by"), max_length=200, required=False
    )
    source_url = WebAddressFormField(
        label=pgettext_lazy("of a source", "Web address"),
        max_length=1000,
        required=False,
    )
    SOURCE = {"source_title": "title", "source_publisher": "publisher", "source_url": "url"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.source_id:
            return
        source = self.instance.source
        for name, source_field in self.SOURCE.items():
            field = self.fields.get(name)
            if field is None:
                continue
            field.initial = getattr(source, source_field)
            field.disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.source_id:
            return cleaned
        is_named = cleaned.get("source_title") or cleaned.get("source_url")
        has_bad_address = "source_url" in self.errors
        if is_named and not self.errors:
            self.instance.source = self._source(cleaned)
        if not is_named and not has_bad_address:
            sentence = _("Write its title, or its web address below.")
            error = ValidationError(sentence)
            self.add_error("source_title", error)
        return cleaned

    def _source(self, cleaned: dict[str, Any]) -> Source:
        """The source that is known already, else a new one."""
        values = {field: cleaned.get(name, "") for name, field in self.SOURCE.items()}
        sources = Source.objects.at(**values)
        known = sources.order_by("pk").first()
        if known:
            return known
        page_language = getattr(self, "language", None)
        entry_language = cleaned.get("source_language")
        coverage: Any = cleaned.get("kind")
        return Source(
            **values,
            kind=SOURCE_KINDS.get(coverage, Source.Kind.OTHER),
            language=page_language or entry_language or "",
        )


class SourcePart(PartForm, SourceForm):
    """The same on the page of what it is about."""


class SpendingPart(PartForm):
    """What an edition cost in a year."""

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()
