"""What the pages of the register of assets ask of the hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hub.assets.asking import Conflict, Wanted
from hub.assets.changes import Changes
from hub.assets.records import AssetList
from hub.core.assets import Asset, AssetEntry, AssetState, Component
from hub.core.equipment import DeviceKey
from hub.core.people import Principal
from hub.web.school_lists import Sent, Unreadable


@dataclass(frozen=True, slots=True)
class AssetLine:
    asset: Asset
    school_name: str


@dataclass(frozen=True, slots=True)
class AssetFile:
    """Everything that is known of one.

    repairs  (number, what is wrong, whether it is open)
    heard    whether its device has ever reported
    """

    asset: Asset
    school_name: str
    components: Sequence[Component] = ()
    history: Sequence[AssetEntry] = ()
    conflicts: Sequence[Conflict] = ()
    repairs: Sequence[tuple[str, str, bool]] = ()
    heard: bool = False


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """Equipment that reports and is not in the register; said  what its agent says of it, by field"""

    key: DeviceKey
    school: str
    school_name: str
    kind: str
    room: str
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    school: str
    room: str
    dish: str
    state: AssetState
    version: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """on, disposal  as people write them"""

    on: str
    disposal: str
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Part:
    """A component as people write it. replaces: id of one that is removed for it; version: of the asset that they read"""

    kind: str
    name: str = ""
    serial: str = ""
    fitted_on: str = ""
    warranty_until: str = ""
    price: str = ""
    note: str = ""
    replaces: int = 0
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AssetPreview:
    """What a list would change. `seal` stands for exactly this; `at`: when it was sent."""

    group: str
    name: str
    at: int
    listed: AssetList
    changes: Changes
    seal: str


class AssetReads(Protocol):
    """Each call is one short transaction that writes nothing; whoever asks sees the districts that they may."""

    def some(self, who: Principal, wanted: Wanted, limit: int, offset: int) -> tuple[Sequence[AssetLine], int]:
        """And how many there are in all."""

    def kinds(self, who: Principal) -> Sequence[str]:
        """That there are any of."""

    def schools(self, who: Principal) -> Mapping[str, str]:
        """`group/code` and name of all that can be named."""

    def one(self, asset_id: int, who: Principal) -> AssetFile | None: ...

    def at(self, key: DeviceKey, who: Principal) -> Asset | None:
        """The one that a device is."""

    def found(self, who: Principal, limit: int, school: str = "") -> tuple[Sequence[FoundDevice], int]:
        """Equipment that reports and is not in the register, and how much of it. school  `group/code`"""

    def count_found(self, who: Principal) -> int:
        """How much equipment reports and is not in the register."""

    def conflicts(self, who: Principal) -> int:
        """In how many assets an agent says otherwise and nobody has looked."""


class AssetDeeds(Protocol):
    """Each is one transaction; raises AssetWrong, and nothing is done."""

    def add(self, group: str, texts: Mapping[str, str], who: Principal, note: str = "") -> Asset: ...

    def change(self, asset_id: int, texts: Mapping[str, str], version: int, who: Principal, note: str = "") -> Asset:
        """texts  of the fields that are to be other, by name; the rest stays."""

    def move(self, asset_id: int, where: Moved, who: Principal) -> Asset: ...

    def write_off(self, asset_id: int, wish: WrittenOff, who: Principal) -> Asset: ...

    def take_back(self, asset_id: int, version: int, note: str, who: Principal) -> Asset: ...

    def fit(self, asset_id: int, part: Part, who: Principal) -> Component: ...

    def remove(self, asset_id: int, component_id: int, on: str, note: str, who: Principal) -> Component: ...

    def settle(self, asset_id: int, name: str, said: str, *, take: bool, who: Principal) -> None:
        """A conflict: take over what the agent says, or keep the register."""

    def exchange(self, asset_id: int, said: str, who: Principal) -> Asset:
        """Another set hangs there, which says this serial number: it comes into the register. That one."""

    def take_in(self, key: DeviceKey, who: Principal) -> Asset:
        """A device that reports, with all that its agent says of it."""

    def take_in_all(self, school: str, who: Principal) -> int:
        """All devices of a school, `group/code`, that report and are not in the register. How many."""


class AssetLists(Protocol):
    """What a person sent waits for them, and for nobody else."""

    def keep(self, sent: Sent, who: Principal, now: int) -> Unreadable | None:
        """Take it in, in place of an earlier one. What cannot be read is not kept."""

    def waiting(self, who: Principal, now: int) -> AssetPreview | None: ...

    def take_over(self, seal: str, who: Principal, now: int) -> Changes | None:
        """What waits, all of it. None, and nothing changed: nothing waits, or it would change other things."""

    def drop(self, who: Principal) -> None: ...

    def export(self, who: Principal, wanted: Wanted, kind: str, language: str) -> bytes:
        """As `csv` or `xlsx`."""

    def template(self, language: str) -> bytes:
        """An empty workbook to be filled in."""

    def stickers(self, who: Principal, ids: Sequence[int] | Wanted, language: str) -> bytes:
        """A PDF of labels, A4."""


class AssetPapers(Protocol):
    def handover(self, asset_id: int, who: Principal, now: int) -> bytes | None:
        """The slip for its last way to a school, a PDF; None where it never went to one."""

    def disposal(self, asset_id: int, how: str, reason: str, who: Principal, now: int) -> bytes:
        """The memorandum that asks to part with it, a PDF. Raises AssetWrong."""


@dataclass(frozen=True, slots=True)
class AssetPages:
    look: AssetReads
    desk: AssetDeeds
    lists: AssetLists
    papers: AssetPapers
