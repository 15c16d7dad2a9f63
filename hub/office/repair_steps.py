"""What follows from the steps of a repair, in the transaction of the step: its row, its ticket, and behaviour at its hooks."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from hub.core.live import Changes
from hub.core.people import THE_HUB, Role
from hub.repairs.repair import HANDED_OVER, Repair, Spot, spot_of
from hub.repairs.verifying import Signs, verified
from hub.store.assets import AssetRows
from hub.store.messages import tell
from hub.store.repairs import RepairRows
from hub.store.requests import RequestRows
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import UnitOfWork
from hub.tickets.desk import Desk, Outcome
from hub.tickets.machine import State
from hub.web.addresses import report_url
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Request, Step, Told

REPAIR = "repair"
_TOKEN_BYTES = 16
REFUSALS = frozenset({"guard.not_recovered", "fault.no_other_repair"})
"""Why a step of a repair is refused, besides what its definition says: codes for the catalogues."""
_OF_PEOPLE = frozenset({"online", "phone", "form"})
_REPORTS = frozenset({"report_again", "reopen"})


class RepairSteps:
    """The follower of the type, and its hooks by name."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._desk = zone, Desk()
        self._publish: Callable[[Changes], None] = _nobody

    def tell(self, publish: Callable[[Changes], None]) -> None:
        """From now on the pages of tickets that are open are told."""
        self._publish = publish

    @property
    def hooks(self) -> Mapping[str, Callable[[UnitOfWork, Step], None]]:
        return {
            "suggest_branch": self.keep_standing,
            "check_by_telemetry": self.check,
            "ask_rating": self.ask_rating,
            "only_if_recovered": self.only_if_recovered,
            "merge_repairs": self.merge,
            "open_need": self.wish_replacement,
        }

    def follow(self, work: UnitOfWork, step: Step) -> None:
        """A row for a new one; and the ticket stands where its repair does."""
        rows, entry = RepairRows(work.connection), step.entry
        if entry.told is Told.OPENED:
            rows.add(_new(work, step.request))
            return
        repair = rows.get(step.request.number)
        if repair is None:
            return
        if entry.transition in _REPORTS and entry.who != THE_HUB.label:
            rows.change(replace(repair, reports=repair.reports + 1))
        if repair.ticket is not None and entry.told is Told.MOVED:
            state = State(step.request.state)
            self._desk.follow(TicketRows(work.connection), repair.ticket, state, note=entry.note, now=entry.at)
            changed = Changes(tickets=frozenset([repair.ticket]))
            work.after.append(lambda: self._publish(changed))

    def keep_standing(self, work: UnitOfWork, step: Step) -> None:
        """Who pays, as the register has it on the day on which the cause is known."""
        repair = _row(work, step.request)
        asset = AssetRows(work.connection).get(repair.asset) if repair.asset is not None else None
        if asset is not None:
            day = datetime.fromtimestamp(step.entry.at / 1000, self._zone).date()
            RepairRows(work.connection).change(replace(repair, standing=asset.standing(day).value))

    def check(self, work: UnitOfWork, step: Step) -> None:
        """What the readings say when somebody says that it is mended."""
        repair = _row(work, step.request)
        verdict = verified(signs_of(work, repair)).verdict.value
        RepairRows(work.connection).change(replace(repair, checked_at=step.entry.at, verdict=verdict))

    def ask_rating(self, work: UnitOfWork, step: Step) -> None:
        """Whoever has the link of the report finds the form there from now on; the school is told the link."""
        repair, request = _row(work, step.request), step.request
        RepairRows(work.connection).change(replace(repair, rating_asked_at=step.entry.at))
        tell(
            work.connection,
            "repair.rate",
            {"number": request.number, "who": step.entry.name, "path": report_url(repair.token)},
            [request.opened_by, Role.SCHOOL.value],
            step.entry.at,
            group=request.group,
            school=request.school,
        )

    def wish_replacement(self, work: UnitOfWork, step: Step) -> None:
        RepairRows(work.connection).change(replace(_row(work, step.request), need_wished_at=step.entry.at))

    def only_if_recovered(self, work: UnitOfWork, step: Step) -> None:
        """Raises Refused: without a visit only what the readings have seen become well is closed."""
        signs = signs_of(work, _row(work, step.request))
        if signs is None or signs.recovered_at is None:
            raise Refused(Refusal.GUARD, [Fault("not_recovered")])

    def merge(self, work: UnitOfWork, step: Step) -> None:
        """The other repair goes on for both, and so does its ticket. Raises Refused."""
        rows, repair = RepairRows(work.connection), _row(work, step.request)
        other = _other(work, step.request)
        if repair.ticket is None:
            rows.change(replace(other, reports=other.reports + repair.reports))
        elif other.ticket is None:
            rows.change(replace(repair, ticket=None))
            rows.change(replace(other, ticket=repair.ticket, spot=other.spot or repair.spot))
            self._let_follow(work, other.number, repair.ticket, step)
        else:
            self._merge_tickets(work, repair.ticket, other.ticket, step)

    def _let_follow(self, work: UnitOfWork, number: str, ticket: int, step: Step) -> None:
        request = RequestRows(work.connection).get(number)
        assert request is not None
        self._desk.follow(TicketRows(work.connection), ticket, State(request.state), note="", now=step.entry.at)

    def _merge_tickets(self, work: UnitOfWork, ticket: int, into: int, step: Step) -> None:
        rows = TicketRows(work.connection)
        found = rows.get(ticket)
        # The hub itself may have merged them, because the cause turned out to be another.
        if found is None or not found.state.is_open:
            return
        note, now = step.entry.note, step.entry.at
        if self._desk.merge(rows, ticket, into, version=found.version, note=note, now=now) is not Outcome.MOVED:
            raise _no_other()


def _nobody(_changes: Changes) -> None:
    """Tells nobody."""


def signs_of(work: UnitOfWork, repair: Repair) -> Signs | None:
    ticket = TicketRows(work.connection).get(repair.ticket) if repair.ticket is not None else None
    if ticket is None:
        return None
    return Signs(ticket.recovered_at, ticket.signs, RepairRows(work.connection).is_heard(ticket.place.device.node))


def _new(work: UnitOfWork, request: Request) -> Repair:
    spot = spot_of(request.values.get("device"))
    asset = _asset(work, request, spot)
    told = int(request.values.get("channel", "form") in _OF_PEOPLE)
    return Repair(request.number, secrets.token_urlsafe(_TOKEN_BYTES), spot=spot, asset=asset, reports=told)


def _asset(work: UnitOfWork, request: Request, spot: Spot | None) -> int | None:
    if spot is None or request.group is None or request.school is None:
        return None
    found = AssetRows(work.connection).at(request.group, request.school, spot.device.device, spot.device.node.name)
    return None if found is None else found.id


def _row(work: UnitOfWork, request: Request) -> Repair:
    found = RepairRows(work.connection).get(request.number)
    assert found is not None, f"{request.number} has no row of a repair"
    return found


def _other(work: UnitOfWork, request: Request) -> Repair:
    """The repair of the same school that is named, and is worked on. Raises Refused."""
    number = str(request.values.get("same_as", "")).strip()
    found = RequestRows(work.connection).get(number) if len(number) <= 40 else None
    known = RepairRows(work.connection).get(number) if found is not None else None
    if found is None or known is None or number == request.number:
        raise _no_other()
    is_worked_on = found.is_open and found.state != HANDED_OVER
    if not is_worked_on or (found.group, found.school) != (request.group, request.school):
        raise _no_other()
    return known


def _no_other() -> Refused:
    return Refused(Refusal.FIELDS, [Fault("no_other_repair", "same_as")])
