"""The bodies of webhooks as models, for the description of the API (OpenAPI) and for the tests that hold them to their word."""

from typing import Any, Generic, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

Data = TypeVar("Data")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TicketData(_Shape):
    """The ticket as it is when the event is noted. `entry`: the kind of what happened, as its history has it."""

    subject: str
    number: int
    group: str
    school: str
    school_name: str | None
    node: str
    device: str = Field(description="empty for the node's own computer, and where the fault is the dish's")
    dish: str
    kind: str | None
    room: str | None
    cause: str
    state: str
    open: bool
    onset_at: int
    opened_at: int
    recovered_at: int | None
    closed_at: int | None
    version: int
    entry: str
    url: str | None


class RequestData(_Shape):
    """The request as it is when the event is noted; `from`, `to` and `transition` are of this step."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    subject: str
    number: str
    type: str
    group: str | None
    school: str | None
    state: str
    open: bool
    opened_at: int
    due_at: int | None
    version: int
    parent: str | None
    transition: str | None
    origin: str | None = Field(alias="from")
    to: str | None
    url: str | None


class IncidentSchoolData(_Shape):
    code: str
    start: int
    end: int | None


class IncidentData(_Shape):
    """`withdrawn`: it turned out to be none."""

    subject: str
    group: str
    key: str
    cause: str
    start: int
    end: int | None
    withdrawn: bool
    schools: list[IncidentSchoolData]
    url: str | None


class TestData(_Shape):
    """Of no meaning."""

    subject: str


class HookPayload(BaseModel, Generic[Data]):
    """Signed as Standard Webhooks wants it, in the headers webhook-id, webhook-timestamp and webhook-signature."""

    model_config = ConfigDict(extra="forbid")

    type: str
    timestamp: str = Field(description="ISO 8601, UTC")
    data: Data


TicketPayload, RequestPayload = HookPayload[TicketData], HookPayload[RequestData]
IncidentPayload, TestPayload = HookPayload[IncidentData], HookPayload[TestData]
PAYLOADS: dict[str, Any] = {
    **dict.fromkeys(("ticket.opened", "ticket.changed", "ticket.closed"), TicketPayload),
    **dict.fromkeys(("request.opened", "request.moved"), RequestPayload),
    **dict.fromkeys(("incident.begun", "incident.ended"), IncidentPayload),
    "test.sent": TestPayload,
}


def described(hooks: APIRouter) -> None:
    """Into the part of OpenAPI that tells what is called elsewhere."""
    for name, model in PAYLOADS.items():
        hooks.add_api_route(name, _of(model), methods=["POST"], status_code=204, name=name)


def _of(model: Any) -> Any:
    def told(body: Any) -> None:
        """Any 2xx says that it was taken; 410 that it shall never come again; anything else, that it comes later."""

    told.__annotations__["body"] = model
    return told
