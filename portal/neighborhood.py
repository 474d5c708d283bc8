"""What the nearest cities of the network do: for the page of a city of which little is known."""

from dataclasses import dataclass

from members.map.cities import NearbyCity
from members.models import Action

HOW_MANY = 3
# So many are looked at: farther away a city is no neighbour.
NEAREST = 25


@dataclass(frozen=True)
class ActiveNeighbor:
    """A city near another one, with the newest of its known actions."""

    nearby: NearbyCity
    action: Action


def neighbors_of(nearby: list[NearbyCity]) -> list[ActiveNeighbor]:
    """The nearest cities of which an action is known: one query."""
    keys = [city.key for city in nearby[:NEAREST]]
    actions = Action.objects.public().filter(commitment__city__in=keys)
    newest: dict[int, Action] = {}
    for action in actions.select_related("commitment__city").order_by("status_as_of", "pk"):
        newest[action.commitment.city_id] = action
    with_actions = [city for city in nearby if city.key in newest]
    return [ActiveNeighbor(city, newest[city.key]) for city in with_actions[:HOW_MANY]]
