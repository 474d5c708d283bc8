"""What may be typed about programmes, and what is asked back where it does not fit."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import PartialDateError, parse
from languages.names import join_list
from languages.text import current_language
from members.editing.forms.parts import PartForm
from members.editing.forms.records import NamedForm, RecordForm
from members.models import Source
from programs.models import Coverage, Edition, Grant


def check_span(form: forms.ModelForm, first: str, last: str) -> None:
    """The end is not before the beginning; the error stands at the end."""
    begins, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if begins and ends and str(ends) < str(begins):
        sentence = _("The end lies before the beginning. Change one of the two.")
        if len(str(ends)) < len(str(begins)) and str(begins).startswith(str(ends)):
            sentence = _(
                "The end is less exact than the beginning. Add its month or day, or leave "
                "theirs out above."
            )
        form.add_error(last, ValidationError(sentence, code="ends_before_it_begins"))


class ProgrammeForm(NamedForm):
    """A programme. Its address is made from its name; the office that coordinates it and the
    actions that it contributes to are those of its cities."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "actions" in self.fields:
            # Of all cities there would be hundreds to go through; what was chosen before stays in
            # sight.
            actions = self.fields["actions"]
            own = actions.queryset.filter(commitment__city__in=self._cities_before())
            actions.queryset = own.select_related("commitment__point").order_by(
                "commitment__point__number", "pk"
            )
            actions.label_from_instance = lambda action: (
                f"{action.commitment.point.number}. {action}"
            )

    def _cities_before(self) -> set[int]:
        """Keys of the cities as they are saved."""
        if self.instance._state.adding:
            return set()
        return {
            self.instance.city_id,
            *self.instance.further_cities.values_list("pk", flat=True),
        } - {None}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        unit, city = cleaned.get("coordinating_unit"), cleaned.get("city")
        if unit and unit.city_id != (city.pk if city else self.instance.city_id):
            self.add_error(
                "coordinating_unit", ValidationError(_("This office belongs to another city."))
            )
        self._check_actions()
        return cleaned

    def _check_actions(self) -> None:
        """None of a city that the programme has left on this page."""
        cleaned, cities = self.cleaned_data, self._cities_before()
        if "city" in cleaned:
            cities = cities - {self.instance.city_id} | {
                city.pk for city in [cleaned["city"]] if city
            }
        if "further_cities" in cleaned:
            cities |= {city.pk for city in cleaned["further_cities"]}
        foreign = [
            action
            for action in cleaned.get("actions") or ()
            if action.commitment.city_id not in cities
        ]
        if foreign:
            sentence = _(
                "This action belongs to another city than the programme: %(title)s. Take its "
                "tick away."
            )
            self.add_error(
                "actions", ValidationError(sentence % {"title": str(foreign[0])}, code="other_city")
            )


class EditionForm(RecordForm):
    """An edition. One that overlaps another of the same programme is kept once somebody says that
    it is meant so."""

    overlap_is_meant = forms.BooleanField(
        label=gettext_lazy("It is right that the two overlap"),
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_span(self, "period_from", "period_to")
        programme = cleaned.get("programme") or getattr(self.instance, "programme", None)
        if programme and not self.errors:
            self._ask_about(self._overlapping(programme.editions.exclude(pk=self.instance.pk)))
        return cleaned

    def _overlapping(self, others: QuerySet[Edition]) -> list[Edition]:
        own = days(self.cleaned_data.get("period_from"), self.cleaned_data.get("period_to"))
        if own is None:
            return []
        spans = [
            (other, days(other.period_from, other.period_to))
            for other in others.order_by("period_from")
        ]
        return [other for other, span in spans if span and span[0] <= own[1] and own[0] <= span[1]]

    def _ask_about(self, others: list[Edition]) -> None:
        if not others:
            return
        self.fields["overlap_is_meant"].widget = forms.CheckboxInput()
        if not self.cleaned_data.get("overlap_is_meant"):
            sentence = _(
                "This period overlaps that of edition %(label)s. Change it, or tick the box "
                "if it is right."
            )
            labels = join_list((other.label for other in others), current_language())
            self.add_error(
                "overlap_is_meant", ValidationError(sentence % {"label": labels}, code="overlap")
            )


def days(first: str | None, last: str | None) -> tuple[date, date] | None:
    """The latest day on which a period begins and the earliest on which it ends: what surely lies
    in it lies between.

    So the year in which one edition ends and the next begins is no overlap. Nothing where neither
    date is known.
    """
    try:
        begins, ends = parse(first or last or ""), parse(last or first or "")
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
        if cleaned.get("notice_required") == Grant.Required.YES and not cleaned.get("notice"):
            sentence = _("The fund requires a notice. Write it here, word for word.")
            self.add_error("notice", ValidationError(sentence, code="notice_missing"))
        if cleaned.get("amount") is not None and not cleaned.get("currency"):
            self.add_error(
                "currency", ValidationError(_("Write the currency too, for example EUR or PLN."))
            )
        if cleaned.get("amount") is None and cleaned.get("currency"):
            self.add_error(
                "amount", ValidationError(_("Write the amount too, or leave the currency empty."))
            )
        return cleaned

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()


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

    source_title = forms.CharField(
        label=pgettext_lazy("of a source", "Title"), max_length=500, required=False
    )
    source_publisher = forms.CharField(
        label=pgettext_lazy("of a source", "Published by"), max_length=200, required=False
    )
    source_url = forms.URLField(
        label=pgettext_lazy("of a source", "Web address"),
        max_length=1000,
        required=False,
        assume_scheme="https",
    )
    SOURCE = {"source_title": "title", "source_publisher": "publisher", "source_url": "url"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.source_id:
            for name, field in self.SOURCE.items():
                if name in self.fields:
                    self.fields[name].initial = getattr(self.instance.source, field)
                    self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (
            not self.instance.source_id
            and not cleaned.get("source_title")
            and not cleaned.get("source_url")
        ):
            if "source_url" not in self.errors:
                self.add_error(
                    "source_title", ValidationError(_("Write its title, or its web address below."))
                )
        elif not self.instance.source_id and not self.errors:
            self.instance.source = self._source(cleaned)
        return cleaned

    def _source(self, cleaned: dict[str, Any]) -> Source:
        values = {field: cleaned.get(name, "") for name, field in self.SOURCE.items()}
        known = Source.objects.at(**values)
        language = getattr(self, "language", None) or cleaned.get("source_language") or ""
        kind = SOURCE_KINDS.get(cleaned.get("kind"), Source.Kind.OTHER)
        return known.order_by("pk").first() or Source(**values, kind=kind, language=language)


class SourcePart(PartForm, SourceForm):
    """The same on the page of what it is about."""


class SpendingPart(PartForm):
    """What an edition cost in a year."""

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()
