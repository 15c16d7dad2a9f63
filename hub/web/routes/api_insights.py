"""The JSON API of incidents, lesson time lost and the use of rooms."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from hub.core.people import Permission
from hub.web.api_insight_models import IncidentModel, LessonTimeModel, RoomUseModel
from hub.web.api_models import Page
from hub.web.districts import asked_districts, theirs
from hub.web.failures import no_such
from hub.web.gate import gated_api, needs
from hub.web.routes.incidents import BIGGEST
from hub.web.routes.spans import day_span
from hub.web.routes.usage import is_idle
from hub.web.site import Site

Name = Annotated[str | None, Query(max_length=200)]
First = Annotated[date | None, Query(alias="from", description="the first day; 30 days before the last without it")]
Last = Annotated[date | None, Query(alias="to", description="the last day; today without it")]


class RoomsQuery(BaseModel):
    """Which rooms, over which days."""

    group: str | None = Field(None, max_length=200)
    school: str | None = Field(None, max_length=200)
    first: date | None = Field(None, alias="from", description="the first day; one term before the last without it")
    last: date | None = Field(None, alias="to", description="the last day; today without it")
    idle: bool = Field(False, description="only candidates for moving")
    after: int = Field(0, ge=0, le=BIGGEST, description="as the previous part's `next` says")
    limit: int = Field(200, ge=1, le=1000)


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.SEE_REPORTS, cut=True))
    api = _Insights(site)
    routes.get("/incidents")(api.incidents)
    routes.get("/incidents/{group}/{key:path}")(api.incident)
    routes.get("/lessons")(api.lessons)
    routes.get("/rooms")(api.rooms)
    return routes


class _Insights:
    def __init__(self, site: Site) -> None:
        self._site = site

    def incidents(
        self,
        request: Request,
        group: Name = None,
        running: Annotated[bool, Query(description="only those that last")] = False,
        skip: Annotated[int, Query(ge=0, le=BIGGEST, description="so many of the newest are left out")] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[IncidentModel]:
        """Incidents, the newest first."""
        found = self._site.insights.incidents(
            asked_districts(request, group), running=running, skip=skip, limit=limit + 1
        )
        following = None
        if len(found) > limit:
            query = {"running": running, "skip": skip + limit, "limit": limit}
            following = f"/api/v1/incidents?{urlencode(query | ({'group': group} if group else {}))}"
        return Page(items=[IncidentModel.of(view) for view in found[:limit]], next=following)

    def incident(self, request: Request, group: str, key: str) -> IncidentModel:
        """One incident with the schools in it."""
        view = self._site.insights.incident(group, key) if theirs(request, [group]) else None
        if view is None:
            raise no_such("incident", "key")
        return IncidentModel.of(view)

    def lessons(self, request: Request, group: Name = None, first: First = None, last: Last = None) -> LessonTimeModel:
        """Lesson time lost over some days, by cause, school and day."""
        span = day_span(first, last, self._today(request))
        groups = asked_districts(request, group)
        return LessonTimeModel.of(self._site.insights.lesson_time(groups, span.first, span.last))

    def rooms(self, request: Request, wanted: Annotated[RoomsQuery, Query()]) -> Page[RoomUseModel]:
        """The use of each room over some days (one term, without any), and what it lost."""
        settings = self._site.renderer.usage
        span = day_span(wanted.first, wanted.last, self._today(request), settings.window_days)
        groups = asked_districts(request, wanted.group)
        found = self._site.insights.rooms(groups, span.first, span.last, wanted.school)
        told = [(room, is_idle(room, settings)) for room in found]
        rooms = [RoomUseModel.of(room, could) for room, could in told if could or not wanted.idle]
        until = wanted.after + wanted.limit
        following = None
        if len(rooms) > until:
            asked = {"from": span.first, "to": span.last, "after": until}
            kept = wanted.model_dump(include={"group", "school", "idle", "limit"}, exclude_none=True)
            following = f"/api/v1/rooms?{urlencode(kept | asked)}"
        return Page(items=rooms[wanted.after : until], next=following)

    def _today(self, request: Request) -> str:
        return self._site.renderer.figures(request).today(self._site.clock())
