"""What the papers of a repair say of the equipment: from the register, from what the agent tells, and from the readings."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hub.core.assets import Asset, Standing
from hub.core.equipment import HOST
from hub.core.views import DeviceView, TicketEntry
from hub.office.papering.facts import Facts, Values, first
from hub.repairs.repair import Repair
from hub.repairs.suggesting import branch_by
from hub.store.assets import AssetRows
from hub.store.repairs import RepairRows
from hub.store.views import StorePages
from hub.web.figures import Figures
from hub.web.language import Language, load_languages

_TYPES = {
    **{name: name for name in ("receiver", "tv", "monitor", "printer", "ups", "dish")},
    "computer": "desktop_pc",
    "notebook": "notebook_pc",
    "lnb": "dish",
    "cable": "dish",
    **dict.fromkeys(("router", "switch", "access_point"), "network"),
}
_PAID = {Standing.RENTED: "rented", Standing.IN_WARRANTY: "in_warranty", Standing.OUT_OF_WARRANTY: "out_of_warranty"}
_SHOWN = {"before": ("opened", "evidence", "recurred"), "after": ("recovered", "verified")}
_MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Mended:
    """The equipment of a repair. told: by the readings; well: they say nothing else, or there are none"""

    facts: Facts
    repair: Repair | None
    asset: Asset | None
    device: DeviceView | None
    told: tuple[TicketEntry, ...]
    well: bool

    @property
    def kind(self) -> str:
        return self.asset.kind if self.asset else self.device.kind if self.device else "other"

    @property
    def kind_name(self) -> str:
        return _thai().lookup(f"kind.{self.kind}") or self.kind

    @property
    def form_type(self) -> str:
        return _TYPES.get(self.kind, "other")

    @property
    def model(self) -> str | None:
        heard = self.device.properties.get("model") if self.device else None
        return first((self.asset.model if self.asset else None, str(heard) if heard else None))

    @property
    def room(self) -> str | None:
        return first((self.asset.room if self.asset else None, self.device.room if self.device else None))

    @property
    def paid_by(self) -> str | None:
        day = self.facts.day(self.facts.request.opened_at)
        return _PAID.get(self.asset.standing(day)) if self.asset else None

    def words(self, name: str) -> str | None:
        """What a field holds; a code in words."""
        text = self.facts.text(name)
        return _thai().fault(text) if text else text

    def readings(self, when: str) -> str | None:
        """What the readings showed, `before` or `after`."""
        figures = Figures(_thai(), self.facts.zone)
        lines = [figures.text(each.text) for each in self.told if each.kind in _SHOWN[when]]
        return " · ".join(dict.fromkeys(lines[-_MOST_LINES:])) or None

    def latest(self, metric: str) -> Any:
        reported = self.device.latest.get(metric) if self.device else None
        return None if reported is None else reported.value

    def received(self) -> Values:
        """The signature of who accepted it at the school."""
        entry, drawn = self.facts.step("hand_over"), self.facts.value("accepted_with")
        if entry is None:
            return {}
        name = self.facts.text("accepted_by")
        return {"name": name, "signed_on": self.facts.day(entry.at), "picture": drawn}

    def route(self) -> str | None:
        """Of form F01: who mends it."""
        if self.facts.request.state == "irreparable":
            return "beyond_repair"
        if self.facts.step("order_parts"):
            return "parts"
        branch = self.facts.value("branch") or branch_by(Standing.UNKNOWN)
        return "vendor" if branch in ("rented", "in_warranty") else "own" if branch else None


def mended(facts: Facts) -> Mended:
    with facts.store.reading() as connection:
        repair = RepairRows(connection).get(facts.request.number)
        asset = AssetRows(connection).get(repair.asset) if repair and repair.asset is not None else None
    pages = StorePages(facts.store)
    heard = repair.spot if repair and repair.spot and repair.spot.device.device != HOST else None
    view = pages.ticket(repair.ticket) if repair and repair.ticket is not None else None
    device = pages.device(heard.device) if heard else None
    well = view is None or view.line.recovered_at is not None
    return Mended(facts, repair, asset, device, view.entries if view else (), well)


@lru_cache(maxsize=1)
def _thai() -> Language:
    return load_languages()["th"]
