"""All that detection knows of a node between two reports, and how it stands in the database.

The state is what the reports up to `epoch.judged` fold to; saved with them in one transaction, it makes a restart invisible.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hub.detection.facts import NOTHING_KNOWN, DeviceFacts, ProfileFacts
from hub.detection.progress import Phase, Progress
from hub.detection.signs import Span
from hub.detection.view import DeviceView, Learnt, NodeView, Reading

VERSION = 1
SignKey = tuple[str, str, str]
"""Device, cause, sign."""


@dataclass(slots=True)
class Case:
    """A node's view and how far each sign has come.

    missed_since  when it was last heard, once that is long enough ago to be a fault
    """

    view: NodeView = field(default_factory=NodeView)
    signs: dict[SignKey, Progress] = field(default_factory=dict)
    missed_since: int | None = None

    def next_due(self) -> int | None:
        return min((each.due for each in self.signs.values() if each.due is not None), default=None)

    def learn_facts(self, devices: Iterable[tuple[DeviceFacts, ProfileFacts]]) -> None:
        """What the register and the profiles say now."""
        for facts, profile in devices:
            device = self.view.devices.setdefault(facts.key, DeviceView(facts))
            device.facts, device.profile = facts, profile


def dump(case: Case) -> dict[str, Any]:
    """The case as JSON values."""
    return {
        "version": VERSION,
        "t": case.view.t,
        "missed_since": case.missed_since,
        "devices": {key: _dump_device(device) for key, device in case.view.devices.items() if device.readings},
        "signs": [
            [*key, _dump_progress(progress)] for key, progress in sorted(case.signs.items(), key=lambda item: item[0])
        ],
    }


def load(state: Mapping[str, Any] | None) -> Case:
    """The case that `dump` wrote; a fresh one where there is none, or one of another version."""
    if not state or state.get("version") != VERSION:
        return Case()
    return Case(
        NodeView(state["t"], {key: _load_device(key, device) for key, device in state["devices"].items()}),
        {(device, cause, sign): _load_progress(progress) for device, cause, sign, progress in state["signs"]},
        state["missed_since"],
    )


def _dump_device(device: DeviceView) -> dict[str, Any]:
    readings = {name: [each.value, each.since, each.t] for name, each in device.readings.items()}
    return {"readings": readings, "learnt": asdict(device.learnt)}


def _load_device(key: str, device: Mapping[str, Any]) -> DeviceView:
    readings = {name: Reading(*each) for name, each in device["readings"].items()}
    return DeviceView(DeviceFacts(key, "other"), NOTHING_KNOWN, readings, Learnt(**device["learnt"]))


def _dump_progress(progress: Progress) -> dict[str, Any]:
    span = None if progress.span is None else [progress.span.ms, progress.span.in_class]
    return {
        "phase": progress.phase.value,
        "onset": progress.onset,
        "since": progress.since,
        "span": span,
        "waited": progress.waited,
        "running": progress.running,
        "due": progress.due,
        "numbers": dict(progress.numbers),
    }


def _load_progress(state: Mapping[str, Any]) -> Progress:
    span = None if state["span"] is None else Span(*state["span"])
    return Progress(**{**state, "phase": Phase(state["phase"]), "span": span})
