from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from provisioning.core.contract import Kind, Outcome, Result
from provisioning.core.record import MAX_OUTBOX, Given, Record, decode, encode
from provisioning.core.slots import Slots, Trial

FULL = Record(
    code="ab12",
    hubs=("https://hub.example:8443",),
    slots=Slots("2", "1", Trial("3", "2", 1, None), {"0": "unwell"}),
    config=Given("c1", "c2"),
    profiles=Given("p1"),
    outbox=(Outcome(Kind.UPDATE, "2", Result.HEALTHY, ""),),
)


def test_what_is_written_is_read_again() -> None:
    assert decode(encode(FULL)) == FULL


def test_nothing_is_an_empty_record() -> None:
    assert decode(None) == Record()


def test_a_damaged_part_costs_only_itself() -> None:
    damaged = encode(FULL).replace(b'"attempts": 1', b'"attempts": "x"')
    assert decode(damaged) == replace(FULL, slots=Slots())


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    decode(data)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda each: (
            st.lists(each, max_size=3)
            | st.dictionaries(st.sampled_from(["hubs", "slots", "trial", "bad", "outbox", "kind"]), each)
        ),
    )
)
def test_no_document_makes_it_raise(document: object) -> None:
    import json

    decode(json.dumps(document).encode())


def test_the_outbox_keeps_the_newest() -> None:
    record = Record()
    for number in range(MAX_OUTBOX + 2):
        record = record.to_tell(Outcome(Kind.CONFIG, str(number), Result.HEALTHY, ""))
    assert [outcome.version for outcome in record.outbox][:1] == ["2"]
    assert len(record.outbox) == MAX_OUTBOX


def test_a_new_address_is_asked_before_the_old_ones_which_stay() -> None:
    assert Record(hubs=("https://old",)).met("https://new").met("https://new").hubs == ("https://new", "https://old")


def test_a_refused_version_is_not_wanted_again() -> None:
    assert [Given("1", "2").wants(version) for version in (None, "1", "2", "3")] == [False, False, False, True]


def test_the_same_outcome_is_told_once() -> None:
    outcome = Outcome(Kind.UPDATE, "2", Result.FAILED, "the disk is full")
    assert Record().to_tell(outcome).to_tell(outcome).outbox == (outcome,)
