"""What the office asks of the table of points and cities."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from languages.fields import LineFormField
from members.gaps import GAPS, GAPS_BY_KEY
from members.models import Country
from members.network_table import ORDERS, STATES, Selection

# Nobody needs to choose it.
FIRST_ORDER = "name"


class FilterInUse(NamedTuple):
    """A filter in use: its words, and the query of the address without it."""

    words: str
    query: str


class NetworkFilter(forms.Form):
    """A filter that makes no sense is left out, so that an old address still opens."""

    q = LineFormField(label=_("City"), required=False, max_length=100)
    country = forms.ChoiceField(label=_("Country"), required=False)
    point = forms.TypedChoiceField(label=_("Point of the plan"), required=False, coerce=int)
    state = forms.ChoiceField(label=_("How it stands"), required=False)
    gap = forms.ChoiceField(label=_("What is missing"), required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False)

    def __init__(
        self,
        *args: Any,
        points: list[Any],
        countries: list[Country],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "country": [(row.code, str(row)) for row in countries],
            "point": [(row.number, f"{row.number} {row}") for row in points],
            "state": [(name, words) for name, (words, _holds) in STATES.items()],
            "gap": [(gap.key, gap.title) for gap in GAPS],
        }
        for name, own in choices.items():
            self._choices(name, [("", _("All")), *own])
        orders = [(name, words) for name, (words, _key) in ORDERS.items()]
        self._choices("sort", orders)

    def _choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def selection(self) -> Selection:
        self.full_clean()
        values = self.cleaned_data
        gap = GAPS_BY_KEY.get(values.get("gap", ""))
        point = values.get("point") or 0
        state = values.get("state") or ""
        return Selection(
            name=values.get("q", ""),
            country=values.get("country", ""),
            cities=gap.cities() if gap else None,
            point=point,
            state=state or ("something" if point else ""),
            order=values.get("sort") or FIRST_ORDER,
        )

    def chips(self) -> list[FilterInUse]:
        """Each filter in use, in the words of its field, and the address without it."""
        chips = []
        for name, value in self.in_use.items():
            others = self.in_use
            del others[name]
            words = self._words_of(name, value)
            query = urlencode(others)
            chip = FilterInUse(words, query)
            chips.append(chip)
        return chips

    def _words_of(self, name: str, value: Any) -> str:
        field: Any = self.fields[name]
        choices = getattr(field, "choices", ())
        words = dict(choices)
        return str(words.get(value, value))

    @property
    def in_use(self) -> dict[str, Any]:
        """The filters and the order that a person chose, by field."""
        values = {}
        for name in self.fields:
            value = self.cleaned_data.get(name)
            is_first_order = name == "sort" and value == FIRST_ORDER
            if value and not is_first_order:
                values[name] = value
        return values

    @property
    def is_active(self) -> bool:
        return bool(self.in_use)
