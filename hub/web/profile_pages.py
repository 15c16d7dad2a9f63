"""What the pages of device profiles ask of the hub."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from firmware_profiles.schema import Profile
from hub.core.people import Principal
from hub.core.profile_uses import Use


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One profile. version: of the newest set, where that brings it; devices, schools: how many are read by it."""

    profile: Profile
    version: str = ""
    devices: int = 0
    schools: int = 0


@dataclass(frozen=True, slots=True)
class Spread:
    """How many computers of schools have a set; an empty version: what came with their program."""

    version: str
    nodes: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a file, and the way out; in the English of the program that read it."""

    line: int | None
    key: str
    problem: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a text. before: the profile that it would take the place of."""

    profile: Profile | None
    mistakes: tuple[Mistake, ...] = ()
    before: Profile | None = None


class NotPublished(Enum):
    """Why nothing was signed: `profile_refusal.<value>` in the catalogues."""

    MISTAKES = "mistakes"
    SAME = "same"
    NO_KEYS = "no_keys"
    UNREADABLE = "unreadable"


class ProfilePages(Protocol):
    """groups: the districts whose computers are counted."""

    def lines(self, groups: Collection[str]) -> Sequence[ProfileLine]:
        """All that there are, by id."""

    def line(self, profile_id: str, groups: Collection[str]) -> ProfileLine | None: ...

    def text(self, profile_id: str) -> str:
        """As it was written; empty where there is none."""

    def uses(self, profile_id: str, groups: Collection[str], limit: int) -> Sequence[Use]:
        """By school."""

    def spread(self, groups: Collection[str]) -> Sequence[Spread]:
        """The sets that computers have, the widest spread first."""

    def newest(self) -> str:
        """The version of the newest signed set; empty where there is none."""

    def check(self, text: str) -> Checked: ...

    def publish(self, text: str, who: Principal) -> str | NotPublished:
        """The version of a new set: the newest one with this profile in it, signed."""
