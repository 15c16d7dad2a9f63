"""A round of allocation carried out on a database: from the needs to assets in the register."""

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, update

from hub.allocation.lines import Fate, Line, Source, Stage, Work
from hub.allocation.refusals import PlanFlaw, PlanRefused
from hub.allocation.rounds import Draft
from hub.allocation.rules import Verdict
from hub.core.assets import AssetState
from hub.core.needs import Need
from hub.office.confirming import confirm
from hub.office.ground import Ground
from hub.office.planning import Plan
from hub.store.allocation import AllocationRows
from hub.store.messages import unspread
from hub.store.needs import NeedRows, Place, Weighing
from hub.store.supply import StockRows
from hub.store.tables import ticket
from hub.supply.stock import Deed as StockDeed
from hub.supply.stock import Item
from hub.workflows.engine import Wish
from hub.workflows.refusals import Refusal, Refused
from tests.hub.office.planned import DIRECTOR, HEAD, NOW, OLD, ZONE, District


def refused(error: pytest.ExceptionInfo[PlanRefused]) -> tuple[PlanFlaw, str]:
    return error.value.flaw, error.value.field


def test_a_plan_is_proposed_as_soon_as_there_is_a_working_group(needy: District) -> None:
    view = needy.plan()
    (line,) = view.lines
    assert (line.school, line.kind, line.source, line.price_satang) == (
        "30010012",
        "tv",
        Source.PURCHASE,
        2_000_000,
    )
    assert [each.code for each in line.reasons][-1] == "plan.purchase"
    assert (view.total_satang, view.rest_satang, view.may_plan, view.may_carry) == (2_000_000, 3_000_000, True, False)


def test_agents_can_report_while_needs_are_weighed_for_a_plan(needy: District, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    weighed = NeedRows.all

    def looked(rows: NeedRows, weighing: Weighing) -> Sequence[Need]:
        held.append(needy.store._one_writer.locked())
        return weighed(rows, weighing)

    monkeypatch.setattr(NeedRows, "all", looked)
    assert len(needy.plan().lines) == 1
    needy.office.allocation.propose_anew(needy.number, HEAD)
    assert set(held) == {False}


def test_what_changed_since_a_plan_was_weighed_is_looked_at_again(
    needy: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = needy.plan(rules="foundation").lines[0]
    place, weighed = (first.group, first.school), NeedRows.all

    def answered(rows: NeedRows, weighing: Weighing) -> Sequence[Need]:
        monkeypatch.setattr(NeedRows, "all", weighed)
        found = weighed(rows, weighing)
        with needy.store.begin() as work:
            AllocationRows(work.connection).tick(needy.number, place, ["stays"], HEAD, NOW)
        return found

    monkeypatch.setattr(NeedRows, "all", answered)
    looks: list[str] = []
    look = Plan.look

    def counted(plan: Plan) -> Ground:
        looks.append(plan.rules.en)
        return look(plan)

    monkeypatch.setattr(Plan, "look", counted)
    needy.office.allocation.propose_anew(needy.number, HEAD)
    assert len(looks) == 2
    assert [each.school for each in needy.round.lines] == [first.school]


def test_a_whole_round_ends_with_the_new_set_in_the_register(needy: District) -> None:
    line = needy.plan().lines[0]
    needy.approve()
    number = needy.office.allocation.order(line.id, line.version, "TV", HEAD)
    line = needy.round.lines[0]
    assert (line.stage, line.order) == (Stage.RESERVED, number)
    needy.move("begin_work")
    line = needy.take(line, Stage.DISPATCHED, serials=("NEW-1",))
    assert confirm(needy.store, ZONE, NOW) == 0
    needy.hear("p1-tv", "NEW-1")
    assert (confirm(needy.store, ZONE, NOW), confirm(needy.store, ZONE, NOW)) == (1, 0)
    line = needy.round.lines[0]
    assert (line.stage, line.following) == (Stage.INSTALLED, (Stage.ACCEPTED,))
    with needy.store.reading() as connection:
        told = [(each.code, each.whom) for each in unspread(connection, 99) if each.code.startswith("allocation.")]
    assert told == [("allocation.seen", ("group_head", "supply"))]
    needy.take(line, Stage.ACCEPTED, receipt="12/2570", number="7730-001-0099", fate=Fate.RETURNED)
    new = needy.asset(2)
    assert (new.number, new.serial, new.device, new.room, new.price_satang, new.fund) == (
        "7730-001-0099",
        "NEW-1",
        "p1-tv",
        "p1",
        2_000_000,
        "AL-2570-0001",
    )
    old = needy.asset(1)
    assert (old.state, old.school, old.device, old.serial) == (AssetState.IN_REPAIR, "", None, "OLD-1")
    assert [need.asset for need in needy.office.needs.all()] == [2]
    assert (needy.round.outcome.done, needy.round.outcome.spent) == (1, 2_000_000)
    needy.move("sum_up")
    needy.move("submit", results="all done")
    assert needy.round.state == "submitted"


def test_nothing_is_bought_for_a_line_that_has_all_it_needs(needy: District) -> None:
    line = needy.plan().lines[0]
    needy.approve()
    needy.office.allocation.order(line.id, line.version, "TV", HEAD)
    line = needy.round.lines[0]
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.order(line.id, line.version, "TV once more", HEAD)
    assert refused(error) == (PlanFlaw.NOT_NOW, "")


def test_looking_for_what_has_come_reads_a_round_once_and_writes_nothing(needy: District) -> None:
    first = needy.plan().lines[0]
    for _ in range(3):
        needy.office.allocation.add_line("AL-2570-0001", _draft(first, price_satang=0, reason="another"), HEAD)
    needy.approve()
    for line in needy.round.lines:
        needy.office.allocation.order(line.id, line.version, "TV", HEAD)
    needy.move("begin_work")
    for line in needy.round.lines:
        needy.take(line, Stage.DISPATCHED)
    asked: list[str] = []
    engine = needy.store._engine
    event.listen(engine, "before_cursor_execute", lambda _c, _r, statement, *_: asked.append(statement))
    assert confirm(needy.store, ZONE, NOW) == 0
    assert sum("allocation_entry" in each and "JOIN" in each for each in asked) == 1
    assert [each for each in asked if each.startswith("BEGIN IMMEDIATE")] == []


def test_a_plan_over_its_budget_is_not_proposed_and_says_by_how_much(needy: District) -> None:
    line = needy.plan().lines[0]
    draft = _draft(line, price_satang=6_000_000, reason="dearer")
    needy.office.allocation.change_line(line.id, draft, HEAD)
    with pytest.raises(Refused) as error:
        needy.move("propose", plan="x")
    assert (error.value.refusal, error.value.faults[0].code) == (Refusal.GUARD, "over_budget")
    assert error.value.faults[0].params == {"over_baht": 10_000, "budget_baht": 50_000}


def test_a_budget_that_was_corrected_below_the_plan_is_noticed_before_it_is_approved(needy: District) -> None:
    needy.plan()
    needy.move("propose", plan="x")
    found = needy.office.requests.look.one("AL-2570-0001")
    assert found is not None
    request, history = found
    same = {name: str(value) for name, value in history[0].values.items()}
    less = Wish(same | {"budget": "100"}, "a cut", request.version)
    needy.office.requests.correct("AL-2570-0001", history[0].id, less, HEAD)
    with pytest.raises(Refused) as error:
        needy.move("approve", DIRECTOR)
    assert error.value.faults[0].code == "over_budget"


def test_a_budget_beyond_all_sense_is_refused(district: District) -> None:
    with pytest.raises(Refused) as error:
        district.plan(budget="1e308")
    assert [(each.code, each.field) for each in error.value.faults] == [("too_large", "budget")]


def test_a_plan_without_lines_is_not_proposed(district: District) -> None:
    assert district.plan().lines == ()
    with pytest.raises(Refused) as error:
        district.move("propose", plan="x")
    assert error.value.faults[0].code == "empty_plan"


def test_people_change_a_line_with_a_reason_unless_somebody_was_quicker(needy: District) -> None:
    line = needy.plan().lines[0]
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.change_line(line.id, _draft(line, reason=" "), HEAD)
    assert refused(error) == (PlanFlaw.MISSING, "reason")
    needy.office.allocation.change_line(line.id, _draft(line, quantity=2, reason="two rooms"), HEAD)
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.change_line(line.id, _draft(line, reason="again"), HEAD)
    assert refused(error) == (PlanFlaw.STALE, "")
    entry = needy.round.history[line.id][-1]
    assert (entry.text.code, entry.text.params["pieces"], entry.note, entry.name) == (
        "line.changed",
        2,
        "two rooms",
        "Head",
    )


def test_what_people_changed_stays_when_the_plan_is_proposed_anew(needy: District) -> None:
    line = needy.plan().lines[0]
    needy.office.allocation.change_line(line.id, _draft(line, price_satang=100, reason="a gift"), HEAD)
    needy.office.allocation.propose_anew("AL-2570-0001", HEAD)
    assert [(each.id, each.price_satang) for each in needy.round.lines] == [(line.id, 100)]


def test_a_plan_is_not_edited_after_it_was_proposed(needy: District) -> None:
    line = needy.plan().lines[0]
    needy.move("propose", plan="x")
    for act in (
        lambda: needy.office.allocation.change_line(line.id, _draft(line, reason="x"), HEAD),
        lambda: needy.office.allocation.remove_line(line.id, line.version, "x", HEAD),
        lambda: needy.office.allocation.propose_anew("AL-2570-0001", HEAD),
        lambda: needy.take(line, Stage.RESERVED),
    ):
        with pytest.raises(PlanRefused) as error:
            act()
        assert refused(error)[0] is PlanFlaw.NOT_NOW


def test_a_set_that_nobody_uses_is_moved_before_a_new_one_is_bought(needy: District) -> None:
    needy.add(replace(OLD, number="idle", serial="IDLE-1", school="30010027", device=None, state=AssetState.IDLE))
    line = needy.plan().lines[0]
    assert (line.source, line.giver, line.from_school, line.cost_satang) == (Source.MOVED, 2, "30010027", 0)
    needy.approve()
    needy.move("begin_work")
    line = needy.take(needy.round.lines[0], Stage.DISPATCHED)
    assert line.serials == ("IDLE-1",)
    needy.hear("p1-tv", "IDLE-1")
    confirm(needy.store, ZONE, NOW)
    needy.take(needy.round.lines[0], Stage.ACCEPTED, receipt="1", fate=Fate.WRITTEN_OFF)
    moved, old = needy.asset(2), needy.asset(1)
    assert (moved.school, moved.room, moved.device, moved.state, moved.number) == (
        "30010012",
        "p1",
        "p1-tv",
        AssetState.IN_USE,
        "idle",
    )
    assert (old.state, old.written_off_on) == (AssetState.WRITTEN_OFF, date(2026, 11, 20))


def test_a_set_that_came_back_or_needs_something_itself_is_no_source(needy: District) -> None:
    idle = replace(OLD, device=None, state=AssetState.IDLE, school="30010027", serial="")
    _, worn = needy.add(
        replace(idle, number="back", school="", room=""),
        replace(idle, number="worn", acquired_on=date(2005, 1, 1)),
    )
    with needy.store.begin() as work:
        NeedRows(work.connection).open(Place("cpm3", "30010027", "tv", None, worn.id), "RP-2570-0001", NOW)
    assert [each.source for each in needy.plan().lines] == [Source.PURCHASE]


def test_what_is_in_stock_is_promised_when_the_plan_is_approved_and_taken_when_it_is_sent(needy: District) -> None:
    with needy.store.begin() as work:
        stock = StockRows(work.connection)
        stock.add_item(Item("TV-55", "TV 55", "piece", "tv"))
        stock.give("TV-55", 2, StockDeed("x", "x", NOW))
    assert needy.plan().lines[0].source is Source.STOCK
    needy.approve()
    with needy.store.reading() as connection:
        assert StockRows(connection).available("TV-55") == 1
    needy.move("begin_work")
    needy.take(needy.round.lines[0], Stage.DISPATCHED)
    with needy.store.reading() as connection:
        level = StockRows(connection).level("TV-55", "office")
    assert (level.count, level.reserved) == (1, 0)


def test_stopping_a_round_lets_go_what_was_promised(needy: District) -> None:
    with needy.store.begin() as work:
        stock = StockRows(work.connection)
        stock.add_item(Item("TV-55", "TV 55", "piece", "tv"))
        stock.give("TV-55", 1, StockDeed("x", "x", NOW))
    needy.plan()
    needy.approve()
    needy.move("stop", comments="no money")
    with needy.store.reading() as connection:
        assert StockRows(connection).available("TV-55") == 1


def test_summing_up_lets_go_what_was_promised_and_never_sent(needy: District) -> None:
    with needy.store.begin() as work:
        stock = StockRows(work.connection)
        stock.add_item(Item("TV-55", "TV 55", "piece", "tv"))
        stock.give("TV-55", 1, StockDeed("x", "x", NOW))
    needy.plan()
    needy.approve()
    for step in ("begin_work", "sum_up"):
        needy.move(step)
    with needy.store.reading() as connection:
        assert StockRows(connection).available("TV-55") == 1


def test_a_line_of_a_round_that_has_ended_is_not_confirmed_any_more(needy: District) -> None:
    line = needy.plan().lines[0]
    needy.approve()
    needy.office.allocation.order(line.id, line.version, "TV", HEAD)
    needy.move("begin_work")
    needy.take(needy.round.lines[0], Stage.DISPATCHED, serials=("NEW-1",))
    needy.move("sum_up")
    needy.move("submit", results="one never came")
    needy.hear("p1-tv", "NEW-1")
    assert confirm(needy.store, ZONE, NOW) == 0


def test_a_repair_is_confirmed_when_its_device_is_well_again(district: District) -> None:
    district.add(replace(OLD, acquired_on=date(2026, 1, 1)))
    district.hear("p1-tv", "OLD-1")
    district.break_down("p1-tv", 1, lasting=True)
    line = district.plan().lines[0]
    assert (line.work, line.cost_satang) == (Work.REPAIR, 0)
    district.approve()
    district.move("begin_work")
    assert confirm(district.store, ZONE, NOW) == 0
    with district.store.begin() as work:
        work.connection.execute(update(ticket).values(open=False, state="closed", closed_at=NOW))
    assert confirm(district.store, ZONE, NOW) == 1
    done = district.take(district.round.lines[0], Stage.ACCEPTED, receipt="mended")
    assert (done.is_done, district.asset(1).device) == (True, "p1-tv")


def test_a_repair_of_what_telemetry_never_saw_broken_is_not_confirmed_by_it(district: District) -> None:
    district.add(OLD)
    district.hear("p1-tv", "OLD-1")
    district.plan()
    draft = Draft("cpm3", "30010012", "tv", "", 1, 0, Work.REPAIR, Source.STOCK, "its foot is broken", asset=1)
    district.office.allocation.add_line("AL-2570-0001", draft, HEAD)
    district.approve()
    district.move("begin_work")
    assert confirm(district.store, ZONE, NOW) == 0
    line = district.take(district.round.lines[0], Stage.INSTALLED)
    assert district.take(line, Stage.ACCEPTED, receipt="1").is_done


def test_rules_are_judged_for_each_school_and_the_rest_is_ticked(needy: District) -> None:
    view = needy.plan(rules="foundation")
    place = ("cpm3", "30010012")
    found = {each.rule.id: each.verdict for each in view.judged[place]}
    assert (found["size"], found["teachers"], found["power"]) == (Verdict.MET, Verdict.OPEN, Verdict.OPEN)
    needy.office.allocation.tick_rules("AL-2570-0001", place, ["teachers", "nonsense"], HEAD)
    found = {each.rule.id: each.verdict for each in needy.round.judged[place]}
    assert (found["teachers"], found["stays"]) == (Verdict.TICKED, Verdict.OPEN)
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.tick_rules("AL-2570-0001", place, ["stays"], HEAD, seen=[])
    assert refused(error) == (PlanFlaw.ANSWERED, "")
    needy.office.allocation.tick_rules("AL-2570-0001", place, ["stays"], HEAD, seen=["teachers"])


def test_a_repair_that_is_given_up_opens_a_need_that_a_line_closes(district: District) -> None:
    district.add(OLD)
    district.hear("p1-tv", "OLD-1")
    requests = district.office.requests
    branch = next(iter(requests.engine.definitions["repair"].fields["branch"].choices))
    values = {"school": "cpm3/30010012", "symptom": "dark", "device": "cpm3/30010012/p1-tv"}
    number = requests.open("repair", Wish(values), HEAD).number
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("inspect", {}),
        ("diagnose", {"cause": "panel", "branch": branch}),
        ("give_up", {"why": "no panel"}),
    )
    for transition, given in steps:
        found = requests.look.one(number)
        assert found is not None
        requests.move(number, transition, Wish(given, "", found[0].version), HEAD)
    (need,) = district.office.needs.all()
    assert (need.key, need.advice.value, need.request) == ("asset:1", "replace", number)
    line = district.plan().lines[0]
    assert (line.need, line.work) == ("asset:1", Work.NEW)


def test_a_school_that_breaks_a_rule_is_left_out_with_the_reason(district: District) -> None:
    district.add(replace(OLD, school="30010027", acquired_on=date(2010, 1, 1), device=None))
    with district.store.begin() as work:
        NeedRows(work.connection).open(Place("cpm3", "30010027", "tv", None, 1), "RP-2570-0001", NOW)
    view = district.plan(rules="foundation")
    assert (view.lines, [(need.key, why) for need, why in view.left]) == ((), [("asset:1", "not_eligible")])


def test_accepting_asks_for_receipt_and_number_and_takes_no_number_twice(needy: District) -> None:
    line = needy.plan().lines[0]
    needy.approve()
    line = needy.take(needy.round.lines[0], Stage.RESERVED)
    for stage in (Stage.DISPATCHED, Stage.DELIVERED, Stage.INSTALLED):
        line = needy.take(line, stage)
    for more, flaw in (
        ({"number": "n"}, (PlanFlaw.MISSING, "receipt")),
        ({"receipt": "r"}, (PlanFlaw.MISSING, "number")),
        ({"receipt": "r", "number": "7730-001-0001"}, (PlanFlaw.TAKEN, "number")),
    ):
        with pytest.raises(PlanRefused) as error:
            needy.take(line, Stage.ACCEPTED, **more)
        assert refused(error) == flaw
    assert (needy.asset(1).device, needy.round.lines[0].version) == ("p1-tv", line.version)


def test_whoever_is_limited_to_another_district_sees_no_such_round(needy: District) -> None:
    needy.plan()
    other = replace(HEAD, id="3", groups=frozenset({"cmi3"}))
    assert (needy.office.allocation.round("AL-2570-0001", other), needy.office.allocation.rounds(other)) == (None, [])
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.propose_anew("AL-2570-0001", other)
    assert refused(error)[0] is PlanFlaw.NO_SUCH_ROUND


def test_a_line_for_a_school_that_there_is_not_names_the_field(needy: District) -> None:
    line = needy.plan().lines[0]
    with pytest.raises(PlanRefused) as error:
        needy.office.allocation.add_line("AL-2570-0001", replace(_draft(line, reason="x"), school="999"), HEAD)
    assert refused(error) == (PlanFlaw.BAD_VALUE, "school")


def test_the_memorandum_to_the_director_has_the_plan_as_its_table(needy: District) -> None:
    needy.plan()
    needy.approve()
    papers = needy.office.papers
    pdf = papers.of_request("AL-2570-0001", "M01", "pdf", HEAD, NOW)
    assert pdf is not None
    text = _text(pdf)
    assert "School" in text
    assert "๒๐,๐๐๐.๐๐" in text
    needy.move("begin_work")
    needy.move("sum_up")
    needy.move("submit", results="ครบ")
    result = papers.of_request("AL-2570-0001", "M01", "pdf", HEAD, NOW)
    assert result is not None
    assert _text(result) != text


def _text(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def _draft(line: Line, **changes: Any) -> Draft:
    same = {name: getattr(line, name) for name in ("group", "school", "kind", "what", "quantity", "price_satang")}
    same |= {"work": line.work, "source": line.source, "reason": line.reason, "version": line.version}
    return Draft(**(same | changes))
