"""Papers of live data: numbered once and for good, headed with the office's name, with a QR code that leads to their record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from hub.allocation.rounds import RoundView
from hub.core.fiscal import fiscal_year
from hub.core.people import Principal
from hub.documents.catalogue import Form, load_forms
from hub.documents.filling import Heading
from hub.documents.memoranda import MEMO
from hub.documents.numbering import PaperNumber
from hub.documents.printing import print_form
from hub.documents.register import load_register
from hub.documents.tabulating import table_of
from hub.office.papering import BUILDERS
from hub.office.papering import line as slip
from hub.office.papering.facts import Builder, Facts
from hub.office.papering.fitting import fitted
from hub.office.papering.record import name_of, record_of
from hub.office.papering.recorded import values as recorded
from hub.sheets.writing import write_workbook
from hub.store.papers import known_number, paper_number
from hub.store.request_views import RequestLook
from hub.store.unit_of_work import Store
from hub.web.paper_pages import PaperKind, PaperOffer
from hub.workflows.request import Entry, Request
from hub.workflows.schema import Definition
from hub.workflows.settings import OfficeSettings
from hub.workflows.sight import may_see

_PAGES = {"request": "requests", "asset": "assets", "round": "allocation", "survey": "surveys", "trip": "trips"}
"""Where the record of a subject stands, by what comes before its colon."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What papers are headed with.

    base    what stands before the path of a link, without a slash at its end
    series  the district whose office prints them, where that has a letterhead of its own: its papers have their own numbers
    """

    office: OfficeSettings
    name: str
    base: str
    zone: ZoneInfo
    series: str = ""

    def of(self, group: str | None) -> "Letterhead":
        """The same, where the district has none of its own."""
        if not group or group == self.series or group not in self.office.districts:
            return self
        return replace(self, office=self.office.of_district(group), series=group)


class Papers:
    """Prints; numbers what it prints."""

    def __init__(
        self,
        store: Store,
        head: Letterhead,
        definitions: Mapping[str, Definition],
        builders: Mapping[tuple[str, str], Builder] = BUILDERS,
    ) -> None:
        self._store, self._head, self._definitions, self._builders = store, head, definitions, builders
        self._look = RequestLook(store)

    def of(self, group: str | None) -> "Papers":
        """As the office of a district prints: under its own head and with its own numbers, where it has a head of its own."""
        own = self._head.of(group)
        return self if own is self._head else Papers(self._store, own, self._definitions, self._builders)

    def of_all(self, groups: Collection[str]) -> "Papers":
        """As the office of a district, where all that is told of lies in one."""
        return self.of(next(iter(groups))) if len(groups) == 1 else self

    def number(self, form_id: str, *, subject: str, who: Principal, now: int) -> PaperNumber:
        """The running number of a subject's paper; the same for good."""
        year = fiscal_year(self._day(now).date())
        with self._store.begin() as work:
            series = f"{form_id}@{self._head.series}" if self._head.series else form_id
            # What was printed before the district had a letterhead keeps its number.
            given = known_number(work.connection, form_id, subject) or paper_number(
                work.connection, series, year, subject, who=who.label, at=now
            )
        return PaperNumber(given.fiscal_year, given.number)

    def print_paper(
        self,
        form_id: str,
        values: Mapping[str, Any],
        *,
        subject: str,
        who: Principal,
        now: int,
        form: PaperKind = "pdf",
        about: str | None = None,
    ) -> bytes:
        """A form filled with these values. subject: what it is of, as `request:PR-2570-0001`: it keeps its number.
        about: whose page its code leads to, where that is not the subject's.

        Raises WrongValues, and KeyError where there is no such form or it has no workbook.
        """
        number = self.number(form_id, subject=subject, who=who, now=now)
        heading = self._heading(number, about or subject, now)
        return self._set(load_forms()[form_id], values, heading, form)

    def memo_head(self, *, subject: str, who: Principal, now: int) -> dict[str, Any]:
        """What stands above a memorandum, and the director below it."""
        office = self._head.office
        head = {
            "agency": " ".join(filter(None, (office.group, office.name or self._head.name))),
            "phone": office.phone,
            "doc_no": str(self.number(MEMO, subject=subject, who=who, now=now)),
            "doc_date": self._day(now).date(),
            "to": office.director_title,
            "director": {"name": office.director, "position": office.director_title},
        }
        return fitted(load_forms()[MEMO].declaration, head)

    def offered(self, request: Request, entries: Sequence[Entry]) -> tuple[PaperOffer, ...]:
        """Each form that the request has made, once."""
        names = dict.fromkeys(name for each in entries for name in each.documents)
        return tuple(self._offer(request.type, name) for name in names)

    def of_request(self, number: str, form: str, kind: PaperKind, who: Principal, now: int) -> bytes | None:
        """None: no such request that they may see, or it makes no such paper."""
        found = self._look.one(number)
        if found is None or not may_see(who, found[0]):
            return None
        if (own := self.of(found[0].group)) is not self:
            return own.of_request(number, form, kind, who, now)
        offers = {each.form: each for each in self.offered(*found)}
        if form not in offers or kind not in offers[form].kinds:
            return None
        subject = f"request:{number}"
        given = self.number(form, subject=subject, who=who, now=now)
        made, builder = self._maker(found[0].type, form)
        values = fitted(made.declaration, builder(self._facts(*found, given, now)))
        return self._set(made, values, self._heading(given, subject, now), kind)

    def of_line(self, view: RoundView, line_id: int, who: Principal, now: int) -> bytes | None:
        """The slip of hand-over of what a line of a plan gives. None: there is no such line, or nothing has left for it."""
        line = next((each for each in view.lines if each.id == line_id), None)
        if line is None or not line.reached(line.stages[1]):
            return None
        if (own := self.of(line.group)) is not self:
            return own.of_line(view, line_id, who, now)
        subject, about = f"line:{line.id}", f"round:{view.number}"
        days = {each.id: self._day(each.at).date() for each in view.history.get(line.id, ())}
        said = {
            "number": str(self.number(slip.FORM, subject=subject, who=who, now=now)),
            "from_unit": self._head.office.name or self._head.name,
            **slip.values(self._store, view, line, days),
        }
        values = fitted(load_forms()[slip.FORM].declaration, said)
        return self.print_paper(slip.FORM, values, subject=subject, who=who, now=now, about=about)

    def _maker(self, request_type: str, form: str) -> tuple[Form, Builder]:
        """The form, and what fills it: one of its own, or the record of the request."""
        builder = self._builders.get((request_type, form))
        if builder is not None:
            return load_forms()[form], builder
        return record_of(self._definitions[request_type], form), recorded

    def _facts(self, request: Request, entries: Sequence[Entry], number: PaperNumber, now: int) -> Facts:
        return Facts(
            store=self._store,
            request=request,
            entries=entries,
            definition=self._definitions[request.type],
            number=str(number),
            office=self._head.office,
            zone=self._head.zone,
            now=now,
            people=self._look.people(),
            schools=self._look.school_names(),
        )

    def _offer(self, request_type: str, form: str) -> PaperOffer:
        words, listed = name_of(form), load_register().get(form)
        if words is None or request_type not in self._definitions:
            return PaperOffer(form, words)
        if listed is not None and listed.where is not None:
            return PaperOffer(form, words, where=listed.where)
        made, _ = self._maker(request_type, form)
        return PaperOffer(form, words, ("pdf", "xlsx") if made.declaration.workbook else ("pdf",))

    def _set(self, form: Form, values: Mapping[str, Any], heading: Heading, kind: PaperKind) -> bytes:
        if kind == "xlsx":
            table = table_of(form, values)
            if table is None:
                raise KeyError(f"{form.declaration.id} has no workbook")
            return write_workbook(table.title, table.heading, table.rows)
        digits = None if self._head.office.digits == "form" else self._head.office.digits
        return print_form(form, values, heading, digits)

    def _heading(self, number: PaperNumber, subject: str, now: int) -> Heading:
        return Heading(
            office=self._head.office.name or self._head.name or None,
            group=self._head.office.group or None,
            number=number.count,
            fiscal_year=number.year,
            link=self._link(subject),
            printed=self._day(now),
        )

    def _link(self, subject: str) -> str | None:
        kind, _, name = subject.partition(":")
        page = _PAGES.get(kind)
        return f"{self._head.base}/{page}/{quote(name, safe='')}" if page and name else None

    def _day(self, now: int) -> datetime:
        return datetime.fromtimestamp(now / 1000, self._head.zone).replace(tzinfo=None)
