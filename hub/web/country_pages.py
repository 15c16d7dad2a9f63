"""What the page of many districts asks of the hub."""

from collections.abc import Collection, Mapping
from typing import Protocol

from hub.core.districts import DistrictCount


class CountryPages(Protocol):
    def districts(self, groups: Collection[str] | None = None) -> Mapping[str, DistrictCount]:
        """What was counted of each last; counts nothing itself. groups: only of these."""
