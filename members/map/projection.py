"""From degrees to the map: distances, the projection and the frame."""

import math

from members.map.geometry import Box, Position

# Lambert azimuthal equal-area about 10°E 52°N, the centre that the European statistical grid uses
# (ETRS89-LAEA, EPSG:3035): no country looks larger than it is. A sphere of equal area is exact to
# about 10 km at the edge, two units.
CENTRE_LATITUDE = 52.0
CENTRE_LONGITUDE = 10.0
CENTRE = math.radians(CENTRE_LATITUDE)
EARTH_RADIUS_KM = 6371.007

# The frame reaches from Reykjavík and Lisbon to Nicosia, and from Tromsø to Crete.
KM_PER_UNIT = 4.1
WEST_KM = -1800.0
NORTH_KM = 2090.0
WIDTH = 1000
HEIGHT = 966
FRAME = Box(0, 0, WIDTH, HEIGHT)

# Latitude and longitude in degrees.
Degrees = tuple[float, float]
Direction = tuple[float, float, float]


def kilometres_between(here: Degrees, there: Degrees) -> float:
    """As the crow flies, on the sphere (haversine)."""
    latitude, longitude = map(math.radians, here)
    other_latitude, other_longitude = map(math.radians, there)
    north = math.sin((other_latitude - latitude) / 2) ** 2
    east = math.sin((other_longitude - longitude) / 2) ** 2
    share = north + math.cos(latitude) * math.cos(other_latitude) * east
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(share))


def direction_of(place: Degrees) -> Direction:
    """Towards a place from the middle of the Earth, one long: the nearer two places, the larger the
    product of their directions."""
    latitude, longitude = map(math.radians, place)
    around = math.cos(latitude)
    return (
        around * math.cos(longitude),
        around * math.sin(longitude),
        math.sin(latitude),
    )


def locate(latitude: float, longitude: float) -> Position | None:
    """A place of the globe, in degrees, as units of the map; None on the far half of the globe.

    Lambert azimuthal equal-area for the sphere: J. P. Snyder, Map Projections - A Working Manual
    (US Geological Survey, 1987), equations 22-4, 22-5 and 24-2.
    """
    phi = math.radians(float(latitude))
    sin_phi = math.sin(phi)
    cos_phi = math.cos(phi)
    degrees_east = float(longitude) - CENTRE_LONGITUDE
    turn = math.radians(degrees_east)
    sin_turn = math.sin(turn)
    cos_turn = math.cos(turn)
    sin_centre = math.sin(CENTRE)
    cos_centre = math.cos(CENTRE)

    # The cosine of the angle between the place and the centre of the map.
    nearness = sin_centre * sin_phi + cos_centre * cos_phi * cos_turn
    if not nearness > 0:
        return None
    stretch = math.sqrt(2 / (1 + nearness))
    scale = EARTH_RADIUS_KM * stretch
    east_km = scale * cos_phi * sin_turn
    north = cos_centre * sin_phi - sin_centre * cos_phi * cos_turn
    north_km = scale * north
    x = (east_km - WEST_KM) / KM_PER_UNIT
    y = (NORTH_KM - north_km) / KM_PER_UNIT
    return Position(x, y)
