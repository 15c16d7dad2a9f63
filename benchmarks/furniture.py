"""What the pages of a grown district are about beside schools and devices: people, stock, a survey, a trip, codes, a roll-out.

`before` writes rows while no hub runs; `over` sends what people send, over the pages and the API of one that does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from sqlalchemy import select

from benchmarks.reports import GROUP, ZONE
from hub.accounts.person import Place
from hub.accounts.session import Visitor
from hub.accounts.settings import AccountsSettings
from hub.admission import accounts_on
from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE, Role
from hub.enrolment.certificate import Issued
from hub.rollouts.events import Event, What
from hub.rollouts.rollout import Kind, Order
from hub.rollouts.settings import RolloutSettings
from hub.store.asset_tables import asset
from hub.store.enrolment import EnrolmentRows
from hub.store.enrolment_tables import enrolment_batch
from hub.store.repair_tables import repair
from hub.store.rollouts import RolloutRows
from hub.store.survey_tables import survey_sheet
from hub.store.tables import node
from hub.store.unit_of_work import Store
from hub.store.workflow_tables import request

PEOPLE = 40
ITEMS = 60
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Things:
    """What the addresses of pages name."""

    person: str
    link: str
    sticker: str
    told: str
    sheet: str
    sheet_id: int
    repair: str
    request: str
    allocation: str
    batch: int


def before(store: Store, now: int) -> str:
    """People, computers with certificates, a roll-out. Hands back what stands in the link of somebody who is invited."""
    accounts = accounts_on(store, AccountsSettings())
    roles = [Role.TECHNICIAN, *Role]
    for at in range(PEOPLE):
        role = roles[at % len(roles)]
        place = Place(f"บุคคล {at}", frozenset({role}), "30010003" if role is Role.SCHOOL else None)
        made = accounts.links.invite(AT_THE_CONSOLE, f"somebody-{at}", place, now)
        if at % 10 == 0:
            accounts.links.redeem(made.secret, "a pass phrase of a benchmark", Visitor("127.0.0.1"), now)
    with store.begin() as work:
        names = tuple(work.connection.execute(select(node.c.name).order_by(node.c.name)).scalars())
        rows = EnrolmentRows(work.connection)
        for name in names[1::2]:
            rows.keep(NodeKey(GROUP, name), Issued(f"key-{name}", name, "root", "PEM", now, now + 89 * DAY_MS), now)
        rollouts = RolloutRows(work.connection)
        order = Order(0, Kind.RELEASE, "1.2", GROUP, names, now, "person:1", RolloutSettings())
        found = rollouts.one(rollouts.start(order))
        assert found is not None
        for event in (Event(What.WAVE, now, nodes=names), *(Event(What.ASKED, now, node=each) for each in names)):
            found.apply(event)
        rollouts.keep(found, [])
    return made.secret


class Senders:
    """Who sends it. `session`: somebody of a role who is signed in."""

    def __init__(self, session: Callable[[Role], httpx.Client]) -> None:
        self._session = session

    def over(self, now: int) -> None:
        """Stops where the hub does not take it."""
        for at in range(ITEMS):
            stock = {"code": f"IT-{at:03}", "name": f"พัสดุ {at}", "unit": "ชิ้น", "kind": "cable", "least": 5}
            self._send(Role.SUPPLY, "/api/v1/stock", 201, json=stock)
            came = {"deed": "give", "count": at % 9 + 1, "note": "ซื้อ"}
            self._send(Role.SUPPLY, f"/api/v1/stock/IT-{at:03}/moves", 200, json=came)
        survey = {"type": "needs", "turn": "รอบที่ 1", "due_on": "2035-12-20", "which": "all", "group": GROUP}
        self._send(Role.GROUP_HEAD, "/surveys/new", 303, data=survey)
        codes = {"which": "listed", "group": GROUP, "show": "all"}
        self._send(Role.ADMIN, "/admin/enrolment", 303, data=codes)
        hook = {"name": "ระบบรับเรื่อง", "url": "http://127.0.0.1:9/x", "types": ["ticket.opened"]}
        self._send(Role.ADMIN, "/admin/webhooks", 200, data=hook)
        repairs = self._session(Role.TECHNICIAN).get("/api/v1/repairs").json()["items"]
        chosen = [each["request"]["number"] for each in repairs[:6]]
        tomorrow = datetime.fromtimestamp(now / 1000, ZONE).date() + timedelta(days=1)
        trip = {"day": tomorrow.isoformat(), "driver": "person:1", "note": "พาบันได", "repairs": chosen}
        self._send(Role.TECHNICIAN, "/api/v1/trips", 201, json=trip)

    def _send(self, role: Role, path: str, status: int, **given: object) -> None:
        answer = self._session(role).post(path, **given)  # type: ignore[arg-type]
        if answer.status_code != status:
            raise SystemExit(f"{path}: answered {answer.status_code}, not {status}: {answer.text[:1000]}")


def things(store: Store, link: str) -> Things:
    """Read back from the database of the hub that runs."""
    with store.reading() as connection:
        sheet = connection.execute(select(survey_sheet.c.id, survey_sheet.c.token).limit(1)).one()
        is_open = select(repair.c.number, repair.c.token).join(request, request.c.number == repair.c.number)
        told = connection.execute(is_open.where(request.c.is_open).limit(1)).one()
        other = connection.execute(
            select(request.c.number).where(request.c.type == "software_install").limit(1)
        ).scalar_one()
        round_ = connection.execute(select(request.c.number).where(request.c.type == "allocation")).scalars().first()
        return Things(
            person="1",
            link=link,
            sticker=str(connection.execute(select(asset.c.token).limit(1)).scalar_one()),
            told=told.token,
            sheet=sheet.token,
            sheet_id=sheet.id,
            repair=told.number,
            request=other,
            allocation=str(round_),
            batch=connection.execute(select(enrolment_batch.c.id).limit(1)).scalar_one(),
        )
