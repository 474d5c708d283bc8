"""The membership fees in force."""

from dataclasses import dataclass

from members.models import FeeBand


@dataclass(frozen=True)
class Fee:
    """A band that holds today, with what is not known about its borders."""

    band: FeeBand
    starts_unknown: bool
    ends_unknown: bool


@dataclass(frozen=True)
class FeeSpan:
    """The bands with the least and the highest fee."""

    least: FeeBand
    most: FeeBand

    @property
    def is_one_fee(self) -> bool:
        return self.least.amount == self.most.amount


def span_of(fees: list[Fee]) -> FeeSpan | None:
    """None where no fee is known, or where fees in several currencies cannot be compared."""
    bands = sorted((fee.band for fee in fees), key=lambda band: band.amount)
    currencies = {band.currency for band in bands}
    if len(currencies) != 1:
        return None
    return FeeSpan(least=bands[0], most=bands[-1])


def fees_today() -> list[Fee]:
    """Bands in force, the smallest cities first.

    Where the beginning of a band is not known, the open end of another is no "for all larger
    cities" but a border that nobody found.
    """
    in_force = FeeBand.objects.public().real().in_force()
    bands = sorted(in_force, key=_order)
    starts = [band.population_from for band in bands]
    some_start_is_unknown = None in starts
    return [_fee(band, some_start_is_unknown) for band in bands]


def _order(band: FeeBand) -> tuple[bool, int, object]:
    start = band.population_from
    is_unknown = start is None
    return (is_unknown, start or 0, band.amount)


def _fee(band: FeeBand, some_start_is_unknown: bool) -> Fee:
    starts_unknown = band.population_from is None
    has_open_end = band.population_to is None
    ends_unknown = has_open_end and some_start_is_unknown and not starts_unknown
    return Fee(
        band=band,
        starts_unknown=starts_unknown,
        ends_unknown=ends_unknown,
    )
