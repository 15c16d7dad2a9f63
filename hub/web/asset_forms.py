"""Forms of the register of assets: what was typed, what is wrong with it, and how a field is shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from hub.assets.fields import FIELDS, written
from hub.assets.refusals import AssetWrong, Fault
from hub.core.assets import Asset

SHOWN_FIRST = ("number", "name", "kind", "model", "serial", "state", "school", "room", "dish")
SHOWN_THEN = ("price", "acquired_on", "fund", "vendor", "warranty_until", "rented_until", "useful_life_years", "note")
SELDOM = ("firmware", "profile", "device")
EDITED = (*SHOWN_FIRST, *SHOWN_THEN, *SELDOM)
"""The fields of the form; writing off is a step of its own."""
_MOST_CHARACTERS = 4000
_DATES = ("acquired_on", "warranty_until", "rented_until", "written_off_on")


@dataclass(frozen=True, slots=True)
class AssetTyped:
    """step  which form of the page it was; without faults nothing was sent"""

    step: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Fault] = ()

    def of(self, name: str) -> Fault | None:
        return next((fault for fault in self.faults if fault.field == name), None)

    @property
    def elsewhere(self) -> list[Fault]:
        """Faults of no field that was sent."""
        return [fault for fault in self.faults if fault.field not in self.values]

    def get(self, step: str, name: str, otherwise: str = "") -> str:
        """What a field of a form holds: what was typed, else what it held."""
        return self.values.get(name, otherwise) if self.step == step else otherwise

    @property
    def status(self) -> int:
        if not self.faults:
            return 200
        return 409 if any(fault.code == "stale" for fault in self.faults) else 422


def typed_in(form: FormData, step: str) -> AssetTyped:
    values = {name: str(given)[:_MOST_CHARACTERS] for name, given in form.items() if isinstance(given, str)}
    values.pop("csrf", None)
    return AssetTyped(step, values)


def refused(typed: AssetTyped, wrong: AssetWrong) -> AssetTyped:
    return AssetTyped(typed.step, typed.values, wrong.faults)


def texts_of(typed: AssetTyped) -> dict[str, str]:
    """The fields of the register among what was typed."""
    return {name: text for name, text in typed.values.items() if name in FIELDS}


def version_of(typed: AssetTyped) -> int:
    return number_of(typed.values.get("version", ""))


def number_of(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def as_typed(asset: Asset) -> dict[str, str]:
    """What each field holds, as a form holds it: dates as browsers write them, codes as they are kept."""
    held = {}
    for name in FIELDS:
        value = getattr(asset, name).value if name == "state" else written(name, asset, "en")
        held[name] = "" if value is None else str(value)
    return {**held, "kind": asset.kind}
