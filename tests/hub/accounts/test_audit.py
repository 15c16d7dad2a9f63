"""The chain: whatever is done to an entry afterwards is found."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.audit import Deed, Detail, Entry, Head, canonical, chained, first_break
from hub.core.people import Principal, PrincipalKind

WORDS = st.text(max_size=20)
DETAILS: st.SearchStrategy[dict[str, Detail]] = st.dictionaries(
    WORDS, st.none() | st.booleans() | st.integers() | WORDS
)
DEEDS = st.lists(st.builds(Deed, WORDS, WORDS, WORDS, DETAILS, st.integers(0, 2**50)), min_size=1, max_size=8)


def chain(deeds: list[Deed]) -> list[Entry]:
    head, entries = Head(), []
    for deed in deeds:
        entries.append(chained(head, deed))
        head = entries[-1].head
    return entries


@given(DEEDS)
def test_a_chain_holds_as_it_was_written(deeds: list[Deed]) -> None:
    entries = chain(deeds)
    assert first_break(Head(), entries, entries[-1].head) is None


@given(DEEDS, st.data())
def test_any_change_of_any_entry_is_found_where_it_was_made(deeds: list[Deed], data: st.DataObject) -> None:
    entries = chain(deeds)
    index = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["number", "at", "who", "what", "subject", "details", "hash"]))
    was = getattr(entries[index], field)
    other = data.draw((st.integers() if isinstance(was, int) else WORDS).filter(lambda value: value != was))
    changed = [*entries]
    changed[index] = replace(entries[index], **{field: other})
    assert first_break(Head(), changed, entries[-1].head) == index + 1


@given(DEEDS, st.data())
def test_an_entry_that_is_missing_is_named(deeds: list[Deed], data: st.DataObject) -> None:
    entries = chain(deeds)
    index = data.draw(st.integers(0, len(entries) - 1))
    assert first_break(Head(), entries[:index] + entries[index + 1 :], entries[-1].head) == index + 1


@given(DEEDS.filter(lambda deeds: len(deeds) > 1), st.data())
def test_entries_that_changed_places_are_found(deeds: list[Deed], data: st.DataObject) -> None:
    entries = chain(deeds)
    index = data.draw(st.integers(0, len(entries) - 2))
    swapped = [*entries]
    swapped[index : index + 2] = [entries[index + 1], entries[index]]
    assert first_break(Head(), swapped, entries[-1].head) == index + 1


@given(DEEDS)
def test_an_entry_that_nobody_wrote_is_found(deeds: list[Deed]) -> None:
    entries = chain(deeds)
    added = chained(entries[-1].head, Deed("hub", "forged", "", {}, 0))
    assert first_break(Head(), [*entries, added], entries[-1].head) == len(entries) + 1


@given(DEEDS, st.data())
def test_what_is_left_after_pruning_still_holds(deeds: list[Deed], data: st.DataObject) -> None:
    entries = chain(deeds)
    kept_from = data.draw(st.integers(1, len(entries)))
    assert first_break(entries[kept_from - 1].head, entries[kept_from:], entries[-1].head) is None


def test_who_is_written_by_kind_and_number() -> None:
    who = Principal(PrincipalKind.PERSON, "7", "An invented name")
    entry = chained(Head(), Deed(who, "sign_in", "person:7", {"address": "192.0.2.7"}, 5))
    assert (entry.who, entry.details) == ("person:7", '{"address":"192.0.2.7"}')


def test_what_is_too_long_is_cut_before_it_is_hashed() -> None:
    entry = chained(Head(), Deed("hub", "x", "s" * 1000, {"long": "d" * 1000}, 5))
    assert (len(entry.subject), len(entry.details)) == (300, 300 + len('{"long":""}'))
    assert first_break(Head(), [entry], entry.head) is None


def test_canonical_json_has_one_way_to_write_a_thing() -> None:
    assert canonical({"b": 1, "a": "ก"}) == canonical({"a": "ก", "b": 1}) == '{"a":"\\u0e01","b":1}'
    with pytest.raises(TypeError):
        canonical({"a": object()})
