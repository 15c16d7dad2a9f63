"""What the JSON API answers, as models: times are ms since 1970 UTC, metrics keep their names and base units."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hub.core.equipment import DeviceKey, NodeKey, Reported
from hub.core.views import DeviceView, EpochView, NodeView, OffsetRange, SchoolView, TicketLine, TicketView
from wire.losses import LossReason
from wire.metrics import Value

Item = TypeVar("Item")


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ProblemModel(_Answer):
    """RFC 9457; every error has this shape."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    field: str | None = Field(None, description="the parameter, header or body field that is to blame")
    way_out: str | None = Field(None, description="what to do instead")
    errors: list[dict[str, str]] | None = Field(None, description="all faults, where there are several")


class Page(_Answer, Generic[Item]):
    """A part of a list. `next` is the address of the following part, null at the end."""

    items: list[Item]
    next: str | None


class NodeModel(_Answer):
    group: str
    node: str
    school: str
    school_name: str | None
    online: bool
    status_since: int | None
    heard_at: int | None
    properties: dict[str, Value]

    @classmethod
    def of(cls, view: NodeView) -> "NodeModel":
        return cls(**_node_fields(view))


class ReportedModel(_Answer):
    value: Value
    t: int

    @classmethod
    def of(cls, reported: Reported) -> "ReportedModel":
        return cls(value=reported.value, t=reported.t)


class DeviceModel(_Answer):
    """`device` is empty for the node's own computer."""

    group: str
    node: str
    device: str
    kind: str
    profile: str | None
    room: str | None
    dish: str | None = Field(description="the dish that it hangs on, as far as is known")
    condition: str
    stale: bool = Field(description="its node or itself is gone: the values are the last known")
    unregistered: bool = Field(description="there is a register of equipment, and it is not in it")
    tickets: list[int] = Field(description="open tickets that have not recovered")
    properties: dict[str, Value]
    values: dict[str, ReportedModel]

    @classmethod
    def of(cls, view: DeviceView) -> "DeviceModel":
        return cls(
            **_key_fields(view.key),
            kind=view.kind,
            profile=view.profile,
            room=view.room,
            dish=view.dish,
            condition=view.condition.value,
            stale=view.stale,
            unregistered=view.unregistered,
            tickets=list(view.tickets),
            properties=dict(view.properties),
            values={name: ReportedModel.of(reported) for name, reported in view.latest.items()},
        )


class RangeModel(_Answer):
    first: int
    last: int


class LostRangeModel(RangeModel):
    noticed_at: int
    reason: LossReason

    @classmethod
    def of(cls, lost: OffsetRange) -> "LostRangeModel":
        reason = LossReason(lost.reason or LossReason.OTHER)
        return cls(first=lost.first, last=lost.last, noticed_at=lost.noticed_at or 0, reason=reason)


class JournalModel(_Answer):
    """One journal of the node: which reports the hub holds for good, which are lost, and the newest that the node named."""

    epoch: str
    ours: bool = Field(description="made by the hub: births, deaths, and reports of a node that has no journal")
    newest: int
    first_seen: int
    committed: list[RangeModel]
    lost: list[LostRangeModel]

    @classmethod
    def of(cls, view: EpochView) -> "JournalModel":
        return cls(
            epoch=view.uuid,
            ours=view.ours,
            newest=view.newest,
            first_seen=view.first_seen,
            committed=[RangeModel(first=each.first, last=each.last) for each in view.committed],
            lost=[LostRangeModel.of(each) for each in view.lost],
        )


class NodeDetailModel(NodeModel):
    values: dict[str, ReportedModel]
    devices: list[DeviceModel]
    journals: list[JournalModel]
    open_tickets: list[int]

    @classmethod
    def of_school(cls, view: SchoolView) -> "NodeDetailModel":
        latest = view.host.latest if view.host else {}
        return cls(
            **_node_fields(view.node),
            values={name: ReportedModel.of(reported) for name, reported in latest.items()},
            devices=[DeviceModel.of(device) for device in view.devices],
            journals=[JournalModel.of(epoch) for epoch in view.epochs],
            open_tickets=[line.id for line in view.tickets],
        )


class ReportModel(_Answer):
    """A stored report. `device` is empty for the node's own computer."""

    epoch: str
    offset: int
    device: str
    t: int
    values: dict[str, Value]


class SeriesModel(_Answer):
    metric: str
    points: list[tuple[int, float | None]] = Field(description="[t, value]; a point without a value begins a gap")
    step: int = Field(
        description="0: every point is a reported value; else it stands for so many ms from its time on, and its value is the "
        "mean by the time that values held, of yes and no the share of yes"
    )
    bands: list[tuple[float, float] | None] = Field(description="with a step: lowest and highest value of each point")


class SeriesAnswer(_Answer):
    since: int
    until: int
    series: list[SeriesModel]


class AlternativeModel(_Answer):
    cause: str
    share: float = Field(description="of the belief: 0 to 1, all together 1")


class TicketModel(_Answer):
    """`device` is empty for the node's own computer, and where the fault is the dish's."""

    id: int
    group: str
    node: str
    device: str
    dish: str = Field(description="empty unless the fault is a dish's")
    school_name: str | None
    kind: str | None
    room: str | None
    cause: str
    state: str
    open: bool
    onset_at: int
    opened_at: int
    recovered_at: int | None
    closed_at: int | None
    signs: list[str]
    alternatives: list[AlternativeModel] = Field(description="what else it could be, the likeliest first")
    snoozed_until: int | None = Field(description="out of the daily list until then")
    merged_into: int | None = Field(description="the ticket that goes on for this one")
    earlier: int | None = Field(description="the ticket that this fault had before")
    version: int

    @classmethod
    def of(cls, line: TicketLine) -> "TicketModel":
        return cls(**_ticket_fields(line))


class EntryModel(_Answer):
    ticket: int = Field(description="the ticket that it was written into: this one, or one that was merged into it")
    t: int
    kind: str
    code: str
    params: dict[str, Value]


class TicketDetailModel(TicketModel):
    allowed_moves: list[str]
    entries: list[EntryModel]
    concerned: list[str] = Field(description="the device, or the receivers on the dish")
    before: list[int] = Field(description="earlier tickets of the same device or dish, the newest first")
    request: str | None = Field(description="number of its repair among the requests")

    @classmethod
    def of_view(cls, view: TicketView, allowed: list[str], request: str | None) -> "TicketDetailModel":
        entries = [
            EntryModel(ticket=each.ticket, t=each.t, kind=each.kind, code=each.text.code, params=dict(each.text.params))
            for each in view.entries
        ]
        return cls(
            **_ticket_fields(view.line),
            allowed_moves=allowed,
            entries=entries,
            concerned=[device.key.device for device in view.concerned],
            before=[line.id for line in view.before],
            request=request,
        )


class MoveRequest(BaseModel):
    """Move a ticket on. `version` is that of the ticket as it was read: a ticket that changed meanwhile is not moved."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=32)
    version: int
    note: str = Field("", max_length=2000, description="says as well what the step asks in words")
    values: dict[str, str | int | float | None] = Field(
        default_factory=dict, description="what the step asks: see allowed_steps of the request of its repair"
    )


class SnoozeRequest(BaseModel):
    """Put an open ticket off until a time (ms since 1970 UTC), or with null take it up again."""

    model_config = ConfigDict(extra="forbid")

    until: int | None = Field(None, ge=0, le=2**53)
    version: int
    note: str = Field("", max_length=2000)


class MergeRequest(BaseModel):
    """Close a ticket as one with another of the same school, which goes on for both."""

    model_config = ConfigDict(extra="forbid")

    into: int = Field(ge=1, le=2**62)
    version: int
    note: str = Field("", max_length=2000)


def _node_fields(view: NodeView) -> dict[str, object]:
    return {
        "group": view.key.group,
        "node": view.key.name,
        "school": view.key.school,
        "school_name": view.school_name,
        "online": view.online,
        "status_since": view.status_since,
        "heard_at": view.heard_at,
        "properties": dict(view.properties),
    }


def _key_fields(key: DeviceKey | NodeKey) -> dict[str, str]:
    if isinstance(key, NodeKey):
        return {"group": key.group, "node": key.name}
    return {"group": key.node.group, "node": key.node.name, "device": key.device}


def _ticket_fields(line: TicketLine) -> dict[str, object]:
    plain = set(TicketModel.model_fields) - {"group", "node", "device", "signs", "alternatives"}
    fields: dict[str, object] = {name: getattr(line, name) for name in plain}
    alternatives = [AlternativeModel.model_validate(each) for each in line.alternatives]
    return fields | _key_fields(line.device) | {"signs": list(line.signs), "alternatives": alternatives}
