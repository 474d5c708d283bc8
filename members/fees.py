"""The membership fees in force."""

from dataclasses import dataclass

from members.models import (
    FeeBand,
)


@dataclass(frozen=True)
class Fee:
    """A band that holds today, with what is not known about its borders."""

    band: FeeBand
    starts_unknown: bool
    ends_unknown: bool


def fees_today() -> list[Fee]:
    """Bands in force, the smallest cities first. An open end below a band whose own beginning is
    not known is not "for all larger cities" but a border that nobody found."""
    bands = sorted(
        FeeBand.objects.public().real().in_force(),
        key=lambda band: (band.population_from is None, band.population_from or 0, band.amount),
    )
    open_start = any(band.population_from is None for band in bands)
    return [_fee(band, open_start) for band in bands]


def _fee(band: FeeBand, open_start: bool) -> Fee:
    unknown = band.population_from is None
    return Fee(band, unknown, band.population_to is None and open_start and not unknown)
