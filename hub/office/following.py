"""What follows in the office from what was judged: repairs of tickets, and who is told of incidents. Where there are no pages.

Most hooks of a workflow are for what people do. Those that telemetry never reaches, and what they need, are loaded when one is.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import get_args
from zoneinfo import ZoneInfo

from hub.config import HubSettings
from hub.core.live import Changes
from hub.core.notices import Person
from hub.judging import KeepingUp, Telling, make_calendars
from hub.mail.settings import Cause
from hub.messages.settings import MessagesSettings
from hub.office.repair_steps import REPAIR, RepairSteps
from hub.office.repairs import Repairs
from hub.requesting import Hook, Requests, make_engine
from hub.store.inventory import Inventory
from hub.store.outbox import OFFICE, keep_notices
from hub.store.unit_of_work import Store, UnitOfWork
from hub.supply.places import Offices
from hub.workflows.loading import hooks_of
from hub.workflows.request import Step

_MINUTE_MS = 60_000
_SHARED = frozenset({"open_need"})
"""Hooks of repairs that other parts of the office follow as well."""


def keeping_up(
    store: Store,
    settings: HubSettings,
    inventory: Inventory | None,
    *,
    zone: ZoneInfo,
    clock: Callable[[], int],
    publish: Callable[[Changes], None],
) -> KeepingUp:
    """The repairs of tickets, as the office keeps them."""
    engine, steps, offices = make_engine(settings.office, zone), RepairSteps(zone), Offices(settings.groups)

    @cache
    def others() -> Mapping[str, Hook]:
        from hub.office.allocating import joined, planned_with
        from hub.office.supply import supply_hooks

        planned = planned_with(settings, make_calendars(settings, inventory), zone, clock)
        return {**supply_hooks(offices), **joined(steps.hooks, planned.hooks)}

    hooks: dict[str, Hook] = {name: partial(_later, others, name) for name in hooks_of(engine.definitions.values())}
    hooks |= {name: hook for name, hook in steps.hooks.items() if name not in _SHARED}
    requests = Requests(store, engine, clock, hooks, {REPAIR: steps.follow}, offices=offices)
    requests.tell(publish)
    steps.tell(publish)
    return Repairs(store, requests, clock).follow


def telling(settings: HubSettings) -> Telling:
    """Who is told of incidents: those who asked for letters, and the office."""
    people = [*settings.notices.readers, the_office(settings.messages)]
    return lambda work, told, now: keep_notices(work.connection, people, told, now)


def the_office(settings: MessagesSettings) -> Person:
    """Its own outbox, which tells people as they have chosen, and programs."""
    return Person(OFFICE, "th", frozenset(get_args(Cause)), round(settings.incidents_after_min * _MINUTE_MS))


def _later(others: Callable[[], Mapping[str, Hook]], name: str, work: UnitOfWork, step: Step) -> None:
    hook = others().get(name)
    if hook is not None:
        hook(work, step)
