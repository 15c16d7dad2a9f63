"""Carries the plan of the slots out, one step after the other, until nothing is left to do. What became of a release is told."""

import logging
from collections.abc import Callable
from dataclasses import replace

from provisioning.core.contract import Kind, Outcome, Result
from provisioning.core.record import Given
from provisioning.core.slots import Attempt, Begin, Fail, Leave, Mend, Rest, Slots, Stage, Step, Tidy, Trial, plan
from provisioning.errors import BadRelease, HubUnreachable, Later, NotTrusted, OperatorError
from provisioning.ports import Repository
from provisioning.services.parts import Parts
from provisioning.services.staging import Staging

log = logging.getLogger(__name__)

HEALTHY_WITHIN_S = 300.0
LOOK_EVERY_S = 1.0
MAX_STEPS = 30
BY_HAND = "left by hand"


class Updating:
    """hub_answers: asks whether it can be reached at all, when a release has not told it of itself in time."""

    def __init__(self, parts: Parts, staging: Staging, hub_answers: Callable[[], bool]) -> None:
        self._parts, self._staging, self._hub_answers = parts, staging, hub_answers

    def run(self, wanted: str | None, repository: Repository | None) -> None:
        """Without a repository, only what was begun is brought to its end. Raises Later and NotTrusted."""
        for _ in range(MAX_STEPS):
            step = plan(self._slots, self._staging.disk(), wanted)
            if isinstance(step, Rest):
                return
            log.info("%s", step)
            self._do(step, repository)
            # What was left in this run is not tried again in it, also where it was not its own fault.
            wanted = None if isinstance(step, Leave) else wanted
        raise OperatorError("the update does not come to an end: look at the log, and tell who makes the releases")

    def go_back(self) -> str:
        """To the release before the one that runs, by a person's wish; the one that is left is not taken again. Says to which."""
        self.run(None, None)
        disk, slots = self._staging.disk(), self._slots
        home = slots.previous
        if home is None or home == disk.current or home not in disk.complete:
            raise OperatorError("there is no release to go back to: only one is on this device")
        if disk.current is not None:
            left = slots.refused(disk.current, BY_HAND)
            self._keep(left, _outcome(disk.current, Result.ROLLED_BACK, BY_HAND))
        self._keep(self._slots.forgiven(home).begun(home, disk.current))
        self.run(None, None)
        return home

    def forgive(self) -> None:
        """Versions that failed may be tried again; so may configurations and profiles that were refused."""
        record = self._parts.memory.record
        config, profiles = Given(record.config.version), Given(record.profiles.version)
        self._parts.memory.keep(replace(record, slots=replace(record.slots, bad={}), config=config, profiles=profiles))

    @property
    def _slots(self) -> Slots:
        return self._parts.memory.record.slots

    def _do(self, step: Step, repository: Repository | None) -> None:
        match step:
            case Stage(version):
                self._stage(version, repository)
            case Begin(version, previous):
                self._keep(self._slots.begun(version, previous))
            case Attempt(trial):
                self._attempt(trial)
            case Fail(trial, why):
                self._keep(self._slots.failing(trial, why))
            case Leave(trial):
                self._leave(trial)
            case Mend(version):
                self._run(version)
            case Tidy(versions):
                self._staging.remove(*versions)

    def _stage(self, version: str, repository: Repository | None) -> None:
        if repository is None:
            raise HubUnreachable("a release cannot be fetched without the hub")
        try:
            self._staging.fetch(version, repository)
        except BadRelease as error:
            self._keep(self._slots.refused(version, str(error)), _outcome(version, Result.REFUSED, str(error)))
            log.error("release %s is refused: %s", version, error)
        except HubUnreachable:
            raise
        except (Later, NotTrusted) as error:
            self._keep(self._slots, _outcome(version, Result.FAILED, str(error)))
            raise

    def _attempt(self, trial: Trial) -> None:
        """On record before the first change: a release that takes the machine down is left after some attempts."""
        self._keep(self._slots.attempted(trial))
        trial = replace(trial, attempts=trial.attempts + 1)
        self._parts.agent.forget_health()
        try:
            self._run(trial.version)
            why = self._watch(trial.version)
        except OperatorError as error:
            why = str(error)
        if why is None:
            self._keep(self._slots.committed(trial), _outcome(trial.version, Result.HEALTHY, ""))
            return
        # Where nobody could have been told, nothing is held against the release.
        log.error("release %s is left: %s", trial.version, why)
        again = not self._hub_answers()
        self._keep(self._slots.failing(trial, f"{why} (the hub could not be reached)" if again else why, again=again))

    def _watch(self, version: str) -> str | None:
        """What is wrong with it; None: it is healthy."""
        deadline = self._parts.clock.mono_s() + HEALTHY_WITHIN_S
        while True:
            health = self._parts.agent.health()
            if health is not None and health.version == version and health.healthy_at is not None:
                return None
            if self._parts.clock.mono_s() > deadline:
                break
            self._parts.clock.sleep(LOOK_EVERY_S)
        if health is None:
            return "it did not start"
        if health.version != version:
            return f"it says that it is {health.version}"
        return "it started, but told no hub of itself in five minutes"

    def _leave(self, trial: Trial) -> None:
        why = trial.failed or ""
        if trial.previous is None:
            self._keep(self._slots.left(), _outcome(trial.version, Result.FAILED, why))
            return
        try:
            self._run(trial.previous)
        except OperatorError as error:
            # The link leads home already; whoever starts the machine next starts the right one.
            log.error("%s", error)
        self._keep(self._slots.left(), _outcome(trial.version, Result.ROLLED_BACK, why))

    def _run(self, version: str) -> None:
        """The link first: a machine that starts between the two starts this one."""
        layout = self._parts.layout
        self._parts.files.point(layout.current, layout.releases / version)
        self._parts.services.restart()

    def _keep(self, slots: Slots, outcome: Outcome | None = None) -> None:
        record = replace(self._parts.memory.record, slots=slots)
        self._parts.memory.keep(record if outcome is None else record.to_tell(outcome))


def _outcome(version: str, result: Result, why: str) -> Outcome:
    return Outcome(Kind.UPDATE, version, result, why)
