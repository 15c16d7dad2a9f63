"""What this program remembers between its runs: one document, replaced whole.

Of releases: slots.py.
code    a digest of the code that brought the identity
hubs    addresses at which the hub was found, the best first
outbox  what the hub is to be told

A field that cannot be read begins anew: what stands on the disk counts more than what is remembered of it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from provisioning.core.contract import Kind, Outcome, Result
from provisioning.core.slots import Slots, Trial

MAX_OUTBOX = 20
MAX_WHY = 300
MAX_HUBS = 3
MAX_BAD = 20
MAX_RECORD_BYTES = 64 * 1024
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Given:
    """Of what comes without a restart (a configuration, profiles): the version in place, and the one last refused."""

    version: str | None = None
    refused: str | None = None

    def wants(self, version: str | None) -> bool:
        return version is not None and version not in (self.version, self.refused)


@dataclass(frozen=True, slots=True)
class Record:
    code: str | None = None
    hubs: tuple[str, ...] = ()
    slots: Slots = field(default_factory=Slots)
    config: Given = field(default_factory=Given)
    profiles: Given = field(default_factory=Given)
    outbox: tuple[Outcome, ...] = ()

    def met(self, hub: str) -> "Record":
        """It is asked first from now on; the older addresses stay, in case it was a mistake."""
        return replace(self, hubs=(hub, *(each for each in self.hubs if each != hub))[:MAX_HUBS])

    def to_tell(self, outcome: Outcome) -> "Record":
        """What is there already is said once; the reason is one line."""
        outcome = replace(outcome, why=_line(outcome.why))
        return replace(self, outbox=(*(each for each in self.outbox if each != outcome), outcome)[-MAX_OUTBOX:])

    def told(self, outcome: Outcome) -> "Record":
        return replace(self, outbox=tuple(each for each in self.outbox if each != outcome))


def encode(record: Record) -> bytes:
    document = asdict(record)
    document["slots"]["bad"] = dict(list(record.slots.bad.items())[-MAX_BAD:])
    return json.dumps(document, indent=1).encode() + b"\n"


def decode(data: bytes | None) -> Record:
    """Nothing, or what cannot be read: an empty record."""
    try:
        document = json.loads(data or b"{}")
    except ValueError:
        return Record()
    if not isinstance(document, dict):
        return Record()
    return Record(
        code=_read(lambda: _text(document["code"]), None),
        hubs=_read(lambda: tuple(str(hub) for hub in document["hubs"]), ()),
        slots=_read(lambda: _slots(document["slots"]), Slots()),
        config=_read(lambda: _given(document["config"]), Given()),
        profiles=_read(lambda: _given(document["profiles"]), Given()),
        outbox=_read(lambda: tuple(map(_outcome, document["outbox"])), ()),
    )


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:MAX_WHY]


def _read(read: Callable[[], Part], otherwise: Part) -> Part:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError):
        return otherwise


def _slots(document: Mapping[str, Any]) -> Slots:
    trial = document["trial"]
    bad = {str(version): str(why) for version, why in document["bad"].items()}
    return Slots(_text(document["good"]), _text(document["previous"]), None if trial is None else _trial(trial), bad)


def _trial(document: Mapping[str, Any]) -> Trial:
    attempts = int(document["attempts"])
    return Trial(str(document["version"]), _text(document["previous"]), attempts, _text(document["failed"]))


def _given(document: Mapping[str, Any]) -> Given:
    return Given(_text(document["version"]), _text(document["refused"]))


def _outcome(document: Mapping[str, Any]) -> Outcome:
    kind, result = Kind(document["kind"]), Result(document["result"])
    return Outcome(kind, str(document["version"]), result, str(document["why"]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
