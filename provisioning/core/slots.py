"""What to do next about releases: a pure plan over what is recorded and what stands on the disk.

A release is tried: it is begun (recorded first), switched to, watched, and then committed or left again. The record says what
was meant, the disk what was reached; a power cut leaves any of the two ahead, and the plan goes on from there. The release that a
device comes from is never touched before another one has been committed. What a step does is left to services/updating.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

MAX_ATTEMPTS = 3
"""So often is a trial begun again that a power cut ended; a release that takes the machine down with it is left after that."""
INTERRUPTED = "interrupted"
LOST = "lost"


@dataclass(frozen=True, slots=True)
class Trial:
    """A release on probation; `failed` says why it is being left."""

    version: str
    previous: str | None
    attempts: int = 0
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """What is recorded: the release committed last, the one before it, and versions that are not tried again, with why."""

    good: str | None = None
    previous: str | None = None
    trial: Trial | None = None
    bad: Mapping[str, str] = field(default_factory=dict)

    def begun(self, version: str, previous: str | None) -> "Slots":
        return replace(self, trial=Trial(version, previous))

    def attempted(self, trial: Trial) -> "Slots":
        return replace(self, trial=replace(trial, attempts=trial.attempts + 1))

    def failing(self, trial: Trial, why: str, *, again: bool = False) -> "Slots":
        """`again`: it was not the release's fault, and it may be tried later."""
        bad = self.bad if again else {**self.bad, trial.version: why}
        return replace(self, trial=replace(trial, failed=why), bad=bad)

    def left(self) -> "Slots":
        return replace(self, trial=None)

    def committed(self, trial: Trial) -> "Slots":
        return replace(self, trial=None, good=trial.version, previous=trial.previous)

    def refused(self, version: str, why: str) -> "Slots":
        return replace(self, bad={**self.bad, version: why})

    def forgiven(self, version: str) -> "Slots":
        return replace(self, bad={name: why for name, why in self.bad.items() if name != version})


@dataclass(frozen=True, slots=True)
class Disk:
    """What stands there: where the link leads, releases that have all they need, and leftovers of those that have not."""

    current: str | None
    complete: frozenset[str] = frozenset()
    partial: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Download it and lay it out, beside what runs."""

    version: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Put on record that it is tried, and where to go back to."""

    version: str
    previous: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Switch to it, restart, watch."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class Fail:
    """Put on record that it is to be left."""

    trial: Trial
    why: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Switch back to where the trial came from, restart, and forget the trial."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class Mend:
    """The link leads nowhere: let it lead to this one."""

    version: str


@dataclass(frozen=True, slots=True)
class Tidy:
    """Delete these."""

    versions: tuple[str, ...]


Step = Rest | Stage | Begin | Attempt | Fail | Leave | Mend | Tidy


def plan(slots: Slots, disk: Disk, wanted: str | None) -> Step:
    """`wanted`: what the hub gave this node to run; None where it gave nothing, or cannot be asked."""
    if slots.trial is not None:
        return _on_trial(slots.trial, disk)
    if disk.current not in disk.complete and disk.complete:
        return Mend(_home(slots, disk))
    if wanted is None or wanted == disk.current or wanted in slots.bad:
        return _tidy(slots, disk)
    return Begin(wanted, disk.current) if wanted in disk.complete else Stage(wanted)


def _on_trial(trial: Trial, disk: Disk) -> Step:
    if trial.failed is not None:
        return Leave(trial)
    if trial.version not in disk.complete:
        return Fail(trial, LOST)
    return Fail(trial, INTERRUPTED) if trial.attempts >= MAX_ATTEMPTS else Attempt(trial)


def _home(slots: Slots, disk: Disk) -> str:
    for version in (slots.good, slots.previous):
        if version is not None and version in disk.complete:
            return version
    return max(disk.complete)


def _tidy(slots: Slots, disk: Disk) -> Step:
    """Two releases stay: the one that runs, and the one before it."""
    extra = (disk.complete - {disk.current, slots.previous}) | disk.partial
    return Tidy(tuple(sorted(extra))) if extra else Rest()
