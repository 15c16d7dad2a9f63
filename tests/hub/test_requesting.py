"""Requests on a real database: one transaction a step, numbers by the year, a history that stays, two people at once."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from hub.core.people import Principal, PrincipalKind, Role
from hub.requesting import Hook, HookMissing, Requests, make_engine
from hub.store.audit import Wanted, entries
from hub.store.engine import open_engine, upgrade
from hub.store.people_tables import person
from hub.store.request_views import RequestLook
from hub.store.tables import school
from hub.store.unit_of_work import Store
from hub.store.workflow_tables import request, request_notice, request_timer
from hub.workflows.engine import Engine, Wish
from hub.workflows.names import HOOKS
from hub.workflows.refusals import Refusal, Refused
from hub.workflows.request import Told
from hub.workflows.settings import OfficeSettings
from hub.workflows.sight import Asked
from tests.stores import database

ZONE = ZoneInfo("Asia/Bangkok")
DAY = 86_400_000
UNMOVED: dict[str, Hook] = dict.fromkeys(HOOKS, lambda _work, _step: None)
"""Behaviour that does nothing: what the parts of the office do is tested with them."""
CALL = {"caller": "ครูมานี", "phone": "044 000 000", "question": "ภาพกระตุก"}


def at(moment: str) -> int:
    return round(datetime.fromisoformat(moment).replace(tzinfo=ZONE).timestamp() * 1000)


def who(role: Role, number: str = "1", **more: Any) -> Principal:
    return Principal(PrincipalKind.PERSON, number, role.value.title(), frozenset({role}), **more)


TECHNICIAN, HEAD = who(Role.TECHNICIAN), who(Role.GROUP_HEAD, "2")
SCHOOL = who(Role.SCHOOL, "3", school="30010012")
OTHER_SCHOOL = who(Role.SCHOOL, "4", school="30010027")


@dataclass
class Office:
    """The service, with a clock that stands where it is put."""

    store: Store
    now: int = at("2026-11-23T09:00")

    def __post_init__(self) -> None:
        self.requests = Requests(self.store, make_engine(OfficeSettings(), ZONE), lambda: self.now, UNMOVED)
        self.look = RequestLook(self.store)

    def open(self, request_type: str, by: Principal = TECHNICIAN, **given: Any) -> str:
        return self.requests.open(request_type, Wish(given), by).number

    def move(self, number: str, transition: str, by: Principal = TECHNICIAN, **given: Any) -> Any:
        found = self.look.one(number)
        assert found is not None
        return self.requests.move(number, transition, Wish(given, version=found[0].version), by)

    def history(self, number: str) -> Any:
        found = self.look.one(number)
        assert found is not None
        return found[1]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    with store.begin() as work:
        for code, name in (("30010012", "โรงเรียนบ้านทุ่งดอกจาน"), ("30010027", "โรงเรียนบ้านหนองน้ำใส")):
            work.connection.execute(insert(school).values(group="cpm3", code=code, name=name))
        row = {"login": "a", "name": "สมชาย", "roles": ["technician"], "active": True, "created_at": 0}
        work.connection.execute(insert(person).values(id=7, **row))
    yield Office(store)
    store.close()


def refusal(wish: Any) -> Refusal:
    with pytest.raises(Refused) as raised:
        wish()
    return raised.value.refusal


def test_numbers_run_by_type_and_fiscal_year(office: Office) -> None:
    numbers = [office.open("phone_consult", **CALL), office.open("phone_consult", **CALL)]
    office.now = at("2027-10-01T09:00")
    numbers.append(office.open("phone_consult", **CALL))
    assert numbers == ["PC-2570-0001", "PC-2570-0002", "PC-2571-0001"]


def test_registers_of_letters_run_by_calendar_year(office: Office) -> None:
    letter = {"title": "ส่งแบบสำรวจ", "recipient": "ผอ.รร.", "urgency": "normal"}
    assert office.open("letter_out", **letter) == "LO-2569-0001"


def test_what_was_refused_takes_no_number(office: Office) -> None:
    assert refusal(lambda: office.open("phone_consult")) is Refusal.FIELDS
    assert office.open("phone_consult", **CALL) == "PC-2570-0001"


def test_a_request_is_kept_with_its_history(office: Office) -> None:
    number = office.open("phone_consult", **CALL)
    office.move(number, "promise", call_back_at="2026-11-23T14:00")
    office.move(number, "call_back", answer="จูนช่องใหม่")
    assert [(entry.told, entry.to) for entry in office.history(number)] == [
        (Told.OPENED, "received"),
        (Told.MOVED, "promised"),
        (Told.MOVED, "answered"),
    ]
    found = office.look.one(number)
    assert found is not None
    assert (found[0].is_open, found[0].version) == (False, 3)
    assert found[0].values["call_back_at"] == at("2026-11-23T14:00")


@pytest.mark.parametrize("deed", ["UPDATE request_entry SET note = 'x'", "DELETE FROM request_entry"])
def test_nothing_of_a_history_is_changed(office: Office, deed: str) -> None:
    office.open("phone_consult", **CALL)
    with pytest.raises(DBAPIError, match="never changed nor dropped"), office.store.begin() as work:
        work.connection.execute(text(deed))


def test_a_mistake_is_corrected_by_a_further_entry(office: Office) -> None:
    number = office.open("phone_consult", **CALL)
    first = office.history(number)[0]
    office.requests.correct(number, first.id, Wish({"phone": "044 111 111"}, version=1), TECHNICIAN)
    kept, correction = office.history(number)
    assert (kept.values["phone"], correction.values, correction.corrects) == (
        "044 000 000",
        {"phone": "044 111 111"},
        first.id,
    )


def test_of_two_who_act_at_once_one_is_told(office: Office) -> None:
    number = office.open("phone_consult", **CALL)
    outcomes: list[str] = []

    def act() -> None:
        try:
            office.requests.move(number, "answer_now", Wish({"answer": "x"}, version=1), TECHNICIAN)
            outcomes.append("moved")
        except Refused as told:
            outcomes.append(told.refusal.value)

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "stale", "stale", "stale"]
    assert len(office.history(number)) == 2


def test_two_meetings_never_get_the_same_room(office: Office) -> None:
    room = {"room": "chan_pha", "meeting": "ก", "people": 9, "urgent": "no", "phone": "1"}
    room |= {"starts": "2026-11-27T09:00", "ends": "2026-11-27T12:00"}
    number = office.open("room_booking", SCHOOL, **room)
    assert refusal(lambda: office.open("room_booking", OTHER_SCHOOL, **room)) is Refusal.GUARD
    office.move(number, "refuse", why="ปิดปรับปรุง")
    assert office.open("room_booking", OTHER_SCHOOL, **room) == "RM-2570-0002"


def test_a_consultation_becomes_a_repair(office: Office) -> None:
    number = office.open("phone_consult", **CALL)
    office.move(number, "make_repair", school="cpm3/30010012")
    [repair] = office.look.children(number)
    assert (repair.type, repair.state, repair.parent, repair.school) == ("repair", "reported", number, "30010012")
    assert repair.values["symptom"] == CALL["question"]


def test_reminders_come_once_and_wait_to_be_told(office: Office) -> None:
    number = office.open("phone_consult", **CALL)
    assert office.requests.tick(at("2026-11-23T09:59")) == 0
    assert office.requests.tick(at("2026-11-23T11:00")) == 1
    assert [office.requests.tick(at("2026-11-23T11:00")) for _ in range(3)] == [1, 0, 0]
    assert [entry.told for entry in office.history(number)] == [Told.OPENED, Told.WARNED, Told.OVERDUE]
    with office.store.reading() as connection:
        assert connection.execute(select(request_notice.c.whom)).scalars().all()[-1] == ["group_head"]
        assert connection.execute(select(request_timer)).all() == []
    office.now = at("2026-11-23T11:30")
    assert len(office.look.some(HEAD, Asked(overdue=True), office.now, 9)) == 1


def test_a_request_that_cannot_be_reminded_keeps_no_other_from_it(office: Office) -> None:
    spoilt, other = office.open("phone_consult", **CALL), office.open("phone_consult", **CALL)
    with office.store.begin() as work:
        work.connection.execute(update(request).where(request.c.number == spoilt).values(spent=["no such thing"]))
    with pytest.raises(AttributeError):
        office.requests.tick(at("2026-11-30T11:00"))
    assert [entry.told for entry in office.history(other)] == [Told.OPENED, Told.WARNED]


def test_a_reminder_makes_nobodys_page_stale(office: Office) -> None:
    number = office.open("phone_consult", **CALL)
    office.requests.tick(at("2026-11-23T10:00"))
    assert office.requests.move(number, "answer_now", Wish({"answer": "x"}, version=1), TECHNICIAN).version == 2


def test_what_changes_trust_stands_in_the_audit(office: Office) -> None:
    asked = {"system": "fleet", "user_name": "ก", "purpose": "ข", "until": "2027-09-30"}
    number = office.open("access_request", SCHOOL, **asked)
    office.move(number, "check")
    office.move(number, "approve", HEAD)
    [entry] = entries(office.store, Wanted(subject=f"request:{number}"))
    assert (entry.what, entry.who) == ("request.approve", "person:2")
    assert "ก" not in entry.details


def test_a_school_sees_its_own_and_what_is_about_it(office: Office) -> None:
    own = office.open("software_install", SCHOOL, software="X", computers=1, licence="free")
    about = office.open("phone_consult", **CALL, school="cpm3/30010012")
    office.open("phone_consult", **CALL)

    def seen(by: Principal) -> set[str]:
        return {each.number for each in office.look.some(by, Asked(), office.now, 9)}

    assert seen(SCHOOL) == {own, about}
    assert seen(OTHER_SCHOOL) == set()
    assert len(seen(TECHNICIAN)) == 3
    elsewhere = who(Role.TECHNICIAN, "9", groups=frozenset({"cmi3"}))
    assert about not in seen(elsewhere)
    assert refusal(lambda: office.move(own, "refuse", OTHER_SCHOOL, why="x")) is Refusal.NO_SUCH_REQUEST


def test_a_file_belongs_to_its_request_and_those_who_see_it(office: Office) -> None:
    number = office.requests.keep_file(SCHOOL, "letter.pdf", b"%PDF-1")
    assert office.look.file(number, SCHOOL) == ("letter.pdf", b"%PDF-1")
    assert office.look.file(number, TECHNICIAN) is None
    card = {"user_name": "ก", "position": "ครู"}
    assert refusal(lambda: office.open("user_card", OTHER_SCHOOL, **card, picture=number)) is Refusal.FIELDS
    office.open("user_card", SCHOOL, **card, picture=number)
    assert office.look.file(number, TECHNICIAN) is not None
    assert office.look.file(number, OTHER_SCHOOL) is None


def test_a_file_that_was_left_is_dropped_after_a_day(office: Office) -> None:
    number = office.requests.keep_file(SCHOOL, "a.pdf", b"a")
    office.now += DAY + 1
    office.requests.keep_file(SCHOOL, "b.pdf", b"b")
    assert office.look.file(number, SCHOOL) is None


def test_nobody_leaves_file_after_file(office: Office) -> None:
    for _ in range(20):
        number = office.requests.keep_file(SCHOOL, "a.pdf", b"a")
    assert refusal(lambda: office.requests.keep_file(SCHOOL, "b.pdf", b"b")) is Refusal.FIELDS
    office.requests.keep_file(OTHER_SCHOOL, "b.pdf", b"b")
    office.open("user_card", SCHOOL, user_name="ก", position="ครู", picture=number)
    office.requests.keep_file(SCHOOL, "b.pdf", b"b")


def test_people_and_schools_are_those_of_the_register(office: Office) -> None:
    assert office.look.people() == {"person:7": "สมชาย"}
    assert set(office.look.schools(TECHNICIAN)) == {"cpm3/30010012", "cpm3/30010027"}
    assert set(office.look.schools(SCHOOL)) == {"cpm3/30010012"}
    number = office.open("phone_consult", **CALL)
    office.move(number, "promise", call_back_at="2026-11-23T14:00")
    assert refusal(lambda: office.move(number, "ask_expert", expert="person:8")) is Refusal.FIELDS
    assert office.move(number, "ask_expert", expert="person:7").state == "with_expert"


def test_a_request_whose_workflow_is_gone_is_shown_and_moved_no_more(office: Office) -> None:
    number = office.open("phone_consult", **CALL)
    left = {name: each for name, each in office.requests.engine.definitions.items() if name != "phone_consult"}
    later = Requests(office.store, Engine(left, office.requests.engine.calendar), lambda: office.now, UNMOVED)
    assert refusal(lambda: later.move(number, "answer_now", Wish(version=1), TECHNICIAN)) is Refusal.NO_SUCH_TYPE
    assert later.tick(office.now + DAY) == 0
    with office.store.reading() as connection:
        assert connection.execute(select(request_timer)).all() == []
    assert office.look.one(number) is not None


def test_an_offered_type_whose_behaviour_nobody_attached_is_told_at_start(office: Office) -> None:
    engine = office.requests.engine
    offered = {name: each.model_copy(update={"offered": True}) for name, each in engine.definitions.items()}
    with pytest.raises(HookMissing, match="ask_rating"):
        Requests(office.store, Engine(offered, engine.calendar), lambda: 0)


def test_behaviour_is_called_in_the_transaction_of_its_step(office: Office) -> None:
    engine, called = office.requests.engine, []

    def hook(_work: Any, step: Any) -> None:
        called.append(step.request.state)
        raise Refused(Refusal.GUARD)

    names = {**UNMOVED, "suggest_branch": hook}
    service = Requests(office.store, engine, lambda: office.now, names)
    number = office.open("phone_consult", **CALL)
    office.move(number, "make_repair", school="cpm3/30010012")
    repair = office.look.children(number)[0].number
    service.move(repair, "inspect", Wish(version=1), TECHNICIAN)
    wish = Wish({"cause": "LNB", "branch": "own"}, version=2)
    assert refusal(lambda: service.move(repair, "diagnose", wish, TECHNICIAN)) is Refusal.GUARD
    assert called == ["diagnosed"]
    assert office.history(repair)[-1].to == "inspecting"
