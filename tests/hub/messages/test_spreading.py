"""Who is told, and by which of their ways."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hub.core.people import Role
from hub.messages.choices import Choice, When
from hub.messages.kinds import Kind
from hub.messages.spreading import Message, Office, Receiver, Way, spread

NOON = 1_795_150_800_000
PEOPLE = (
    Receiver("person:1", frozenset({Role.TECHNICIAN})),
    Receiver("person:2", frozenset({Role.TECHNICIAN, Role.GROUP_HEAD}), groups=frozenset({"sk1"})),
    Receiver("person:3", frozenset({Role.SCHOOL}), school="30010012"),
    Receiver("person:4", frozenset({Role.SCHOOL}), school="30010027"),
)
OWNERS = tuple(each.owner for each in PEOPLE)


def office(ways: Mapping[str, Sequence[Way]] | None = None, choices: Mapping[str, Choice] | None = None) -> Office:
    own = {owner: (Way(number, owner),) for number, owner in enumerate(OWNERS, 1)}
    return Office(PEOPLE, own if ways is None else ways, choices or {}, ZoneInfo("Asia/Bangkok"))


def told(message: Message, around: Office) -> set[int]:
    return {each.way for each in spread(message, around, NOON)}


def test_a_role_is_told_as_far_as_it_may_see_the_district() -> None:
    message = Message(1, "request.moved", ("technician",), NOON, "cpm3", "30010012")
    assert told(message, office()) == {1}
    assert told(Message(1, "request.moved", ("technician",), NOON), office()) == {1, 2}


def test_a_school_is_told_of_its_own_and_of_nothing_that_is_of_none() -> None:
    assert told(Message(1, "survey.sent", ("school",), NOON, "cpm3", "30010012"), office()) == {3}
    assert told(Message(1, "survey.sent", ("school",), NOON), office()) == set()


def test_a_person_who_is_named_is_told_once_also_where_the_role_is() -> None:
    message = Message(1, "request.moved", ("person:1", "technician", "person:4"), NOON)
    assert len(spread(message, office(), NOON)) == 3
    assert told(message, office()) == {1, 2, 4}


def test_the_group_chat_of_a_role_is_told_and_that_of_all_schools_never() -> None:
    ways = {"technician": (Way(7, "technician"),), "school": (Way(8, "school"),)}
    message = Message(1, "request.moved", ("technician", "school"), NOON, "cpm3", "30010012")
    assert told(message, office(ways)) == {7}


def test_a_way_tells_only_the_kinds_that_it_is_for() -> None:
    ways = {"person:1": (Way(1, "person:1", frozenset({Kind.LIMITS})), Way(2, "person:1", frozenset({Kind.REQUESTS})))}
    assert told(Message(1, "request.overdue", ("person:1",), NOON), office(ways)) == {1}


def test_what_a_role_never_wants_another_role_or_the_person_can_still_want() -> None:
    never, now = (Choice(times={Kind.REQUESTS: when}) for when in (When.NEVER, When.NOW))
    message = Message(1, "request.moved", ("technician",), NOON)
    assert told(message, office(choices={"technician": never})) == set()
    assert told(message, office(choices={"technician": never, "group_head": now})) == {2}
    assert told(message, office(choices={"technician": never, "person:1": now})) == {1}


@given(
    st.lists(st.sampled_from([*OWNERS, *(role.value for role in Role)])),
    st.sampled_from([None, "cpm3", "sk1"]),
    st.sampled_from([None, "30010012", "30010027"]),
)
def test_no_way_is_told_twice_and_no_school_of_another(whom: list[str], group: str | None, school: str | None) -> None:
    found = spread(Message(1, "request.moved", whom, NOON, group, school), office(), NOON)
    ways = [each.way for each in found]
    assert len(ways) == len(set(ways))
    for way, own in ((3, "30010012"), (4, "30010027")):
        assert way not in ways or school == own or OWNERS[way - 1] in whom
