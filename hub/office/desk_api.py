"""What a help desk that has no adapter does by the API: reads what happened, takes cases, says how they stand."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hub.core.people import Permission, Principal
from hub.messages.desk_cases import DeskCase, answered
from hub.messages.events import Event
from hub.messages.refusals import MessageRefused
from hub.office.desks import NEVER, tell_answer
from hub.store.audit import AuditRows
from hub.store.desk_cases import DeskCaseRows
from hub.store.events import EventRows
from hub.store.unit_of_work import Store
from hub.web.message_pages import FoundCases, FoundEvents


class DeskApi:
    """The port DeskPages. Raises MessageRefused."""

    def __init__(self, store: Store, own: Sequence[str], clock: Callable[[], int]) -> None:
        """own: the help desks that the hub serves by itself, which nobody else may speak for."""
        self._store, self._own, self._clock = store, frozenset(own), clock

    def events(self, who: Principal, after: int, about: str, limit: int) -> FoundEvents:
        """What somebody may know, in its order."""
        with self._store.reading() as connection:
            found = EventRows(connection).after(after, limit, f"{about}:" if about else "")
        known = [each for each in found if _may_know(who, each)]
        return FoundEvents(known, found[-1].id if found else after, len(found) == limit)

    def cases(self, who: Principal, desk: str, after: int, limit: int) -> FoundCases:
        """Whose districts are limited, of those."""
        with self._store.reading() as connection:
            found, events = DeskCaseRows(connection).of_desk(desk, after, limit), EventRows(connection)
            latest = (events.latest(each.subject) if who.groups is not None else None for each in found)
            known = [
                each
                for each, event in zip(found, latest, strict=True)
                if who.groups is None or (event is not None and _may_know(who, event))
            ]
        return FoundCases(known, found[-1].id if found else after, len(found) == limit)

    def newest(self, limit: int) -> Sequence[DeskCase]:
        with self._store.reading() as connection:
            return DeskCaseRows(connection).newest(limit)

    def take(self, desk: str, subject: str, reference: str, url: str | None, who: Principal) -> DeskCase:
        """It is theirs from now on. The same again changes nothing."""
        now = self._clock()
        self._require_foreign(desk)
        with self._store.begin() as work:
            event = EventRows(work.connection).latest(subject)
            if event is None or not _may_know(who, event):
                raise MessageRefused("no_such_subject", "subject")
            rows = DeskCaseRows(work.connection)
            new = DeskCase(desk, subject, now, event.id, NEVER, reference, url)
            added, case = rows.add(new), rows.get(desk, subject)
            assert case is not None
            if case.reference != reference:
                raise MessageRefused("taken_otherwise", "reference")
            if added:
                details = {"desk": desk, "reference": reference}
                AuditRows(work.connection).write(who, "case.taken", subject, details, now)
        return case

    def report(self, desk: str, subject: str, said: tuple[str, bool, str], who: Principal) -> DeskCase:
        """said: state, whether it is done, and the solution."""
        now = self._clock()
        self._require_foreign(desk)
        with self._store.begin() as work:
            rows, event = DeskCaseRows(work.connection), EventRows(work.connection).latest(subject)
            case = rows.get(desk, subject)
            if case is None or event is None or not _may_know(who, event):
                raise MessageRefused("no_such_case", "subject")
            changed = answered(case, *said)
            if changed is None:
                return case
            rows.change(replace(changed, due_at=NEVER))
            if changed.done and not case.done:
                tell_answer(work, changed, now)
            details = {"desk": desk, "state": changed.state, "done": changed.done}
            AuditRows(work.connection).write(who, "case.answered", subject, details, now)
            return rows.get(desk, subject) or changed

    def _require_foreign(self, desk: str) -> None:
        if desk in self._own:
            raise MessageRefused("own_desk", "desk")


def _may_know(who: Principal, event: Event) -> bool:
    needed = Permission.SEE_REQUESTS if event.subject.startswith("request:") else Permission.SEE_FLEET
    if not who.may(needed) or event.subject.startswith("webhook:"):
        return False
    return who.groups is None or event.group is None or event.group in who.groups
