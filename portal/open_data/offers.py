"""What the pages of the data offer: a kind with its number of rows and its moments."""

from dataclasses import dataclass

from portal.open_data.kind import Kind
from portal.open_data.moments import Moments


@dataclass(frozen=True)
class OfferedTable:
    """A kind on the page of the data: how many rows there are, its fields, its moments."""

    kind: Kind
    count: int
    moments: Moments

    @classmethod
    def of(cls, kind: Kind, moments: Moments) -> "OfferedTable":
        return cls(kind, kind.everything_in_order().count(), moments)

    @property
    def query(self) -> str:
        """What leads to all rows, not only to those that the page shows unasked."""
        everything = self.kind.everything
        return f"?{everything}" if everything else ""
