"""Since when a screen has been without a picture that its box offers, for longer than it has had one since.

A set that does not tell its input has a picture again when somebody chooses another one, and a bad plug gives one now and then.
So a picture ends what began only when it was there for as long as it was missing, or for a lesson. Only the onset of a fault is
taken from here; whether there is one, the signs say.
"""

from dataclasses import dataclass

_LESSON_MS = 50 * 60_000


@dataclass(slots=True)
class Pictures:
    """began: since when; None while it has its picture. missed_ms: how much longer it was missing than there, a lesson at most.

    at, shown  how it is seen, since when; None: nothing can be said
    """

    began: int | None = None
    missed_ms: int = 0
    at: int = 0
    shown: bool | None = None

    def note(self, t: int, shown: bool | None, since: int) -> None:
        """It is seen so from `t` on. `since`: when a picture that is not there is taken to have gone."""
        passed = t - self.at
        if self.shown is False:
            self.missed_ms = min(_LESSON_MS, self.missed_ms + passed)
        elif self.shown:
            self.missed_ms -= passed
            if self.missed_ms <= 0:
                self.began, self.missed_ms = None, 0
        if shown is False and self.began is None:
            self.began = since
        self.at, self.shown = t, shown
