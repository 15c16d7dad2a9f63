"""What a list would change."""

from hypothesis import given
from hypothesis import strategies as st

from hub.schools.changes import Changed, compare
from hub.schools.records import SchoolList, SchoolRecord

OLD = SchoolRecord("1", "old name", 15.0, 102.0, 60)

records = st.builds(
    SchoolRecord,
    st.sampled_from("abc"),
    st.sampled_from(["x", "y"]),
    st.none() | st.just(15.0),
    st.none() | st.just(102.0),
    st.none() | st.integers(0, 3),
)
lists = st.lists(records, unique_by=lambda each: each.code).map(tuple)


def test_new_changed_same_and_absent_schools_are_told_apart() -> None:
    known = [OLD, SchoolRecord("2", "same"), SchoolRecord("3", "gone")]
    listed = SchoolList((SchoolRecord("1", "new name", pupils=61), SchoolRecord("2", "same"), SchoolRecord("4", "new")))
    changes = compare(known, listed)
    renamed = SchoolRecord("1", "new name", 15.0, 102.0, 61)
    assert changes.changed == (Changed(renamed, (("name", "old name", "new name"), ("pupils", 60, 61))),)
    assert (changes.new, changes.same) == ((SchoolRecord("4", "new"),), 1)
    assert changes.absent == (SchoolRecord("3", "gone"),)


def test_an_empty_cell_takes_nothing_away() -> None:
    assert compare([OLD], SchoolList((SchoolRecord("1", "old name"),))).same == 1


@given(lists, lists)
def test_a_list_that_was_taken_over_changes_nothing_a_second_time(
    known: tuple[SchoolRecord, ...], listed: tuple[SchoolRecord, ...]
) -> None:
    first = compare(known, SchoolList(listed))
    after = {each.code: each for each in known} | {each.code: each for each in first.to_write}
    assert compare(after.values(), SchoolList(listed)).to_write == ()
    assert {each.code for each in known} <= set(after)
