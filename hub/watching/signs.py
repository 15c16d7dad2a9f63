"""By what the hub can tell whether it is well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class IntakeSigns:
    """How it goes with what takes reports in: of a whole hub, or of one district in a process of several. Moments as below."""

    stepped_at: int
    connected_at: int | None
    parted_at: int | None
    heard_at: int | None
    idle_at: int

    @classmethod
    def together(cls, parts: Iterable["IntakeSigns"]) -> "IntakeSigns":
        """Of several the worst; and somebody was heard where anybody was. At least one."""
        each = list(parts)
        connected = [one.connected_at for one in each if one.connected_at is not None]
        return cls(
            min(one.stepped_at for one in each),
            max(connected) if len(connected) == len(each) else None,
            min((one.parted_at for one in each if one.parted_at is not None), default=None),
            max((one.heard_at for one in each if one.heard_at is not None), default=None),
            min(one.idle_at for one in each),
        )


@dataclass(frozen=True, slots=True)
class Signs:
    """All moments in ms since 1970 UTC, by the hub's own clock.

    started_at    when the hub started
    stepped_at    when ingestion last did a whole step; it does one several times a second, also when nothing comes
    connected_at  since when all brokers are reached; None: one is not
    parted_at     since when one is not; None: all are
    heard_at      when anybody was last heard; None: nobody since the start
    idle_at       when nothing waited for ingestion last
    online        nodes that are on, as far as they have said
    disk_free     share of the disk that is free, 0 to 1
    chores        of what is done beside: when it last succeeded
    unsent_at     since when the message that waits longest should have been sent; None: none waits
    judged_at     when a process that judges apart last did a whole step; None: there is none
    """

    now: int
    started_at: int
    stepped_at: int
    connected_at: int | None
    parted_at: int | None
    heard_at: int | None
    idle_at: int
    online: int
    disk_free: float
    chores: Mapping[str, int] = field(default_factory=dict)
    unsent_at: int | None = None
    judged_at: int | None = None
