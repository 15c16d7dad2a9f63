"""The port by which pages read needs, and keep the reference price list."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from hub.core.needs import Need
from hub.core.people import Principal
from hub.needs.prices import Price, PricePreview, PriceSheet


class PriceListPages(Protocol):
    """Price lists that somebody sent. kinds: what a cell may say, to its code"""

    def keep(
        self, year: int, name: str, data: bytes, kinds: Mapping[str, str], who: Principal
    ) -> PriceSheet | str | None:
        """Mistakes, or a text: why the file cannot be read; then it is not kept."""

    def waiting(self, kinds: Mapping[str, str], who: Principal) -> PricePreview | None: ...

    def take_over(self, seal: str, kinds: Mapping[str, str], who: Principal) -> int | None:
        """How many prices changed; None: it would change something else by now."""

    def drop(self, who: Principal) -> None: ...


class NeedPages(Protocol):
    """Each call is one short transaction."""

    @property
    def price_lists(self) -> PriceListPages: ...

    def all(self, groups: Collection[str] | None = None) -> Sequence[Need]:
        """In their rank; groups: None: of every district."""

    def of_asset(self, asset_id: int) -> Need | None:
        """None: there is none such, or it is not in use."""

    def years(self) -> Sequence[int]:
        """That have a price list, the newest first."""

    def prices(self, year: int) -> Sequence[Price]: ...

    def put_price(self, year: int, told: Mapping[str, str], who: Principal, seen: str | None = None) -> bool:
        """Whether anything changed. seen: seal of the price that was read, "" where there was none. Raises PriceFlaw."""

    def remove_price(self, year: int, kind: str, who: Principal) -> bool: ...

    def export_prices(
        self, year: int, kind: str, title: str, heading: Sequence[str], kinds: Mapping[str, str]
    ) -> bytes:
        """As it can be taken over again. kind: csv or xlsx; kinds: the words of each"""


class UpkeepPages(Protocol):
    """The yearly plan of maintenance."""

    def plan(self, groups: Collection[str] | None, who: Principal) -> bytes | None:
        """As a memorandum to the director; None: nothing asks for it."""
