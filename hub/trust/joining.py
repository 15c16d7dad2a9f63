"""Who may join and who is shut out, for the pages: the port Enrolling of hub.web."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from hub.bundles.installation import newest
from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.enrolment.choices import SchoolChoice, choices
from hub.enrolment.codes import Standing
from hub.enrolment.nodes import Purpose
from hub.enrolment.office import Batch
from hub.enrolment.settings import DAY_MS
from hub.enrolment.views import AgentView, BatchView, TroubleView
from hub.store.schools import SchoolRegister
from hub.store.unit_of_work import Store
from hub.trust.fresh_codes import FreshCodes
from hub.trust.installing import SHELF, Fetching
from hub.trust.office import Office, Order
from hub.trust.paper import LANGUAGES, Handout, Paper
from hub.web.enrolling import Made, OneBatch, Wanted

_LATELY_MS = 30 * DAY_MS
_WITHDRAWN = "withdrawn"


class Joining:
    def __init__(
        self, store: Store, settings: HubSettings, zone: ZoneInfo, fetching: Callable[[], Fetching | None]
    ) -> None:
        self._office, self._register = Office(store, settings), SchoolRegister(store)
        self._views = self._office.views
        self._fresh, self._shelf = FreshCodes(), settings.data_dir / SHELF
        self._paper = Paper(settings.enrolment, zone, fetching)
        self.usual_days = settings.enrolment.code_days

    def address(self) -> str | None:
        return self._paper.address

    def has_bundle(self) -> bool:
        return newest(self._shelf) is not None

    def schools(self, group: str, now: int) -> Sequence[SchoolChoice]:
        named = [(each.code, each.name) for each in self._register.known(group)]
        return choices(named, self._views.agents(now, group), self._views.waiting(group, now))

    def make(self, wanted: Wanted, who: Principal, now: int) -> Made:
        names = self._computers(wanted, now) if wanted.purpose is Purpose.REPLACE else wanted.schools
        order = Order(wanted.group, names, wanted.purpose, wanted.days, wanted.note)
        return self._kept(self._office.make_batch(order, who, now), who, now)

    def again(self, nodes: Sequence[NodeKey], who: Principal, now: int) -> Made:
        """As the names that they had. One that nobody ever used may stand for nothing any more: then the next of the school."""
        names, schools = [each.name for each in nodes], [each.school for each in nodes]
        made = Made(None)
        for purpose, wanted in ((Purpose.REPLACE, names), (Purpose.FIRST, schools), (Purpose.FURTHER, schools)):
            if made.batch is None and nodes:
                order = Order(nodes[0].group, wanted, purpose)
                made = self._kept(self._office.make_batch(order, who, now), who, now)
        return made

    def batches(self, groups: Sequence[str], now: int) -> Sequence[BatchView]:
        found = [each for group in groups for each in self._views.batches(now, group)]
        return sorted(found, key=lambda each: each.id, reverse=True)

    def batch(self, number: int, who: Principal, now: int) -> OneBatch | None:
        view = self._views.batch(number, now)
        if view is None:
            return None
        usable = {each.node for each in view.codes if each.standing is Standing.OPEN}
        codes = self._fresh.of(number, who, now)
        return OneBatch(view, {node: code for node, code in codes.items() if node in usable})

    def slips(self, number: int, language: str, who: Principal, now: int) -> bytes | None:
        found = self.batch(number, who, now)
        if found is None or not found.codes or language not in LANGUAGES:
            return None
        handouts = [
            Handout(each.node, each.school_name or "", found.codes[each.node], each.expires_at)
            for each in found.view.codes
            if each.node in found.codes
        ]
        return self._paper.slips(handouts, language, now)

    def take_back(self, nodes: Sequence[NodeKey], who: Principal, now: int) -> int:
        return sum(self._office.take_back(node, _WITHDRAWN, who, now) for node in nodes)

    def agents(self, groups: Sequence[str], now: int) -> Sequence[AgentView]:
        return [each for group in groups for each in self._views.agents(now, group)]

    def agent(self, node: NodeKey, now: int) -> AgentView | None:
        return self._views.agent(node, now)

    def troubles(self, groups: Sequence[str], now: int) -> Sequence[TroubleView]:
        return [each for group in groups for each in self._views.troubles(now - _LATELY_MS, group)]

    def shut_out(self, node: NodeKey, why: str, who: Principal, now: int) -> bool:
        return self._office.revoke(node, why, who, now)

    def _computers(self, wanted: Wanted, now: int) -> list[str]:
        """Every computer of the schools; a school without one is named as it is, to be told so."""
        of_school = {each.code: each.computers for each in self.schools(wanted.group, now)}
        return [name for school in wanted.schools for name in of_school.get(school) or (school,)]

    def _kept(self, batch: Batch, who: Principal, now: int) -> Made:
        if batch.id is not None:
            self._fresh.keep(batch.id, {each.node: each.code for each in batch.codes}, who, now)
        return Made(batch.id, batch.skipped)
