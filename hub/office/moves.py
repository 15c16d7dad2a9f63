"""What people do with tickets, for the web: the steps of the repair that each has, putting off, merging. Open pages are told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from hub.core.live import Changes
from hub.core.people import Permission, Principal
from hub.office.repair_steps import REPAIR, RepairSteps
from hub.office.repairs import Repairs
from hub.requesting import Requests
from hub.store.repairs import RepairRows
from hub.store.requests import RequestRows
from hub.store.submissions import once
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.tickets.desk import Desk
from hub.tickets.ticket import Ticket
from hub.web.pages import MoveOutcome
from hub.workflows.engine import Wish
from hub.workflows.refusals import Refusal, Refused
from hub.workflows.request import Request
from hub.workflows.schema import Definition, Kind

Publish = Callable[[Changes], None]
_MERGES = "merge"
_ONLY_IF_WELL = "close_recovered"
_OUTCOMES = {
    Refusal.STALE: MoveOutcome.STALE,
    Refusal.NOT_FROM_HERE: MoveOutcome.NOT_ALLOWED,
    Refusal.NOT_ALLOWED: MoveOutcome.NOT_ALLOWED,
    Refusal.GUARD: MoveOutcome.NOT_ALLOWED,
}


class Moves:
    """Each wish names the version of the ticket that was read. Raises Refused where fields are not what they should be."""

    def __init__(
        self, store: Store, requests: Requests, repairs: Repairs, steps: RepairSteps, clock: Callable[[], int]
    ) -> None:
        self._store, self._requests, self._repairs, self._clock = store, requests, repairs, clock
        self._steps = steps
        self._desk = Desk()
        self._publish: Publish = _nobody

    def tell(self, publish: Publish) -> None:
        """From now on the pages of tickets that are open are told, also of steps that are taken on the repair."""
        self._publish = publish
        self._steps.tell(publish)

    def allowed(self, ticket_id: int, who: Principal) -> Sequence[str]:
        number = self._repairs.number_of(ticket_id)
        found = None if number is None else self._requests.look.one(number)
        if found is None or not found[0].is_open:
            return ()
        with self._store.reading() as connection:
            ticket = TicketRows(connection).get(ticket_id)
        return tuple(dict.fromkeys(to for to, _ in self._ways(found[0], ticket, who)))

    def move(
        self,
        ticket_id: int,
        to: str,
        version: int,
        note: str,
        *,
        who: Principal,
        values: Mapping[str, object] | None = None,
    ) -> MoveOutcome:
        who = _who_works(who)

        def step(work: UnitOfWork, ticket: Ticket, request: Request) -> MoveOutcome:
            name = dict(reversed(list(self._ways(request, ticket, who)))).get(to)
            if name is None:
                return MoveOutcome.NOT_ALLOWED
            given = self._filled(name, values or {}, note)
            self._requests.move_in(work, request, name, Wish(given, note, request.version), who)
            return MoveOutcome.MOVED

        return self._done(ticket_id, version, step)

    def step(self, ticket_id: int, transition: str, wish: Wish, who: Principal) -> None:
        """A step of its repair, by name; `wish` names the version of the request. Raises Refused."""
        number = self._repairs.number_of(ticket_id)
        if number is None:
            raise Refused(Refusal.NO_SUCH_REQUEST)
        self._requests.move(number, transition, wish, who)

    def snooze(
        self, ticket_id: int, until: int | None, version: int, note: str, *, who: Principal, key: str = ""
    ) -> MoveOutcome:
        def put_off(work: UnitOfWork) -> MoveOutcome:
            rows, now = TicketRows(work.connection), self._clock()
            return MoveOutcome(self._desk.snooze(rows, ticket_id, until, version=version, note=note, now=now).value)

        return self._carried_out(lambda work: self._once(work, who, key, lambda: put_off(work)), [ticket_id])

    def merge(
        self, ticket_id: int, into: int, version: int, note: str, *, who: Principal, key: str = ""
    ) -> MoveOutcome:
        """Ends the repair of the one as that of the other: their tickets follow."""
        sender, who = who, _who_works(who)

        def step(work: UnitOfWork, _ticket: Ticket, request: Request) -> MoveOutcome:
            self._repairs.keep_up(work, [into])
            other = RepairRows(work.connection).of_ticket(into)
            if other is None or other.number == request.number:
                return MoveOutcome.NOT_ALLOWED
            wish = Wish({"same_as": other.number}, note, request.version)
            try:
                self._requests.move_in(work, request, _MERGES, wish, who)
            except Refused as refused:
                raise _Outcome(_OUTCOMES.get(refused.refusal, MoveOutcome.NOT_ALLOWED)) from None
            return MoveOutcome.MOVED

        def merged(work: UnitOfWork) -> MoveOutcome:
            return self._once(work, sender, key, lambda: self._tried(work, ticket_id, version, step))

        return self._carried_out(merged, [ticket_id, into])

    def _done(
        self,
        ticket_id: int,
        version: int,
        step: Callable[[UnitOfWork, Ticket, Request], MoveOutcome],
    ) -> MoveOutcome:
        return self._carried_out(lambda work: self._tried(work, ticket_id, version, step), [ticket_id])

    def _carried_out(self, act: Callable[[UnitOfWork], MoveOutcome], tickets: Iterable[int]) -> MoveOutcome:
        try:
            with self._store.begin() as work:
                outcome = act(work)
        except _Outcome as found:
            return found.outcome
        except Refused as refused:
            if refused.refusal not in _OUTCOMES:
                raise
            return _OUTCOMES[refused.refusal]
        self._publish(Changes(tickets=frozenset(tickets)))
        return outcome

    def _once(self, work: UnitOfWork, who: Principal, key: str, act: Callable[[], MoveOutcome]) -> MoveOutcome:
        """A form that comes again changes nothing. Raises _Outcome for what was not done: its key may come again."""

        def done() -> str:
            outcome = act()
            if outcome is not MoveOutcome.MOVED:
                raise _Outcome(outcome)
            return str(outcome.value)

        once(work.connection, who, key, self._clock(), done)
        return MoveOutcome.MOVED

    def _tried(
        self,
        work: UnitOfWork,
        ticket_id: int,
        version: int,
        step: Callable[[UnitOfWork, Ticket, Request], MoveOutcome],
    ) -> MoveOutcome:
        ticket = TicketRows(work.connection).get(ticket_id)
        if ticket is None:
            return MoveOutcome.NO_SUCH_TICKET
        if ticket.version != version:
            return MoveOutcome.STALE
        self._repairs.keep_up(work, [ticket_id])
        repair = RepairRows(work.connection).of_ticket(ticket_id)
        request = None if repair is None else RequestRows(work.connection).get(repair.number)
        return MoveOutcome.NOT_ALLOWED if request is None else step(work, ticket, request)

    def _ways(self, request: Request, ticket: Ticket | None, who: Principal) -> Iterable[tuple[str, str]]:
        """The states that somebody may move it to, and by which transition, the usual one first."""
        well = ticket is not None and ticket.recovered_at is not None
        for name in self._requests.engine.allowed(request, who):
            to = self._definition.transitions[name].to
            if to is not None and name != _MERGES and (well or name != _ONLY_IF_WELL):
                yield to, name

    def _filled(self, transition: str, values: Mapping[str, object], note: str) -> Mapping[str, object]:
        """What a step asks in words, and was not given, the note says."""
        fields = self._definition.fields
        asked = self._definition.transitions[transition].asks
        said = {name: note for name in asked if fields[name].kind is Kind.TEXT} if note.strip() else {}
        return {**said, **values}

    @property
    def _definition(self) -> Definition:
        return self._requests.engine.definitions[REPAIR]


class _Outcome(Exception):
    """Ends the transaction without a trace."""

    def __init__(self, outcome: MoveOutcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


def _who_works(who: Principal) -> Principal:
    """A program that may work on tickets sees the repairs behind them."""
    return replace(who, scopes=who.scopes | {Permission.SEE_REQUESTS})


def _nobody(_changes: Changes) -> None:
    """Tells nobody."""
