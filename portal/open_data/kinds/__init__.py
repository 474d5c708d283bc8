"""All kinds of public rows, in the order in which the page of the data lists them."""

from portal.open_data.kind import Kind
from portal.open_data.kinds.cities import CITIES, MEMBERSHIPS
from portal.open_data.kinds.help import CONTACTS, GROUNDS, ORGANISATIONS
from portal.open_data.kinds.meetings import ACTS, DECISIONS, MEETINGS
from portal.open_data.kinds.news import EVENTS, NEWS
from portal.open_data.kinds.plan import ACTIONS, POINTS, PROMISES, UNDERTAKINGS
from portal.open_data.kinds.programmes import PROGRAMMES
from portal.open_data.kinds.sources import SOURCES

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CITIES,
        MEMBERSHIPS,
        POINTS,
        PROMISES,
        UNDERTAKINGS,
        ACTIONS,
        PROGRAMMES,
        CONTACTS,
        ORGANISATIONS,
        GROUNDS,
        ACTS,
        MEETINGS,
        DECISIONS,
        NEWS,
        EVENTS,
        SOURCES,
    )
}
