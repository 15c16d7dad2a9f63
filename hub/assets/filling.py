"""What an agent says of a device beside what the register says: empty fields are filled, nothing that people wrote is touched."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hub.assets.fields import tidy
from hub.core.assets import Asset
from hub.core.equipment import HOST
from wire.metrics import Value

SAID = ("serial", "model", "firmware")
_OF_DEVICE = {"serial": "serial_number", "model": "model", "firmware": "firmware"}
_OF_COMPUTER = {"serial": "serial_number", "model": "hardware", "firmware": "os"}
_LONGEST = 200
_SHORTEST_SERIAL = 3
# What makers leave in where a serial number belongs.
_JUNK = frozenset(
    {
        *(
            "defaultstring",
            "tobefilledbyo.e.m.",
            "tobefilledbyoem",
            "systemserialnumber",
            "notspecified",
            "notapplicable",
        ),
        *("none", "null", "n/a", "na", "unknown", "invalid", "oem", "o.e.m.", "serial", "serialnumber", "123456789"),
        *("0123456789", "1234567890", "xxxxxxx"),
    }
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """asset  with what could be filled in; conflicts  field → what the agent says, where people wrote otherwise"""

    asset: Asset
    conflicts: Mapping[str, str] = field(default_factory=dict)


def said_of(device: str, own: Mapping[str, Value], of_node: Mapping[str, Value]) -> Mapping[str, str]:
    """By field. own, of_node  properties of the births; the agent's computer is told by those of its node."""
    names, properties = (_OF_COMPUTER, {**own, **of_node}) if device == HOST else (_OF_DEVICE, own)
    told = {name: tidy(str(properties.get(key) or ""))[:_LONGEST].strip() for name, key in names.items()}
    if is_junk(told["serial"]):
        del told["serial"]
    return {name: text for name, text in told.items() if text}


def is_junk(serial: str) -> bool:
    """Whether many devices would say the same."""
    plain = "".join(serial.casefold().split())
    return len(plain) < _SHORTEST_SERIAL or plain in _JUNK or len(set(plain) - set("-:.")) <= 1


def weighed(asset: Asset, said: Mapping[str, str]) -> Weighed:
    """Firmware that the agent told is replaced by newer; another serial number is another device, so people decide."""
    filled: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    for name, text in said.items():
        known: str = getattr(asset, name)
        if not known or (name == "firmware" and name in asset.told):
            filled[name] = text
        elif name != "model" and _plain(known) != _plain(text):
            # Makers and people write models in many ways; that differs without meaning anything.
            conflicts[name] = text
    if not filled:
        return Weighed(asset, conflicts)
    told = asset.told | frozenset(filled)
    return Weighed(replace(asset, told=told, **filled), conflicts)  # type: ignore[arg-type]


def taken_over(asset: Asset, name: str, said: str) -> Asset:
    """Somebody looked, and the agent is right."""
    return replace(asset, told=asset.told | {name}, **{name: said})  # type: ignore[arg-type]


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
