"""Repairs and the tickets of telemetry: each ticket has one repair, opened with it, and the two end together."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from hub.core.people import THE_HUB
from hub.office.repair_steps import REPAIR
from hub.repairs.repair import HANDED_OVER, Repair, Spot
from hub.requesting import Requests
from hub.store.assets import AssetRows
from hub.store.repairs import RepairRows
from hub.store.request_views import Around
from hub.store.requests import RequestRows
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store, UnitOfWork, tried
from hub.tickets.desk import Desk
from hub.tickets.machine import State
from hub.tickets.ticket import Ticket
from hub.workflows.engine import Scene, Wish
from hub.workflows.request import Request
from hub.workflows.schema import Kind

log = logging.getLogger(__name__)
_AGAIN_MS = 3_600_000
_OF_NODE = frozenset({Kind.SCHOOL, Kind.DEVICE})


@dataclass(frozen=True, slots=True)
class _Heard(Around):
    """What an agent reported from is there, whether or not a register names it."""

    def knows(self, kind: Kind, value: str) -> bool:
        return kind in _OF_NODE and bool(value)


class Repairs:
    """Raises Refused, which undoes everything of its step."""

    def __init__(self, store: Store, requests: Requests, clock: Callable[[], int]) -> None:
        self._store, self._requests, self._clock, self._desk = store, requests, clock, Desk()
        self._behind: dict[int, int] = {}
        """Tickets that could not be kept up with, and when they are tried again."""

    def keep_up(self, work: UnitOfWork, tickets: Iterable[int]) -> None:
        """What telemetry did to these tickets, on their repairs: in the same transaction."""
        for number in sorted(tickets):
            ticket = TicketRows(work.connection).get(number)
            if ticket is None:
                continue
            repair = RepairRows(work.connection).of_ticket(number)
            if repair is not None:
                follow = self._go_on if ticket.state.is_open else self._end
                follow(work, ticket, repair)
            elif ticket.state.is_open:
                self._begin(work, ticket)

    def follow(self, work: UnitOfWork, tickets: Iterable[int]) -> None:
        """As keep_up, where one of them that cannot be kept up with stops none of the others. It is tried again later."""
        for number in sorted(tickets):
            error = tried(work, partial(self.keep_up, work, [number]))
            if error is None:
                self._behind.pop(number, None)
                continue
            self._behind[number] = self._clock() + _AGAIN_MS
            log.error(
                "the repair of ticket %d could not follow it; it is tried again in an hour", number, exc_info=error
            )

    def tick(self) -> None:
        """Tickets from before there were repairs get theirs, and so do those that were left."""
        again = [number for number, at in self._behind.items() if at <= self._clock()]
        with self._store.reading() as connection:
            without = RepairRows(connection).tickets_without(but=self._behind)
        if without or again:
            with self._store.begin() as work:
                self.follow(work, {*without, *again})

    def number_of(self, ticket: int) -> str | None:
        """Of the repair of a ticket; one that is open and has none yet gets it."""
        with self._store.reading() as connection:
            found = RepairRows(connection).of_ticket(ticket)
        if found is not None:
            return found.number
        with self._store.begin() as work:
            self.keep_up(work, [ticket])
            found = RepairRows(work.connection).of_ticket(ticket)
        return None if found is None else found.number

    def _begin(self, work: UnitOfWork, ticket: Ticket) -> None:
        """The repair that somebody reported of the same device and that is worked on, or a new one."""
        rows, spot = RepairRows(work.connection), Spot(ticket.place.device, ticket.place.dish)
        reported = rows.open_at(spot, ticket.place.device.node.school)
        if reported is None or reported.ticket is not None or _is_handed_over(work, reported):
            reported = self._open(work, ticket, spot)
        rows.change(replace(reported, ticket=ticket.id, spot=spot))
        request = RequestRows(work.connection).get(reported.number)
        assert request is not None
        if request.state != ticket.state.value:
            self._meet(work, ticket, request)

    def _meet(self, work: UnitOfWork, ticket: Ticket, request: Request) -> None:
        """Whichever of the two is further says where the work stands."""
        if request.state == self._requests.engine.definitions[REPAIR].begin:
            self._requests.catch_up_in(work, request, ticket.state.value, THE_HUB)
        else:
            state, now = State(request.state), self._clock()
            self._desk.follow(TicketRows(work.connection), ticket.id, state, note="", now=now)

    def _open(self, work: UnitOfWork, ticket: Ticket, spot: Spot) -> Repair:
        key = ticket.place.device
        given = {
            "school": f"{key.node.group}/{key.node.school}",
            "symptom": f"cause.{ticket.cause}",
            "channel": "automatic",
        }
        if not spot.dish:
            given["device"] = f"{key.node.group}/{key.node.name}/{key.device}"
        scene = Scene(THE_HUB, self._clock(), _Heard(work.connection, THE_HUB))
        opened = self._requests.open_in(work, REPAIR, Wish(given), scene)
        rows = RepairRows(work.connection)
        repair = rows.get(opened.number)
        assert repair is not None
        return repair

    def _go_on(self, work: UnitOfWork, ticket: Ticket, repair: Repair) -> None:
        """What comes back after the hand-over is not mended: it is worked on again, and whoever does that is told."""
        _follow_place(work, ticket, repair)
        stands = ticket.state is State.HANDED_OVER and ticket.recovered_at is None
        request = RequestRows(work.connection).get(repair.number) if stands else None
        if request is None or request.state != HANDED_OVER:
            return
        if TicketRows(work.connection).has_come_back(ticket.id):
            wish = Wish({"further": f"cause.{ticket.cause}"}, version=request.version)
            self._requests.move_in(work, request, "reopen", wish, THE_HUB)

    def _end(self, work: UnitOfWork, ticket: Ticket, repair: Repair) -> None:
        """The hub has closed its ticket: what was well for long came back, or it was another's all along."""
        request = RequestRows(work.connection).get(repair.number)
        if request is None or not request.is_open:
            return
        as_good_as = "merge" if ticket.merged_into is not None else "close_recovered"
        self._requests.catch_up_in(work, request, ticket.state.value, THE_HUB, as_good_as)


def _follow_place(work: UnitOfWork, ticket: Ticket, repair: Repair) -> None:
    """What was told of a dish turned out to be one receiver's: that is what is to be mended, and what the costs are of."""
    key = ticket.place.device
    if repair.spot is None or not repair.spot.dish or ticket.place.dish:
        return
    asset = AssetRows(work.connection).at(key.node.group, key.node.school, key.device, key.node.name)
    moved = replace(repair, spot=Spot(key), asset=repair.asset if asset is None else asset.id)
    RepairRows(work.connection).change(moved)


def _is_handed_over(work: UnitOfWork, repair: Repair) -> bool:
    """Nobody would look at a fault that joined it."""
    request = RequestRows(work.connection).read(repair.number)
    return request is not None and request.state == HANDED_OVER
