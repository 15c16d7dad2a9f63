"""What goes into the car for a trip: the parts and tools of its repairs, each once, with the repairs that they are for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firmware_profiles.schema import Label


@dataclass(frozen=True, slots=True)
class Load:
    """jobs: the repairs that need it, in driving order."""

    label: Label
    jobs: tuple[str, ...]


def to_load(needed: Mapping[str, Iterable[Label]]) -> tuple[Load, ...]:
    """By repair, in driving order; what most repairs need comes first."""
    found: dict[str, tuple[Label, list[str]]] = {}
    for number, labels in needed.items():
        for label in labels:
            _, jobs = found.setdefault(label.th, (label, []))
            if number not in jobs:
                jobs.append(number)
    loads = (Load(label, tuple(jobs)) for label, jobs in found.values())
    return tuple(sorted(loads, key=lambda load: -len(load.jobs)))
