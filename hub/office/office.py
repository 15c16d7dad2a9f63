"""The office's work, put together: each part is a module, and this is the one place that knows them all."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from firmware_profiles.loader import load_catalog
from hub.admission import base_of
from hub.config import HubSettings
from hub.judging import make_calendars
from hub.mqtt.host_client import utc_ms
from hub.office.allocating import joined, planned_with
from hub.office.asset_filling import Filling
from hub.office.asset_register import make_assets
from hub.office.chores import Chore, Chores
from hub.office.class_time import Bells
from hub.office.country import Country
from hub.office.exporting import exporting
from hub.office.looking_back import LookingBack
from hub.office.messages import Messages
from hub.office.moves import Moves
from hub.office.overview import Overview
from hub.office.papers import Letterhead, Papers
from hub.office.personal import Personal
from hub.office.repair_steps import REPAIR, RepairSteps
from hub.office.repair_views import RepairLook
from hub.office.repairs import Repairs
from hub.office.reporting import Reporting
from hub.office.reports import Reports, ReportTools
from hub.office.supply import Supply, supply_hooks
from hub.office.surveys import make_surveys
from hub.office.tables import Tables
from hub.office.trips import Trips
from hub.office.upkeep import Upkeep
from hub.requesting import Requests, make_engine
from hub.store.folding import Folding
from hub.store.inventory import Inventory
from hub.store.packing import Packing
from hub.store.pruning import Pruning
from hub.store.unit_of_work import Store
from hub.supply.places import Offices
from hub.web.office import OfficePages
from hub.workflows.engine import Engine


class Office:
    """What the office works with, on one store. `start` begins what it does by itself."""

    def __init__(
        self,
        store: Store,
        settings: HubSettings,
        zone: ZoneInfo,
        clock: Callable[[], int] = utc_ms,
        engine: Engine | None = None,
        *,
        inventory: Inventory | None = None,
    ) -> None:
        engine = engine or make_engine(settings.office, zone)
        steps = RepairSteps(zone)
        planned = planned_with(settings, make_calendars(settings, inventory), zone, clock)
        offices = Offices(settings.groups)
        hooks = {**supply_hooks(offices), **joined(steps.hooks, planned.hooks)}
        follow = {REPAIR: steps.follow}
        self.requests = Requests(store, engine, clock, hooks, follow, ahead=planned.ahead, offices=offices)
        self.repairs = Repairs(store, self.requests, clock)
        self.moves = Moves(store, self.requests, self.repairs, steps, clock)
        self.repair_look = RepairLook(store, zone)
        self.stickers = Reporting(store, self.requests, clock)
        head = Letterhead(settings.office, settings.enrolment.office, base_of(settings), zone)
        self.papers = Papers(store, head, engine.definitions)
        self.messages = Messages(store, settings, engine, zone, clock)
        bells = Bells(make_calendars(settings, inventory), zone)
        self.surveys = make_surveys(store, clock, zone, bells, self.papers)
        self.needs, self.allocation = planned.pages(store, self.requests)
        tools = ReportTools(settings.reports, clock, zone, bells, engine, self.papers, self.needs)
        self.reports = Reports(store, tools)
        self.upkeep = Upkeep(store, self.needs, self.papers, clock)
        self.assets, self._filling = make_assets(store, head, clock), Filling(store)
        self.supply = Supply(store, clock, offices)
        calendars = make_calendars(settings, inventory)
        self.history = LookingBack(store, calendars, settings, load_catalog().find)
        self.trips = Trips(store, self.requests, self.papers, settings.trips, zone)
        self.overview = Overview(store, engine, bells, zone)
        self.country = Country(store, settings.groups, bells, zone)
        self.personal = Personal(store, clock)
        self.pages = self._pages()
        self.chores = Chores({**self._chores(), **_of_reports(store, settings)}, clock)

    def _pages(self) -> OfficePages:
        return OfficePages(
            needs=self.needs,
            upkeep=self.upkeep,
            allocation=self.allocation,
            assets=self.assets,
            surveys=self.surveys,
            reports=self.reports,
            messages=self.messages.pages,
            papers=self.papers,
            history=self.history,
            supply=self.supply,
            repairs=self.repairs,
            repair_look=self.repair_look,
            stickers=self.stickers,
            tables=Tables(),
            trips=self.trips,
            overview=self.overview,
            country=self.country,
            personal=self.personal,
        )

    def _chores(self) -> Mapping[str, Chore]:
        return {
            "requests": self.requests.tick,
            "allocation": self.allocation.tick,
            "assets": self._filling.tick,
            "surveys": self.surveys.tick,
            "repairs": lambda _now: self.repairs.tick(),
            "districts": self.country.tick,
        }

    def start(self) -> None:
        self.messages.start()
        self.chores.start()

    def stop(self) -> None:
        self.chores.stop()
        self.messages.stop()


def _of_reports(store: Store, settings: HubSettings) -> Mapping[str, Chore]:
    """What is done with reports once they are kept."""
    days = settings.store.report_days
    return {
        "hours": Folding(store).tick,
        "packing": Packing(store, days).tick,
        "pruning": Pruning(store, days).tick,
        **exporting(store, settings.historian),
    }
