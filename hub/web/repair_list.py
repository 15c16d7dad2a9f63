"""The list of open repairs: in which orders it stands, what is searched in it, and what its file tells."""

from collections.abc import Mapping

from fastapi import Request

from hub.repairs.priority import Priority
from hub.web.listing import Listing, at, by_name, rising
from hub.web.repair_forms import REPAIR
from hub.web.site import Site
from hub.workflows.request import Request as OfficeRequest

Line = tuple[OfficeRequest, Priority]


class _Told:
    """A repair in words. schools, people: names of what its fields hold"""

    def __init__(self, site: Site, request: Request, schools: Mapping[str, str], people: Mapping[str, str]) -> None:
        self._language, self._definition = site.renderer.language(request), site.requests.engine.definitions[REPAIR]
        self._schools, self._people = schools, people

    def school(self, line: Line) -> str:
        held = _held(line, "school")
        return self._schools.get(held, held)

    def technician(self, line: Line) -> str:
        held = _held(line, "technician")
        return self._people.get(held, held)

    def subject(self, line: Line) -> str:
        return self._language.fault(_held(line, self._definition.subject))

    def state(self, line: Line) -> str:
        known = self._definition.states.get(line[0].state)
        return known.of(self._language.code) if known else line[0].state

    def urgency(self, line: Line) -> str:
        return self._language.gettext(f"urgency.{line[1].urgency.value}")

    def words(self, line: Line) -> tuple[str, ...]:
        named = self.school(line), self.subject(line), self.technician(line), self.state(line)
        return line[0].number, _held(line, "school"), *named


def repair_list(site: Site, request: Request, schools: Mapping[str, str], people: Mapping[str, str]) -> Listing[Line]:
    told, figures = _Told(site, request, schools, people), site.renderer.figures(request)
    return Listing(
        "repairs",
        {
            "urgent": lambda _line: 0,
            "oldest": lambda line: line[0].opened_at,
            "newest": lambda line: -line[0].opened_at,
            "due": lambda line: rising(line[0].due_at),
            "school": lambda line: by_name(told.school(line)),
            "technician": lambda line: by_name(told.technician(line)),
        },
        told.words,
        {
            "number": lambda line: line[0].number,
            "urgency": told.urgency,
            "subject": told.subject,
            "state": told.state,
            "district": lambda line: line[0].group,
            "code": lambda line: line[0].school,
            "school": told.school,
            "technician": told.technician,
            "opened": lambda line: at(figures, line[0].opened_at),
            "due": lambda line: at(figures, line[0].due_at),
        },
    )


def _held(line: Line, name: str) -> str:
    return str(line[0].values.get(name) or "")
