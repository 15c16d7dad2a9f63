"""What the charts of a device draw besides its curves, in the reader's words; and what they show, as a file."""

from collections.abc import Iterator, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.history import Background, Event
from hub.core.people import Permission
from hub.core.views import SeriesView
from hub.web.addresses import incident_url, ticket_url
from hub.web.failures import Problem, no_such
from hub.web.figures import Figures
from hub.web.gate import gated, needs
from hub.web.history_pages import Cell
from hub.web.language import Language
from hub.web.site import Site
from hub.web.whose import node_of_path

_DAY_MS = 86_400_000
_LONGEST_MS = 400 * _DAY_MS
_BIGGEST = 2**63 - 1
_MOST_POINTS = 5000
_STEPS_MS = 3_600_000


class Chart(BaseModel):
    """Which chart: of which devices (empty: the node's own computer), metrics and time."""

    device: list[Annotated[str, Field(max_length=200)]] = Field(min_length=1, max_length=12)
    metric: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=40)
    since: int = Field(alias="from", ge=0, le=_BIGGEST, description="ms since 1970 UTC")
    until: int = Field(alias="to", ge=0, le=_BIGGEST, description="ms since 1970 UTC")


Asked = Annotated[Chart, Query()]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_FLEET, whose=node_of_path), prefix="/schools/{group}/{node}")
    charts = _Charts(site)
    routes.get("/background")(charts.background)
    routes.get("/series.csv")(charts.file)
    return routes


class _Charts:
    def __init__(self, site: Site) -> None:
        self._site = site

    def background(self, request: Request, group: str, node: str, asked: Asked) -> JSONResponse:
        """Class hours, incidents, events and levels of the first device."""
        _check(asked)
        key = DeviceKey(NodeKey(group, node), asked.device[0])
        device = self._site.pages.device(key)
        if device is None:
            raise no_such("device", "device")
        found = self._site.office.history.background(key, device.profile, asked.since, asked.until)
        language, figures = self._site.renderer.language(request), self._site.renderer.figures(request)
        return JSONResponse(_told(found, group, language, figures))

    def file(self, request: Request, group: str, node: str, asked: Asked) -> Response:
        """What is shown, as CSV: a line for each moment, a column for each curve; of hours the mean and the bounds."""
        _check(asked)
        figures = self._site.renderer.figures(request)
        points = min(_MOST_POINTS, max(10, (asked.until - asked.since) // _STEPS_MS))
        columns = [
            (device, each)
            for device in asked.device
            for each in self._site.pages.series(
                DeviceKey(NodeKey(group, node), device), asked.metric, asked.since, asked.until, points
            )
        ]
        heading, rows = _table(columns, figures)
        name = quote(f"{group}-{node}-{'-'.join(asked.device) or 'computer'}.csv", safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(
            self._site.office.history.file(heading, rows), media_type="text/csv; charset=utf-8", headers=headers
        )


def _check(asked: Chart) -> None:
    if not 0 < asked.until - asked.since <= _LONGEST_MS:
        detail = "from: has to lie before to, by 400 days at most"
        raise Problem(422, "invalid-input", detail, field="from", way_out="ask for a shorter span")


def _told(found: Background, group: str, language: Language, figures: Figures) -> dict[str, object]:
    return {
        "class": found.class_hours,
        "spells": [
            {
                "start": spell.start,
                "end": spell.end,
                "cause": spell.cause,
                "words": figures.incident(spell.cause),
                "url": incident_url(group, spell.key),
            }
            for spell in found.spells
        ],
        "events": [
            {
                "t": event.t,
                "what": event.what.value,
                "words": _words(event, language, figures),
                "url": ticket_url(event.ticket) if event.ticket is not None else None,
            }
            for event in found.events
        ],
        "levels": [
            {
                "metric": level.metric,
                "bound": level.bound.value,
                "value": level.value,
                "words": language.lookup(f"bound.{level.bound.value}"),
            }
            for level in found.levels
        ],
    }


def _words(event: Event, language: Language, figures: Figures) -> str:
    words = language.lookup(f"happening.{event.what.value}") or event.what.value
    return f"{words}: {figures.cause(event.cause)}" if event.cause else words


def _table(columns: Sequence[tuple[str, SeriesView]], figures: Figures) -> tuple[list[str], Iterator[list[Cell]]]:
    heading, cells, moments = ["time"], [], set[int]()
    for device, view in columns:
        name = f"{device or 'computer'} {view.metric}"
        told = {t: [value] for t, value in view.points}
        heading.append(name)
        if view.step:
            heading += [f"{name} min", f"{name} max"]
            told = {
                t: [value, *(band or (None, None))] for (t, value), band in zip(view.points, view.bands, strict=True)
            }
        cells.append((told, 3 if view.step else 1))
        moments |= told.keys()

    def rows() -> Iterator[list[Cell]]:
        for t in sorted(moments):
            yield [figures.iso(t), *(cell for told, width in cells for cell in told.get(t, [None] * width))]

    return heading, rows()
