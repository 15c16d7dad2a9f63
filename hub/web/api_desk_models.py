"""What the JSON API says of events, and of tickets and requests that a help desk has."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from hub.messages.desk_cases import DeskCase
from hub.messages.events import Event


class EventModel(BaseModel):
    """Something that happened. `id` is the cursor: ask for what came after it."""

    id: int
    type: str
    subject: str = Field(description="ticket:12, request:RP-2570-0001, incident:GROUP/KEY")
    group: str | None
    school: str | None
    at: int
    data: dict[str, Any] = Field(description="the same as in a webhook; its shapes are described in docs/webhooks.md")

    @classmethod
    def of(cls, event: Event) -> "EventModel":
        return cls(
            id=event.id,
            type=event.type,
            subject=event.subject,
            group=event.group,
            school=event.school,
            at=event.at,
            data={"subject": event.subject, **event.body},
        )


class CaseModel(BaseModel):
    """A ticket or request as a help desk has it."""

    id: int
    desk: str
    subject: str
    reference: str | None = Field(description="what the help desk calls it; null: it is being made there")
    url: str | None
    state: str | None = Field(description="as the help desk calls it")
    done: bool = Field(description="nothing more happens there")
    solution: str
    trouble: str | None = Field(description="why it could not be told last time")
    made_at: int

    @classmethod
    def of(cls, case: DeskCase) -> "CaseModel":
        return cls(
            id=case.id,
            desk=case.desk,
            subject=case.subject,
            reference=case.reference,
            url=case.url,
            state=case.state,
            done=case.done,
            solution=case.solution,
            trouble=case.trouble,
            made_at=case.made_at,
        )


class TakeRequest(BaseModel):
    """A help desk takes a ticket or request. The same again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    reference: str = Field(min_length=1, max_length=200)
    url: str | None = Field(None, max_length=500, pattern=r"^https?://[^\s]+$", description="where people see it")


class AnswerRequest(BaseModel):
    """How a case stands at the help desk. `done` tells those who work on it; nothing is moved by itself."""

    model_config = ConfigDict(extra="forbid")

    state: str = Field(min_length=1, max_length=48)
    done: bool = False
    solution: str = Field("", max_length=2000)
