"""An asset as the office's register has it, its components, and what a day says of it: age, warranty, rental.

Leaves to hub/assets what may be done with one, and to hub/store/assets.py the history, which every change is written into.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wire.vocabulary import KINDS

PARTS = ("dish", "lnb", "cable", "lamp", "remote", "bracket", "battery", "filter", "card")
"""What is fitted to another; a dish with its LNB is often an asset of its own."""
ASSET_KINDS = (
    *(kind for kind in KINDS if kind != "other"),
    *("notebook", "tablet", "server", "monitor", "printer", "router", "switch", "access_point", "camera", "amplifier"),
    *PARTS,
    "other",
)
USEFUL_LIFE: Mapping[str, int] = {
    "dish": 10,
    "receiver": 5,
    "lnb": 5,
    "tv": 5,
    "projector": 5,
    "ups": 5,
    "computer": 4,
    "notebook": 4,
    "tablet": 4,
    "server": 5,
    "router": 5,
}
"""Years; the lists of the Budget Bureau and of the Comptroller leave a range, of which an office chooses."""
_USUAL_LIFE = 8
_YEAR_DAYS = 365.25
_ONE_BAHT = 100


class AssetState(StrEnum):
    IN_USE = "in_use"
    SPARE = "spare"
    """works, and is kept to take another's place"""
    IDLE = "idle"
    """works, and nobody uses it: it can be given elsewhere"""
    IN_REPAIR = "in_repair"
    WRITTEN_OFF = "written_off"


class Disposal(StrEnum):
    """How an asset left the register: rule 215 of the procurement regulation, and loss."""

    SOLD = "sold"
    EXCHANGED = "exchanged"
    TRANSFERRED = "transferred"
    """to another authority"""
    DESTROYED = "destroyed"
    """converted or destroyed"""
    LOST = "lost"


class Standing(StrEnum):
    """Who pays for a repair on a day."""

    RENTED = "rented"
    IN_WARRANTY = "in_warranty"
    OUT_OF_WARRANTY = "out_of_warranty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asset:
    """A row of the register.

    number   as the office wrote it on the thing; empty: it has none yet. None is there twice in a group
    school   code; empty: it stands at the office
    node     the agent that hears it, where that is not the school's first one
    device   its key at that agent; "" is the agent's own computer, None: nothing reports it
    model, serial, firmware  as people wrote or the agent says; `told` names those of them that the agent said
    token    of its sticker: /e/<token>
    written_off_on, disposal  only of one that is written off
    """

    group: str
    kind: str
    number: str = ""
    serial: str = ""
    name: str = ""
    model: str = ""
    firmware: str = ""
    profile: str = ""
    school: str = ""
    room: str = ""
    dish: str = ""
    node: str = ""
    device: str | None = None
    price_satang: int | None = None
    acquired_on: date | None = None
    fund: str = ""
    vendor: str = ""
    warranty_until: date | None = None
    rented_until: date | None = None
    useful_life_years: int | None = None
    state: AssetState = AssetState.IN_USE
    written_off_on: date | None = None
    disposal: Disposal | None = None
    note: str = ""
    told: frozenset[str] = frozenset()
    token: str = ""
    version: int = 0
    id: int = 0

    @property
    def life_years(self) -> int:
        return self.useful_life_years or USEFUL_LIFE.get(self.kind, _USUAL_LIFE)

    @property
    def node_name(self) -> str:
        return self.node or self.school

    @property
    def is_there(self) -> bool:
        return self.state is not AssetState.WRITTEN_OFF

    def age_years(self, on: date) -> float | None:
        """None: nobody knows since when the office has it."""
        return None if self.acquired_on is None else max(0, (on - self.acquired_on).days) / _YEAR_DAYS

    def outlived(self, on: date) -> bool:
        since = self.acquired_on
        if since is None:
            return False
        birthdays = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
        return birthdays >= self.life_years

    def book_value_satang(self, on: date) -> int | None:
        """What is left of its price in equal parts over its useful life; one baht in the end, as long as it is there."""
        age = self.age_years(on)
        if self.price_satang is None or age is None:
            return None
        left = round(self.price_satang * max(0.0, 1 - age / self.life_years))
        return min(self.price_satang, max(left, _ONE_BAHT))

    def standing(self, on: date) -> Standing:
        if self.rented_until is not None and on <= self.rented_until:
            return Standing.RENTED
        if self.warranty_until is None:
            return Standing.UNKNOWN if self.rented_until is None else Standing.OUT_OF_WARRANTY
        return Standing.IN_WARRANTY if on <= self.warranty_until else Standing.OUT_OF_WARRANTY


@dataclass(frozen=True, slots=True)
class Component:
    """What is fitted to an asset and is changed without it. removed_on  None: it is in use there"""

    asset: int
    kind: str
    name: str = ""
    serial: str = ""
    fitted_on: date | None = None
    warranty_until: date | None = None
    price_satang: int | None = None
    removed_on: date | None = None
    note: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Deed:
    """Why a row of the register changes: `what` is a code (`added`, `changed`, `moved` …), `who` as the audit names them."""

    what: str
    who: str
    name: str
    at: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class AssetEntry:
    """A line of an asset's history: rows are added, never changed. changes: (field, before, after) as text"""

    deed: Deed
    changes: tuple[tuple[str, str, str], ...]
    component: int | None = None
    id: int = 0


class AssetFlaw(StrEnum):
    NUMBER_TAKEN = "number_taken"
    DEVICE_TAKEN = "device_taken"
    """another asset is the one that this agent's device is"""
    STALE = "stale"
    NO_SUCH_ASSET = "no_such_asset"


class AssetRefused(Exception):
    """Nothing is done. by  the number of the asset that stands against it"""

    def __init__(self, flaw: AssetFlaw, by: str = "") -> None:
        super().__init__(f"{flaw.value}: {by}" if by else flaw.value)
        self.flaw, self.by = flaw, by
