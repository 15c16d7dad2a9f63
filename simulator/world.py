"""Everything that is planned before the first report: district, weather, faults, outages, and when each agent runs."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from simulator.attenuation import Rain, by_table
from simulator.building import build
from simulator.clock import DAY, midnight
from simulator.district import District, School
from simulator.faults import Fault
from simulator.intervals import Interval, inside
from simulator.inventory import calendar
from simulator.outages import Outages, plan_outages
from simulator.planning import Plan, plan_faults
from simulator.rain import Cell, weather
from simulator.scenarios import Scenario
from simulator.schooldays import Calendar
from simulator.sky import Sky
from simulator.uptime import Run, runs


@dataclass
class World:
    """A planned recording."""

    seed: int
    first: date
    days: int
    calendar: Calendar
    district: District
    sky: Sky
    faults: list[Fault]
    outages: Outages
    runs: dict[str, list[Run]]

    @property
    def span(self) -> Interval:
        start = midnight(self.first)
        return start, start + self.days * DAY

    @cached_property
    def _schools(self) -> dict[str, School]:
        return {school.code: school for school in self.district.schools}

    @cached_property
    def _dark(self) -> dict[str, list[Interval]]:
        return {school.code: self.outages.dark(school) for school in self.district.schools}

    @cached_property
    def _cut_off(self) -> dict[str, list[Interval]]:
        return {school.code: self.outages.cut_off(school) for school in self.district.schools}

    def school(self, code: str) -> School:
        return self._schools[code]

    def dark(self, school: School) -> list[Interval]:
        return self._dark[school.code]

    def cut_off(self, school: School) -> list[Interval]:
        return self._cut_off[school.code]

    def faults_of(self, school: School) -> list[Fault]:
        return [fault for fault in self.faults if fault.school == school.code]

    def running(self, node: str, t: float) -> bool:
        return any(run.start <= t < run.end for run in self.runs[node])

    def noticed(self, school: School, when: Interval) -> bool:
        """Whether an agent was there and online when it began, and fell silent by it."""
        end = min(when[1], self.span[1])
        return end - when[0] > school.ups_minutes * 60 + 100 and any(
            self.running(node.name, when[0] - 60) and not inside(self.cut_off(school), when[0] - 60)
            for node in school.nodes
        )

    def heard(self, school: School, t: float) -> frozenset[str]:
        """The agents whose reports of this moment reach the hub, late or at once."""
        cut = next((each for each in self.cut_off(school) if each[0] <= t < each[1]), None)
        if cut is not None and cut[1] >= self.span[1]:
            return frozenset()
        return frozenset(node.name for node in school.nodes if self.running(node.name, t))


def plan(seed: int, scenario: Scenario, schools: int, first: date, days: int, *, rain: Rain | None = None) -> World:
    district = build(seed, schools, first, days)
    times = Calendar.of(calendar(first, days))
    span = (float(midnight(first)), float(midnight(first) + days * DAY))
    cells: list[Cell] = weather(seed, span[0], days, scenario.storms_a_day, scenario.wide_a_week)
    sky = Sky(district, cells, rain or by_table())
    faults = plan_faults(seed, scenario, district, Plan(*span, times), sky.storms)
    outages = plan_outages(seed, scenario, district, span=span, calendar=times, faults=faults)
    planned = {
        node.name: runs(seed, school, node, span=span, dark=outages.dark(school), calendar=times, faults=faults)
        for school in district.schools
        for node in school.nodes
    }
    return World(seed, first, days, times, district, sky, faults, outages, planned)
