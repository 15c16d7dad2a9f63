"""The JSON API of repairs: the open ones by urgency, with the reasons. Their steps are those of requests."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from hub.core.people import Permission
from hub.repairs.priority import Priority
from hub.web.api_models import Page
from hub.web.api_request_models import RequestModel
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.routes.repairs import Whose, by_urgency, is_of
from hub.web.site import Site


class ReasonModel(BaseModel):
    code: str
    params: dict[str, str | int | float | bool | None]


class RepairModel(BaseModel):
    """own: the urgency was set by hand"""

    request: RequestModel
    urgency: str
    own: bool
    reasons: list[ReasonModel] = Field(description="codes with parameters, the weightiest first")

    @classmethod
    def of(cls, request: RequestModel, priority: Priority) -> "RepairModel":
        reasons = [ReasonModel(code=each.code, params=dict(each.params)) for each in priority.reasons]
        return cls(request=request, urgency=priority.urgency.value, own=priority.own, reasons=reasons)


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.SEE_REQUESTS), prefix="/repairs")

    @routes.get("")
    def repairs(request: Request, whose: Whose = "all") -> Page[RepairModel]:
        """The open repairs that you may see, the most urgent first: all at once."""
        who, now = principal_of(request), site.clock()
        found = [each for each in by_urgency(site, who) if is_of(each[0], whose, who)]
        return Page(items=[RepairModel.of(RequestModel.of(one, now), told) for one, told in found], next=None)

    return routes
