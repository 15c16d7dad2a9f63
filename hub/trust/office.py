"""What the office does with enrolment, each as one transaction: for the pages and for the command line."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.enrolment import office
from hub.enrolment.nodes import Purpose
from hub.enrolment.office import Batch, Wish
from hub.store.enrolment import EnrolmentRows
from hub.store.enrolment_views import EnrolmentViews
from hub.store.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class Order:
    """Codes for schools of a group; `days` None: as it is set. Where computers are replaced, `schools` are their names."""

    group: str
    schools: Sequence[str]
    purpose: Purpose = Purpose.FIRST
    days: float | None = None
    note: str = ""


class Office:
    """`views` tells what became of it. Who may do this, the caller has asked."""

    def __init__(self, store: Store, settings: HubSettings) -> None:
        self._store, self._settings = store, settings
        self.views = EnrolmentViews(store)

    def make_batch(self, order: Order, who: Principal, now: int) -> Batch:
        """Print the codes of it now: they are kept nowhere."""
        days = self._settings.enrolment.code_days if order.days is None else order.days
        reserved = frozenset(self._settings.hosts)
        wish = Wish(order.group, order.schools, order.purpose, days, order.note, reserved)
        with self._store.begin() as work:
            return office.make_batch(EnrolmentRows(work.connection), wish, who, secrets.randbelow, now)

    def revoke(self, node: NodeKey, why: str, who: Principal, now: int) -> bool:
        """Shut a computer out: brokers and the device API see it within seconds. False where there is none of this name."""
        with self._store.begin() as work:
            return office.revoke(EnrolmentRows(work.connection), node, why, who, now)

    def take_back(self, node: NodeKey, why: str, who: Principal, now: int) -> bool:
        """Its open codes only. False where there are none."""
        with self._store.begin() as work:
            return office.take_back(EnrolmentRows(work.connection), node, why, who, now)
