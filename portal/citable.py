"""What can be cited with a permanent link: one table of all kinds of entries."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst

from languages.text import Text, current_language, named, translated
from members.models import Action, City, Meeting, Organisation, Point, Undertaking
from members.models.cities import city_name
from portal.models import Event, News
from programs.models import Programme


def no_city(record: Any) -> City | None:
    """Of what belongs to no city, or is one."""
    return None


@dataclass(frozen=True)
class CitedKind:
    """Entries that are cited in one way.

    `folder` and `key` make the addresses: `news/<slug>/cite/`. `rows` gives what is public, with
    all that the reference names. `city_of`: whose the entry is, said beside its title.
    """

    name: str
    folder: str
    key: str
    rows: Callable[[], Any]
    title_of: Callable[[Any], Text]
    city_of: Callable[[Any], City | None] = no_city

    @property
    def path(self) -> str:
        """How an entry of this kind is named in addresses."""
        converter = "slug" if self.key == "slug" else "int"
        return f"{self.folder}/<{converter}:{self.key}>/"

    def find(self, **key: str | int) -> "Citable":
        """The entry of this key; 404 for one that is not public."""
        rows = self.rows()
        record = get_object_or_404(
            rows,
            **key,
        )
        return Citable(self, record)


@dataclass(frozen=True)
class Citable:
    """An entry that can be cited, with the addresses of its pages."""

    kind: CitedKind
    record: Any

    @property
    def key(self) -> str | int:
        key: str | int = getattr(self.record, self.kind.key)
        return key

    @property
    def is_city(self) -> bool:
        return isinstance(self.record, City)

    @property
    def title(self) -> Text:
        return self.kind.title_of(self.record)

    @property
    def owner(self) -> str:
        """The name of the city whose entry it is; empty without one."""
        city = self.kind.city_of(self.record)
        if city is None:
            return ""
        name = city_name(city)
        return name.value

    @property
    def page(self) -> str:
        """Where it is read. An undertaking stands under its point on the page of its city."""
        row = self.record
        if isinstance(row, Undertaking):
            row = row.commitment
        address: str = row.get_absolute_url()
        return address

    @property
    def cite_url(self) -> str:
        return reverse(f"{self.kind.name}_cite", args=[self.key])

    def version_url(self, moment: str) -> str:
        return reverse(f"{self.kind.name}_version", args=[self.key]) + f"?at={moment}"


# --- The rows of each kind ------------------------------------------------------------------------


def _cities() -> Any:
    return City.objects.public().select_related("country")


def _of_a_city(model: Any) -> Callable[[], Any]:
    """Public rows of this model, each with its city."""
    return lambda: model.objects.public().select_related("city")


def _under_a_point(model: Any) -> Callable[[], Any]:
    """The same of rows below a commitment."""
    relations = ("commitment__city", "commitment__point")
    return lambda: model.objects.public().select_related(*relations)


def _points() -> Any:
    points = Point.objects.public()
    in_force = points.filter(plan__in_force=True)
    return in_force.select_related("plan")


def _meetings() -> Any:
    return Meeting.objects.public().select_related("held_in")


# --- Titles and owners ----------------------------------------------------------------------------


def _own_city(record: Any) -> City | None:
    city: City | None = record.city
    return city


def _city_of_commitment(record: Any) -> City | None:
    city: City = record.commitment.city
    return city


def _title(record: Any) -> Text:
    return translated(record, "title")


def _meeting_title(meeting: Meeting) -> Text:
    """Kind, place and day: two meetings of one kind in one city are told apart."""
    words = str(meeting)
    return Text(
        capfirst(words),
        current_language(),
    )


def _action_title(action: Action) -> Text:
    title = translated(action, "title")
    return title or Text(action.original_title, action.original_language, is_fallback=True)


def _undertaking_title(undertaking: Undertaking) -> Text:
    """What was undertaken, a sentence without its full stop; where only a heading names the point,
    the plan."""
    if undertaking.is_heading:
        return Text(undertaking.plan_title, undertaking.original_language)
    statement = translated(undertaking, "statement")
    return replace(
        statement,
        value=statement.value.removesuffix("."),
    )


CITED_KINDS = (
    CitedKind("city", "cities", "slug", _cities, city_name),
    CitedKind("programme", "programmes", "slug", _of_a_city(Programme), named, _own_city),
    CitedKind("news", "news", "slug", _of_a_city(News), _title, _own_city),
    CitedKind(
        "action", "actions", "pk", _under_a_point(Action), _action_title, _city_of_commitment
    ),
    CitedKind(
        name="undertaking",
        folder="undertakings",
        key="pk",
        rows=_under_a_point(Undertaking),
        title_of=_undertaking_title,
        city_of=_city_of_commitment,
    ),
    CitedKind("point", "plan", "number", _points, _title),
    CitedKind("event", "events", "slug", _of_a_city(Event), _title, _own_city),
    CitedKind("meeting", "meetings", "pk", _meetings, _meeting_title),
    CitedKind("organisation", "organisations", "slug", _of_a_city(Organisation), named, _own_city),
)
