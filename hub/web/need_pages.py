"""The port by which pages read needs, and keep the reference price list."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from hub.core.needs import Need
from hub.core.people import Principal
from hub.needs.prices import Price, PriceSheet


class NeedPages(Protocol):
    """Each call is one short transaction."""

    def all(self, groups: Collection[str] | None = None) -> Sequence[Need]:
        """In their rank; groups: None: of every district."""

    def of_asset(self, asset_id: int) -> Need | None:
        """None: there is none such, or it is not in use."""

    def years(self) -> Sequence[int]:
        """That have a price list, the newest first."""

    def prices(self, year: int) -> Sequence[Price]: ...

    def put_price(self, year: int, told: Mapping[str, str], who: Principal) -> bool:
        """Whether anything changed. Raises PriceFlaw."""

    def remove_price(self, year: int, kind: str, who: Principal) -> bool: ...

    def import_prices(
        self, year: int, data: bytes, kinds: Mapping[str, str], who: Principal
    ) -> tuple[PriceSheet, int] | str:
        """All of it or, where there is any mistake, nothing; how many changed. A text: why the file cannot be read.

        kinds: what a cell may say, to its code
        """

    def export_prices(
        self, year: int, kind: str, title: str, heading: Sequence[str], kinds: Mapping[str, str]
    ) -> bytes:
        """As it can be taken over again. kind: csv or xlsx; kinds: the words of each"""
