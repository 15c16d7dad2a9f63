"""What is known of equipment before it says anything: its place, its model, and what the model's profile tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from firmware_profiles.schema import Limit, Profile
from hub.core.equipment import HOST

HOST_KIND = "host"
"""The kind under which causes name the node's own computer, whatever its row says."""
_LAMP_HOURS = "lamp/hours"


class Catalogue(Protocol):
    """The profiles by id; a dict of them will do."""

    def get(self, profile: str, /) -> Profile | None: ...


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What detection takes from a profile.

    standby     what the model does when it is switched off but has power: answers, silent, unknown
    limits      bounds on its metrics, each with the cause that it is a sign of
    lamp_life_h the hours that its lamp is made for
    reference   a receiver that stands for its dish, and for no classroom
    """

    standby: str = "unknown"
    limits: tuple[Limit, ...] = ()
    lamp_life_h: float | None = None
    reference: bool = False

    def limits_on(self, cause: str, metric: str) -> Iterable[Limit]:
        return (limit for limit in self.limits if limit.cause == cause and limit.metric == metric)

    @classmethod
    def of(cls, profile: Profile) -> "ProfileFacts":
        counts_lamp = profile.life.hours_metric == _LAMP_HOURS
        return cls(profile.standby, profile.limits, profile.life.hours if counts_lamp else None, profile.reference)


NOTHING_KNOWN = ProfileFacts()


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A device as its birth announced it. `dish` names the dish that a receiver hangs on, where the register knows it."""

    key: str
    kind: str
    room: str | None = None
    profile: str | None = None
    dish: str | None = None

    @property
    def role(self) -> str:
        return HOST_KIND if self.key == HOST else self.kind


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """A school of the register, and where it stands (degrees north and east)."""

    group: str
    code: str
    lat: float | None = None
    lon: float | None = None
