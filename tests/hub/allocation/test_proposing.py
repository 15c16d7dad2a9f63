"""A plan under a budget."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.allocation.lines import Line, Source, Work, total
from hub.allocation.proposing import CODES, Candidate, Idle, Left, Proposal, Supplies, propose

NOTHING = Supplies({})
TV = Candidate("cpm3", "30010012", "tv", "TV 55", Work.NEW, 2_400_000, need="asset:1", asset=1)


def sources(found: Proposal) -> list[tuple[str | None, Source, int]]:
    return [(line.need, line.source, line.cost_satang) for line in found.lines]


def test_what_is_needed_is_bought_by_the_price_list() -> None:
    found = propose("AL-2570-0001", [TV], NOTHING, 2_400_000)
    assert sources(found) == [("asset:1", Source.PURCHASE, 2_400_000)]
    assert found.lines[0].reasons[-1].params == {"price_baht": 24000}


def test_what_lies_at_the_office_of_another_district_is_not_planned() -> None:
    here, there = replace(TV, group="cpm1", need="asset:1"), replace(TV, need="asset:2", asset=2)
    supplies = Supplies({("office:cpm3", "tv"): 2}, keepers={"cpm1": "office:cpm1", "cpm3": "office:cpm3"})
    found = propose("r", [here, there], supplies, 2_400_000)
    assert [(line.group, line.source) for line in found.lines] == [("cpm1", Source.PURCHASE), ("cpm3", Source.STOCK)]


def test_stock_comes_first_then_idle_sets_then_purchases() -> None:
    needs = [replace(TV, need=f"asset:{n}", asset=n) for n in (1, 2, 3)]
    supplies = Supplies({("", "tv"): 1}, [Idle("cpm3", "30010027", "p2", "tv", 40, asset=9)])
    found = propose("r", needs, supplies, 2_400_000)
    assert [(line.source, line.giver, line.from_school) for line in found.lines] == [
        (Source.STOCK, None, None),
        (Source.MOVED, 9, "30010027"),
        (Source.PURCHASE, None, None),
    ]


def test_a_set_kept_at_the_office_is_taken_before_one_of_a_school() -> None:
    kept, there = Idle("cpm3", "", "", "tv", 0, 8), Idle("cpm3", "30010012", "p9", "tv", 40, 9)
    found = propose("r", [TV], Supplies({}, [there, kept]), 0)
    assert [(line.source, line.giver) for line in found.lines] == [(Source.STOCK, 8)]


def test_an_idle_set_of_the_own_school_goes_before_that_of_another() -> None:
    far, near = Idle("cpm3", "30010027", "", "tv", 90, 8), Idle("cpm3", "30010012", "p9", "tv", 40, 9)
    assert propose("r", [TV], Supplies({}, [far, near]), 0).lines[0].giver == 9


def test_what_is_to_be_replaced_does_not_replace_itself() -> None:
    assert propose("r", [TV], Supplies({}, [Idle("cpm3", "30010012", "", "tv", 90, 1)]), 0).lines == ()


def test_an_idle_set_of_another_district_is_not_taken() -> None:
    assert propose("r", [TV], Supplies({}, [Idle("cmi3", "50030012", "", "tv", 90, 1)]), 0).lines == ()


def test_what_cannot_be_planned_says_why() -> None:
    shut, unpriced = replace(TV, shut_out=True), replace(TV, price_satang=None)
    found = propose("r", [shut, unpriced, TV], NOTHING, 100)
    assert [why for _, why in found.left] == [Left.NOT_ELIGIBLE, Left.NO_PRICE, Left.OVER_BUDGET]


def test_a_repair_does_not_ask_for_eligibility_and_costs_what_is_estimated() -> None:
    repair = replace(TV, work=Work.REPAIR, price_satang=50_000, shut_out=True)
    found = propose("r", [repair, replace(repair, price_satang=None)], NOTHING, 50_000)
    assert [line.cost_satang for line in found.lines] == [50_000, 0]


candidates = st.lists(
    st.builds(
        Candidate,
        group=st.sampled_from(["a", "b"]),
        school=st.sampled_from(["1", "2", "3"]),
        kind=st.sampled_from(["tv", "dish"]),
        what=st.just("x"),
        work=st.sampled_from(list(Work)),
        price_satang=st.none() | st.integers(0, 500),
        asset=st.integers(1, 20),
        shut_out=st.booleans(),
    ),
    max_size=25,
).map(lambda found: [replace(each, need=f"asset:{at}") for at, each in enumerate(found)])
supplies = st.builds(
    Supplies,
    stock=st.dictionaries(st.tuples(st.just(""), st.sampled_from(["tv", "dish"])), st.integers(0, 3)),
    idle=st.lists(
        st.builds(
            Idle,
            group=st.sampled_from(["a", "b"]),
            school=st.sampled_from(["", "1", "2"]),
            room=st.just("p1"),
            kind=st.sampled_from(["tv", "dish"]),
            days=st.integers(0, 90),
            asset=st.none(),
        ),
        max_size=5,
    ),
)


@given(candidates, supplies, st.integers(0, 3000))
def test_a_plan_is_certain_and_never_over_its_budget(needs: list[Candidate], there: Supplies, budget: int) -> None:
    found = propose("r", needs, there, budget)
    assert propose("r", needs, there, budget) == found
    assert total(found.lines) <= budget
    assert sorted([*(line.need or "" for line in found.lines), *(each.need or "" for each, _ in found.left)]) == sorted(
        each.need or "" for each in needs
    )
    assert all(set(line.reasons[-1].params) == set(CODES[line.reasons[-1].code]) for line in found.lines)


@given(candidates, supplies, st.integers(0, 3000))
def test_a_higher_rank_is_never_passed_over_for_a_lower_one_of_the_same_price(
    needs: list[Candidate], there: Supplies, budget: int
) -> None:
    found = propose("r", needs, there, budget)
    rank = {each.need: at for at, each in enumerate(needs)}
    for passed, why in found.left:
        if why is Left.OVER_BUDGET:
            lower = [line for line in found.lines if rank[line.need] > rank[passed.need]]
            assert all(line.price_satang < (passed.price_satang or 0) for line in lower)


@given(candidates, supplies)
def test_nothing_is_bought_while_there_is_one_to_be_had(needs: list[Candidate], there: Supplies) -> None:
    found = propose("r", needs, there, 10**9)
    had = [line for line in found.lines if line.work is Work.NEW and line.source is not Source.PURCHASE]
    for bought in (line for line in found.lines if line.source is Source.PURCHASE):
        moved = sum(
            line.from_school is not None and line.kind == bought.kind for line in had if line.group == bought.group
        )
        stocked = sum(line.from_school is None and line.kind == bought.kind for line in had)
        idle = sum((each.group, each.kind) == (bought.group, bought.kind) for each in there.idle)
        assert (moved, stocked) == (idle, there.stock.get(("", bought.kind), 0))


def test_lines_are_costed_by_their_pieces() -> None:
    line = Line("r", "a", "1", "tv", "x", quantity=3, price_satang=100)
    assert total([line, line]) == 600
