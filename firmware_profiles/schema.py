"""A profile: everything that agent and hub know about one model. The field reference is firmware_profiles/README.md."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from firmware_profiles.data import Data, Label
from firmware_profiles.links import Connection, Link, Protocol, Scheme, SetId
from firmware_profiles.polls import Poll, Question, Read
from firmware_profiles.recognise import Proof, Recognise

__all__ = [
    "Connection",
    "Label",
    "Life",
    "Limit",
    "Link",
    "Part",
    "Poll",
    "Profile",
    "Proof",
    "Question",
    "Read",
    "Recognise",
    "ReportRules",
    "Scheme",
]

DEFAULT_HEARTBEAT_S = 300
Cause = Literal[
    "dish_misaligned",
    "signal_degrading",
    "lnb_failed",
    "receiver_failed",
    "tv_failed",
    "tv_no_signal",
    "lamp_worn",
    "host_overheating",
    "host_disk_full",
    "host_disk_worn",
    "host_undervoltage",
    "host_clock_wrong",
    "school_power_outage",
    "school_link_outage",
    "school_offline",
]
PriceClass = Literal["low", "medium", "high"]


class ReportRules(Data):
    """When a metric is worth telling again.

    heartbeat_s  a metric that did not change is told again after this time
    heartbeats   other heartbeats, by metric
    dead_bands   a number is told when it moved by more than this, by metric; without one, by any change
    """

    heartbeat_s: PositiveInt = DEFAULT_HEARTBEAT_S
    heartbeats: dict[str, PositiveInt] = Field(default_factory=dict)
    dead_bands: dict[str, NonNegativeFloat] = Field(default_factory=dict)

    def heartbeat_of(self, metric: str) -> int:
        """Seconds."""
        return self.heartbeats.get(metric, self.heartbeat_s)


class Limit(Data):
    """A metric past what is healthy, for long enough to be a fault.

    above, below, equals  exactly one of them: when it is past
    for_s                 how long it must be past, without a break
    clear                 the number that it must be back at; the limit itself where this is left out
    clear_for_s           how long it must be back
    """

    metric: str
    cause: Cause
    above: float | None = None
    below: float | None = None
    equals: bool | int | str | None = None
    for_s: NonNegativeInt
    clear: float | None = None
    clear_for_s: NonNegativeInt = 0

    @model_validator(mode="after")
    def _is_one_limit(self) -> "Limit":
        if sum(bound is not None for bound in (self.above, self.below, self.equals)) != 1:
            raise ValueError("a limit is above, below or equals; write exactly one of the three")
        wrong = (self.above is not None and self.clear is not None and self.clear > self.above) or (
            self.below is not None and self.clear is not None and self.clear < self.below
        )
        if wrong or (self.equals is not None and self.clear is not None):
            raise ValueError("clear must lie on the healthy side of the limit; correct or leave it out")
        return self


class Life(Data):
    """How long it may be expected to serve: by age, and by hours that one of its metrics counts."""

    years: PositiveFloat | None = None
    hours: PositiveInt | None = None
    hours_metric: str | None = None


class Part(Data):
    """What to bring.

    price  low: under 1,000 baht; medium: up to 5,000; high: more
    """

    label: Label
    price: PriceClass


class Profile(Data):
    """One model of equipment, or a family that answers alike.

    source     where its facts come from
    standby    what it does when it is switched off by its remote control: whether silence says anything
    price      what another one costs, as Part.price
    reference  a receiver that hangs on the same dish as those of the classrooms and stands for the dish, not for a classroom
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
    label: Label
    kind: Literal["receiver", "tv", "projector", "computer", "ups", "other"]
    source: Annotated[tuple[str, ...], Field(min_length=1)]
    standby: Literal["answers", "silent", "unknown"]
    price: PriceClass | None = None
    reference: bool = False
    protocol: Protocol
    link: Link = Link()
    set_id: SetId | None = None
    poll: Annotated[tuple[Poll, ...], Field(min_length=1)]
    identity: tuple[Question, ...] = ()
    recognise: Recognise = Recognise()
    report: ReportRules = ReportRules()
    limit: tuple[Limit, ...] = ()
    life: Life = Life()
    parts: dict[Cause, tuple[Part, ...]] = Field(default_factory=dict)

    @property
    def polls(self) -> tuple[Poll, ...]:
        return self.poll

    @property
    def limits(self) -> tuple[Limit, ...]:
        return self.limit

    @property
    def is_host(self) -> bool:
        """Whether it describes the agent's own computer."""
        return self.protocol.name == "host"

    @property
    def metrics(self) -> tuple[str, ...]:
        """What a device of this profile can report, device/reachable aside."""
        return tuple(dict.fromkeys(target for poll in self.poll for target in poll.targets))

    @model_validator(mode="after")
    def _speaks_of_its_own_metrics(self) -> "Profile":
        named = {
            *self.report.heartbeats,
            *self.report.dead_bands,
            *(limit.metric for limit in self.limit),
            *([self.life.hours_metric] if self.life.hours_metric else []),
        }
        strange = sorted(named - set(self.metrics))
        if strange:
            raise ValueError(f"no poll reads {', '.join(strange)}; add a poll that does, or remove the name")
        return self

    @model_validator(mode="after")
    def _only_a_receiver_is_a_reference(self) -> "Profile":
        if self.reference and self.kind != "receiver":
            raise ValueError("only a receiver can be the reference; remove reference")
        return self

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Profile":
        if not self.is_host and not self.link.schemes:
            raise ValueError("link has no way to reach the device; add link.serial, link.tcp, link.http or another")
        return self
