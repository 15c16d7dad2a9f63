"""The engine: who may, what is asked, what is remembered, when it is late. With the shipped workflows."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.core.people import Role
from hub.workflows.engine import Wish
from hub.workflows.refusals import Refusal, Refused
from hub.workflows.request import Told, Turn
from hub.workflows.schema import StateKind

TECHNICIAN, HEAD, SCHOOL = Role.TECHNICIAN, Role.GROUP_HEAD, Role.SCHOOL
CALL = {"caller": "ครูมานี", "phone": "044 000 000", "question": "ภาพกระตุก"}
ROOM = {
    "room": "video",
    "meeting": "ประชุมครู",
    "starts": "2026-11-27T09:00",
    "ends": "2026-11-27T12:00",
    "people": "12",
    "urgent": "no",
    "phone": "044 000 000",
}
Moment = Callable[[str], int]


def refused(wish: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as raised:
        wish()
    return raised.value


def codes(refusal: Refused) -> list[tuple[str | None, str]]:
    return [(fault.field, fault.code) for fault in refusal.faults]


def test_a_request_is_opened_with_its_history_and_who_is_told(office: Any) -> None:
    walk = office.open("phone_consult", TECHNICIAN, "โทรเข้าสายใน", **CALL)
    entry = walk.step.entry
    assert (walk.state, walk.request.version, walk.request.values["caller"]) == ("received", 1, "ครูมานี")
    assert (entry.told, entry.who, entry.to, entry.note) == (
        Told.OPENED,
        "person:technician",
        "received",
        "โทรเข้าสายใน",
    )
    assert [notice.to for notice in walk.step.effects.notices] == [("technician",)]


def test_who_has_none_of_the_roles_may_not(office: Any) -> None:
    assert refused(lambda: office.open("letter_in", SCHOOL)).refusal is Refusal.NOT_ALLOWED
    walk = office.open("phone_consult", TECHNICIAN, **CALL)
    assert walk.allowed(Role.SUPPLY) == ()
    assert refused(lambda: walk.by(Role.SUPPLY, "answer_now", answer="x")).refusal is Refusal.NOT_ALLOWED


def test_whoever_opened_a_request_may_what_a_requester_may(office: Any) -> None:
    walk = office.open("software_install", SCHOOL, software="X", computers=1, licence="free")
    assert walk.allowed(SCHOOL) == ("refuse",)
    other = office.open("software_install", Role.CLERK, software="X", computers=1, licence="free")
    assert other.allowed(SCHOOL) == ()


def test_what_is_missing_is_named_all_at_once(office: Any) -> None:
    refusal = refused(lambda: office.open("phone_consult", TECHNICIAN, caller=" ", phone="1" * 5000))
    assert refusal.refusal is Refusal.FIELDS
    assert codes(refusal) == [("phone", "too_long"), ("caller", "missing"), ("question", "missing")]


def test_what_is_not_asked_is_not_taken(office: Any) -> None:
    refusal = refused(lambda: office.open("phone_consult", TECHNICIAN, **CALL, answer="x"))
    assert codes(refusal) == [("answer", "not_asked")]


@pytest.mark.parametrize(
    ("field", "given_value", "code"),
    [
        ("people", "twelve", "no_number"),
        ("people", "nan", "no_number"),
        ("people", "0", "too_small"),
        ("people", "501", "too_large"),
        ("room", "cellar", "no_choice"),
        ("starts", "tomorrow", "no_moment"),
        ("starts", "0001-01-01T00:00", "no_moment"),
        ("starts", 10**30, "no_moment"),
        ("papers", "7", "no_file"),
        ("papers", {"file": "x"}, "no_file"),
        ("meeting", "a\x00b", "control"),
        ("meeting", "x" * 4001, "too_long"),
    ],
)
def test_what_is_no_such_thing_is_refused(office: Any, field: str, given_value: object, code: str) -> None:
    refusal = refused(lambda: office.open("room_booking", SCHOOL, **{**ROOM, field: given_value}))
    assert (field, code) in codes(refusal)


@pytest.mark.parametrize(
    ("request_type", "field", "given_value", "code"),
    [
        ("repair", "school", "cpm3/99999999", "unknown_school"),
        ("repair", "device", "cpm3/30010012/p9-tv", "unknown_device"),
        ("repair", "device", "x" * 700, "unknown_device"),
        ("letter_in", "dated", "20/11/2569", "no_date"),
        ("letter_in", "dated", "2569-11-20", "no_date"),
    ],
)
def test_what_is_not_there_is_refused(office: Any, request_type: str, field: str, given_value: str, code: str) -> None:
    assert (field, code) in codes(refused(lambda: office.open(request_type, Role.CLERK, **{field: given_value})))


@pytest.mark.parametrize(
    "drawn",
    [
        "data:image/png;base64,!!",
        "data:image/png;base64,ลายเซ็น",
        "data:image/png;base64,aGVsbG8=",
        "x",
        "data:" + "x" * 70_000,
    ],
)
def test_a_signature_is_a_drawing(office: Any, drawn: str) -> None:
    walk = office.open("user_card", SCHOOL, user_name="ก", position="ครู", picture=1)
    walk.by(Role.CLERK, "accept").by(Role.CLERK, "make", card_number="1", valid_until="2028-09-30")
    assert codes(refused(lambda: walk.by(Role.CLERK, "hand_over", received_with=drawn))) == [
        ("received_with", "no_signature")
    ]


def test_somebody_of_a_school_asks_for_their_own(office: Any) -> None:
    given_values = {"software": "X", "computers": 1, "licence": "free", "school": "cpm3/30010012"}
    request = office.open("software_install", SCHOOL, **given_values).request
    assert (request.group, request.school) == ("cpm3", "30010012")
    office.knows = lambda kind, value: True
    refusal = refused(lambda: office.open("software_install", SCHOOL, **{**given_values, "school": "cpm3/30010027"}))
    assert codes(refusal) == [("school", "not_own_school")]
    assert office.open("software_install", TECHNICIAN, **{**given_values, "school": "cpm3/30010027"})


def test_a_stale_page_is_told_so_before_anything_else(office: Any) -> None:
    walk = office.open("phone_consult", TECHNICIAN, **CALL)
    stale = Wish({}, version=walk.request.version - 1)
    move = office.engine.move
    assert refused(lambda: move(walk.request, "call_back", stale, office.scene(SCHOOL))).refusal is Refusal.STALE


def test_a_step_that_does_not_leave_from_here_is_refused(office: Any) -> None:
    walk = office.open("phone_consult", TECHNICIAN, **CALL)
    assert refused(lambda: walk.by(TECHNICIAN, "call_back", answer="x")).refusal is Refusal.NOT_FROM_HERE
    assert refused(lambda: walk.by(TECHNICIAN, "never_heard_of")).refusal is Refusal.NO_SUCH_STEP
    walk.by(TECHNICIAN, "answer_now", answer="x")
    assert not walk.request.is_open
    assert refused(lambda: walk.by(TECHNICIAN, "withdraw")).refusal is Refusal.NOT_FROM_HERE


def test_nobody_approves_their_own(office: Any) -> None:
    asked = {"system": "fleet", "user_name": "ก", "purpose": "ข", "until": "2027-09-30"}
    walk = office.open("access_request", HEAD, **asked).by(TECHNICIAN, "check")
    assert codes(refused(lambda: walk.by(HEAD, "approve"))) == [(None, "not_own")]
    assert walk.by(Role.DIRECTOR, "approve").step.effects.audit


class TestCorrections:
    """A mistake is put right by a further entry."""

    def test_the_wrong_entry_stays_and_the_request_holds_what_is_right(self, office: Any) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL).correct(TECHNICIAN, 1, phone="044 111 111")
        assert [entry.told for entry in walk.history] == [Told.OPENED, Told.CORRECTED]
        assert walk.history[0].values["phone"] == "044 000 000"
        assert (walk.history[1].corrects, walk.history[1].values) == (1, {"phone": "044 111 111"})
        assert (walk.request.values["phone"], walk.state, walk.request.version) == ("044 111 111", "received", 2)

    def test_what_was_said_later_is_not_undone(self, office: Any, moment: Moment) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL)
        walk.by(TECHNICIAN, "promise", call_back_at="2026-11-23T11:00")
        walk.by(TECHNICIAN, "promise", call_back_at="2026-11-23T13:00")
        walk.correct(TECHNICIAN, 2, call_back_at="2026-11-23T10:30")
        assert walk.request.values["call_back_at"] == moment("2026-11-23T13:00")
        walk.correct(TECHNICIAN, 3, call_back_at="2026-11-23T14:00").correct(
            TECHNICIAN, 3, call_back_at="2026-11-23T15:00"
        )
        assert walk.request.values["call_back_at"] == moment("2026-11-23T15:00")

    def test_only_whoever_wrote_it_or_the_head_may(self, office: Any) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL)
        assert refused(lambda: walk.correct(Role.CLERK, 1, phone="1")).refusal is Refusal.NOT_ALLOWED
        assert walk.correct(HEAD, 1, phone="1").request.values["phone"] == "1"

    def test_it_corrects_something(self, office: Any) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL)
        assert refused(lambda: walk.correct(TECHNICIAN, 1)).refusal is Refusal.FIELDS
        assert refused(lambda: walk.correct(TECHNICIAN, 1, phone=CALL["phone"])).refusal is Refusal.FIELDS
        assert codes(refused(lambda: walk.correct(TECHNICIAN, 1, answer="x"))) == [("answer", "not_asked")]
        assert refused(lambda: walk.correct(TECHNICIAN, 9, phone="1")).refusal is Refusal.NO_SUCH_ENTRY

    def test_guards_hold_for_it_as_well(self, office: Any) -> None:
        walk = office.open("room_booking", SCHOOL, **ROOM)
        assert codes(refused(lambda: walk.correct(SCHOOL, 1, people=16))) == [("people", "at_most")]


class TestLimits:
    """Working hours, warnings, escalation, and time that stands still."""

    def test_a_warning_comes_first_and_then_the_end_is_told_to_others(self, office: Any, moment: Moment) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL)
        timers = [(timer.turn, timer.at) for timer in walk.step.effects.timers]
        assert timers == [(Turn.WARN, moment("2026-11-23T10:00")), (Turn.OVERDUE, moment("2026-11-23T11:00"))]
        assert walk.request.due_at == moment("2026-11-23T11:00")
        office.now = moment("2026-11-23T09:59")
        assert walk.remind() is None
        office.now = moment("2026-11-23T10:00")
        assert walk.remind().effects.notices[0].to[0] == "technician"
        office.now = moment("2026-11-23T11:00")
        assert walk.remind().effects.notices[0].to == ("group_head",)
        assert walk.remind() is None
        assert [entry.told for entry in walk.history] == [Told.OPENED, Told.WARNED, Told.OVERDUE]
        assert walk.request.version == 1

    def test_a_limit_of_a_promise_ends_when_that_was_promised(self, office: Any, moment: Moment) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL)
        walk.by(TECHNICIAN, "promise", call_back_at="2026-11-24T09:00")
        turns = {timer.turn: timer.at for timer in walk.step.effects.timers}
        assert turns == {Turn.WARN: moment("2026-11-23T16:00"), Turn.OVERDUE: moment("2026-11-24T09:00")}

    def test_a_promise_that_is_put_off_is_watched_anew(self, office: Any, moment: Moment) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL)
        walk.by(TECHNICIAN, "promise", call_back_at="2026-11-23T10:00")
        office.now = moment("2026-11-23T10:00")
        walk.remind()
        assert walk.remind() is None
        walk.by(TECHNICIAN, "promise", call_back_at="2026-11-23T15:00")
        assert walk.request.due_at == moment("2026-11-23T15:00")
        assert len(walk.step.effects.timers) == 2

    def test_waiting_for_parts_takes_none_of_the_time_for_the_repair(self, office: Any, moment: Moment) -> None:
        walk = office.open("repair", TECHNICIAN, school="cpm3/30010012", symptom="ไม่มีภาพ").by(TECHNICIAN, "inspect")
        walk.by(TECHNICIAN, "diagnose", cause="LNB", branch="own").by(TECHNICIAN, "repair")
        office.now = moment("2026-11-24T09:00")
        walk.by(TECHNICIAN, "order_parts", parts="LNB")
        assert (walk.request.worked, walk.request.spent) == (8 * 3_600_000, {"repairing": 8 * 3_600_000})
        assert [timer.scope for timer in walk.step.effects.timers if timer.turn is Turn.OVERDUE] == ["awaiting_parts"]
        office.now = moment("2026-12-14T09:00")
        walk.by(TECHNICIAN, "repair")
        overdue = {timer.scope: timer.at for timer in walk.step.effects.timers if timer.turn is Turn.OVERDUE}
        assert overdue == {"repairing": moment("2026-12-18T09:00"), "": moment("2026-12-22T09:00")}

    def test_a_state_that_is_come_back_to_by_work_begins_anew(self, office: Any, moment: Moment) -> None:
        walk = office.open("repair", TECHNICIAN, school="cpm3/30010012", symptom="ไม่มีภาพ").by(TECHNICIAN, "inspect")
        walk.by(TECHNICIAN, "diagnose", cause="LNB", branch="own").by(TECHNICIAN, "repair")
        office.now = moment("2026-11-24T09:00")
        walk.by(TECHNICIAN, "check", done="เปลี่ยน LNB").by(TECHNICIAN, "not_mended", why="ยังไม่มีภาพ")
        assert walk.request.spent == {}

    def test_nothing_is_due_of_what_is_done(self, office: Any) -> None:
        walk = office.open("phone_consult", TECHNICIAN, **CALL).by(TECHNICIAN, "answer_now", answer="x")
        assert (walk.request.due_at, walk.step.effects.timers) == (None, ())


ANYTHING = st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.just([]))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_given_is_taken_or_refused(office: Any, data: st.DataObject) -> None:
    """Every shipped workflow, walked at random with nonsense: no other error, and no state that is not declared."""
    name = data.draw(st.sampled_from(sorted(office.engine.definitions)))
    definition = office.engine.definitions[name]
    given_values = {field: data.draw(ANYTHING) for field in definition.opening.fields}
    try:
        walk = office.open(name, data.draw(st.sampled_from(list(Role))), **given_values)
    except Refused:
        return
    while walk.request.is_open and data.draw(st.booleans()):
        role = data.draw(st.sampled_from(list(Role)))
        transition = data.draw(st.sampled_from(sorted(definition.transitions)))
        fields = definition.transitions[transition].fields
        try:
            walk.by(role, transition, **{field: data.draw(ANYTHING) for field in fields})
        except Refused:
            continue
    assert walk.state in definition.states
    assert walk.request.is_open == (definition.states[walk.state].kind is not StateKind.END)


def test_a_step_without_an_end_only_says_more(office: Any) -> None:
    """`plan_visit` of a repair is one."""
    walk = office.open("repair", Role.TECHNICIAN, school="cpm3/30010012", symptom="ไม่มีภาพ")
    walk.by(Role.TECHNICIAN, "inspect").by(Role.TECHNICIAN, "plan_visit", visit_on="2026-11-25")
    assert (walk.state, walk.request.values["visit_on"]) == ("inspecting", "2026-11-25")
    assert (walk.history[-1].origin, walk.history[-1].to) == ("inspecting", "inspecting")


def test_work_that_was_begun_before_there_was_a_request_stands_where_it_stood(office: Any) -> None:
    walk = office.open("repair", Role.TECHNICIAN, school="cpm3/30010012", symptom="ไม่มีภาพ")
    step = office.engine.catch_up(walk.request, "repairing", office.scene(Role.TECHNICIAN))
    assert (step.request.state, step.request.version, step.entry.to) == ("repairing", 2, "repairing")
    assert {timer.scope for timer in step.effects.timers} == {"repairing", ""}
