"""Tickets and requests at help desks: handed over once, what happens here told there, what happens there told here.

A case is noted before it is made there, and looked for by its mark before it is made again: a hub that is killed in between makes
no second one. Leaves to people what follows from an answer: nothing is moved here because another program says so.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hub.core.people import Role
from hub.helpdesks.choosing import desk_of
from hub.helpdesks.errors import DeskError, DeskUnreachable
from hub.helpdesks.port import Answer, Case, HelpDesk
from hub.helpdesks.settings import DeskSettings
from hub.messages.deliveries import BACK_OFF_MS
from hub.messages.desk_cases import DeskCase, answered
from hub.messages.events import Event
from hub.messages.views import News
from hub.store.desk_cases import DeskCaseRows
from hub.store.events import EventRows
from hub.store.messages import tell
from hub.store.unit_of_work import Store, UnitOfWork
from hub.web.message_words import MessageWords
from hub.workflows.schema import Definition

log = logging.getLogger(__name__)
_AT_ONCE = 200
_MINUTE_MS = 60_000
NEVER = 2**62
_OPENED = frozenset({"ticket.opened", "request.opened"})
_WORKERS = (Role.TECHNICIAN.value, Role.GROUP_HEAD.value)


class Desks:
    """On a thread that nothing waits for."""

    def __init__(
        self,
        store: Store,
        settings: Sequence[DeskSettings],
        definitions: Mapping[str, Definition],
        words: MessageWords,
        clock: Callable[[], int],
    ) -> None:
        self._store, self._definitions, self._words, self._clock = store, definitions, words, clock
        self._desks = tuple((each, desk_of(each)) for each in settings)

    def keep_up(self, closing: threading.Event) -> None:
        """All that is new or due."""
        for settings, desk in self._desks:
            while self._take_over(settings):
                pass
            with self._store.reading() as connection:
                due = DeskCaseRows(connection).due(settings.name, self._clock())
            for case in due:
                if not closing.is_set() and not self._look_after(settings, desk, case):
                    break

    def _take_over(self, settings: DeskSettings) -> bool:
        """New tickets and requests become cases. Whether there may be more."""
        source = f"desk:{settings.name}"
        with self._store.begin() as work:
            events, cases = EventRows(work.connection), DeskCaseRows(work.connection)
            after = events.cursor(source)
            if after is None:
                events.move_cursor(source, events.newest())
                return False
            found = events.after(after, _AT_ONCE)
            for event in found:
                self._note(cases, settings, event)
            if found:
                events.move_cursor(source, found[-1].id)
        return len(found) == _AT_ONCE

    def _note(self, cases: DeskCaseRows, settings: DeskSettings, event: Event) -> None:
        if event.subject.partition(":")[0] not in settings.takes:
            return
        now = self._clock()
        known = cases.get(settings.name, event.subject)
        if known is not None:
            cases.change(replace(known, due_at=min(known.due_at, now)))
        elif event.type in _OPENED:
            cases.add(DeskCase(settings.name, event.subject, now, event.id, now))

    def _look_after(self, settings: DeskSettings, desk: HelpDesk, case: DeskCase) -> bool:
        """Whether the help desk can be used."""
        try:
            if case.reference is None:
                case = self._made(settings, desk, case)
            case = self._told(settings, desk, case)
            self._heard(settings, case, desk.look(case.reference or ""))
        except DeskError as error:
            log.warning("%s", error)
            self._put_off(case, error)
            return not isinstance(error, DeskUnreachable)
        return True

    def _made(self, settings: DeskSettings, desk: HelpDesk, case: DeskCase) -> DeskCase:
        """Looked for first: it may have been made, and the answer was lost."""
        mark = f"dltv {case.subject}"
        with self._store.reading() as connection:
            rows = EventRows(connection)
            event = next(iter(rows.after(case.told - 1, 1)), None)
        title, body = self._written(event, settings.language) if event else (case.subject, "")
        reference = desk.find(mark) or desk.open(Case(mark, title, body))
        return self._kept(replace(case, reference=reference, url=desk.url(reference), trouble=None, tries=0))

    def _told(self, settings: DeskSettings, desk: HelpDesk, case: DeskCase) -> DeskCase:
        """What has happened here since, one event after the other. Noted before and after it is told: a hub that is killed
        in between does not say it twice."""
        with self._store.reading() as connection:
            news = EventRows(connection).of(case.subject, case.told)
        for event in news:
            title, _ = self._written(event, settings.language)
            reference, unsure = case.reference or "", case.telling == event.id
            if not unsure:
                case = self._kept(replace(case, telling=event.id))
            if event.body.get("open") is False:
                # A case that stays open there is worse than a line that stands there twice.
                if not (unsure and desk.look(reference).done):
                    desk.close(reference, title)
            elif not case.done and not unsure:
                desk.comment(reference, title)
            case = self._kept(replace(case, told=event.id))
        return case

    def _heard(self, settings: DeskSettings, case: DeskCase, answer: Answer) -> None:
        now = self._clock()
        said = answered(case, answer.state, answer.done, answer.solution)
        after = NEVER if answer.done else now + round(settings.every_min * _MINUTE_MS)
        with self._store.begin() as work:
            rows = DeskCaseRows(work.connection)
            if (
                rows.change(replace(said or case, due_at=after, tries=0, trouble=None))
                and said is not None
                and said.done
            ):
                tell_answer(work, said, now)

    def _put_off(self, case: DeskCase, error: DeskError) -> None:
        wait = BACK_OFF_MS[min(case.tries, len(BACK_OFF_MS) - 1)]
        trouble = "unreached" if isinstance(error, DeskUnreachable) else "refused"
        with self._store.begin() as work:
            rows = DeskCaseRows(work.connection)
            newest = rows.get(case.desk, case.subject)
            if newest is not None:
                later = self._clock() + wait
                rows.change(replace(newest, tries=newest.tries + 1, trouble=trouble, due_at=later, telling=newest.told))

    def _kept(self, case: DeskCase) -> DeskCase:
        with self._store.begin() as work:
            rows = DeskCaseRows(work.connection)
            rows.change(case)
            return rows.get(case.desk, case.subject) or case

    def _written(self, event: Event, language: str) -> tuple[str, str]:
        """Title and body of an event, in words."""
        news = News(event.type, self._params(event), event.at)
        title = self._words.subject(news, language)
        return title, "\n".join(part for part in (title, str(event.body.get("url") or "")) if part)

    def _params(self, event: Event) -> dict[str, object]:
        body = event.body
        if event.subject.startswith("ticket:"):
            school, device = body["school_name"] or body["school"], body["dish"] or body["device"]
            return {"number": body["number"], "cause": body["cause"], "school": school, "device": device,
                    "to": body["state"]}  # fmt: skip
        definition = self._definitions.get(body["type"])
        state = definition.states.get(body["to"] or body["state"]) if definition else None
        return {
            "number": body["number"],
            "type": {"th": definition.th, "en": definition.en} if definition else body["type"],
            "state": {"th": state.th, "en": state.en} if state else body["state"],
            "school": body["school"] or "",
            "who": "",
        }


def tell_answer(work: UnitOfWork, case: DeskCase, now: int) -> None:
    """Those who work on it hear that the help desk is done."""
    kind, _, number = case.subject.partition(":")
    path = f"/tickets/{number}" if kind == "ticket" else f"/requests/{number}"
    event = EventRows(work.connection).latest(case.subject)
    params = {
        "number": number,
        "desk": case.desk,
        "reference": case.reference or "",
        "state": case.state or "",
        "solution": case.solution,
        "path": path,
    }
    group, school = (event.group, event.school) if event else (None, None)
    tell(work.connection, f"{kind}.desk_done", params, _WORKERS, now, group=group, school=school)
