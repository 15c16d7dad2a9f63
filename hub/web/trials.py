"""Trials of other settings: one at a time, in a thread of its own, with the share that is done. The last outcome is kept."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from hub.core.trials import TrialOutcome
from hub.detection.settings import DetectionSettings

log = logging.getLogger(__name__)

Progress = Callable[[float], None]
Run = Callable[[DetectionSettings, int, Progress], TrialOutcome]
"""Judges the last so many days with these settings and with those of now; tells the share that is done."""
_STOP_WITHIN_S = 1.0


class _Stopped(Exception):
    """Nobody wants the outcome any more."""


@dataclass(frozen=True, slots=True)
class Trial:
    """changed: by the path of the setting, what it is now and what it would be; failed: it ended without an outcome."""

    days: int
    changed: Mapping[str, tuple[float, float]]
    started_at: int
    share: float = 0.0
    outcome: TrialOutcome | None = None
    failed: bool = False

    @property
    def running(self) -> bool:
        return self.outcome is None and not self.failed


@dataclass(slots=True)
class Trials:
    """`now`: the settings in force."""

    now: DetectionSettings
    run: Run
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _trial: Trial | None = None
    _thread: threading.Thread | None = None

    @property
    def last(self) -> Trial | None:
        """The trial that runs, or the one that ran last."""
        return self._trial

    def start(self, then: DetectionSettings, trial: Trial) -> bool:
        """Begin a trial, and do not wait for it. False while another one runs."""
        with self._lock:
            if self._trial is not None and self._trial.running:
                return False
            self._trial = trial
            self._thread = threading.Thread(target=self._work, args=(then, trial), name="trial", daemon=True)
            self._thread.start()
        return True

    def close(self) -> None:
        """End a trial that runs."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_STOP_WITHIN_S)

    def _work(self, then: DetectionSettings, trial: Trial) -> None:
        try:
            self._trial = replace(trial, share=1.0, outcome=self.run(then, trial.days, self._tell))
        except _Stopped:
            self._trial = replace(trial, failed=True)
        except Exception:
            log.exception("a trial of other settings failed")
            self._trial = replace(trial, failed=True)

    def _tell(self, share: float) -> None:
        if self._stop.is_set():
            raise _Stopped
        if self._trial is not None:
            self._trial = replace(self._trial, share=share)
