"""One node's session: births, order, deaths."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import NodeKey
from hub.ingestion.messages import Message, Refusal
from hub.ingestion.reasons import Reason
from hub.ingestion.rebirths import RebirthPace
from hub.ingestion.tracker import HOLD_AT_MOST, MOVES, Phase, Session
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, Payload
from wire.topics import MessageType

NODE = NodeKey("dltv", "36030001")
HEARD = [kind for kind in MessageType if kind not in (MessageType.NCMD, MessageType.DCMD)]


def session() -> Session:
    return Session(NODE, RebirthPace(str(NODE), 1000, 8000))


def message(kind: MessageType, seq: int | None = 0, *, bd_seq: int | None = 5, at: int = 0) -> Message:
    metrics = () if bd_seq is None else (Metric(BDSEQ, bd_seq, DataType.INT64),)
    return Message(NODE, kind, "p1-tv" if kind.of_device else None, Payload(metrics, timestamp=at, seq=seq), at)


def born() -> Session:
    one = session()
    one.receive(message(MessageType.NBIRTH))
    return one


def data(seq: int, at: int = 0) -> Message:
    return message(MessageType.NDATA, seq, at=at)


def seqs(messages: list[Message]) -> list[int | None]:
    return [each.payload.seq for each in messages]


def test_every_message_means_something_in_every_phase() -> None:
    assert set(MOVES) == set(product(Phase, HEARD))


@pytest.mark.parametrize("kind", [MessageType.NDATA, MessageType.DDATA, MessageType.DBIRTH, MessageType.DDEATH])
def test_what_comes_before_the_birth_is_refused_and_a_rebirth_wanted(kind: MessageType) -> None:
    one = session()
    with pytest.raises(Refusal) as refusal:
        one.receive(message(kind))
    assert refusal.value.reason is Reason.BEFORE_BIRTH
    assert one.rebirth.wanted


def test_a_birth_begins_the_session_and_ends_the_wish_for_one() -> None:
    one = session()
    one.rebirth.want()
    assert one.receive(message(MessageType.NBIRTH))
    assert (one.phase, one.rebirth.wanted) == (Phase.ONLINE, False)


def test_messages_in_order_are_taken_at_once() -> None:
    one = born()
    assert [seqs(one.receive(data(seq))) for seq in (1, 2, 3)] == [[1], [2], [3]]


def test_the_sequence_goes_on_at_zero_after_255() -> None:
    one = born()
    for seq in range(1, 256):
        one.receive(data(seq))
    assert seqs(one.receive(data(0))) == [0]


@pytest.mark.tck("operational-behavior-host-reordering-start", "operational-behavior-host-reordering-success")
def test_a_message_that_overtook_waits_for_the_one_before_it() -> None:
    one = born()
    assert one.receive(data(2)) == []
    assert one.holding
    assert seqs(one.receive(data(1))) == [1, 2]
    assert not one.holding
    assert one.overdue(10_000, 2_000) == []
    assert not one.rebirth.wanted


@pytest.mark.tck("operational-behavior-host-reordering-rebirth", "operational-behavior-host-reordering-param")
def test_a_gap_of_one_asks_for_a_rebirth_when_its_time_is_over() -> None:
    one = born()
    one.receive(data(2, at=1_000))
    assert one.overdue(2_999, 2_000) == []
    assert seqs(one.overdue(3_000, 2_000)) == [2]
    assert one.rebirth.wanted


def test_after_a_gap_was_given_up_the_sequence_goes_on_behind_it() -> None:
    one = born()
    one.receive(data(2))
    one.overdue(5_000, 2_000)
    assert seqs(one.receive(data(3))) == [3]


def test_the_timer_runs_for_the_oldest_missing_message() -> None:
    one = born()
    one.receive(data(2, at=0))
    one.receive(data(4, at=1_500))
    assert seqs(one.overdue(2_000, 2_000)) == [2, 4]


def test_a_message_that_comes_too_late_is_refused_and_a_rebirth_wanted() -> None:
    one = born()
    one.receive(data(1))
    with pytest.raises(Refusal) as refusal:
        one.receive(data(1))
    assert refusal.value.reason is Reason.SEQ_LATE
    assert one.rebirth.wanted


def test_a_hole_that_is_too_wide_is_not_waited_for() -> None:
    one = born()
    with pytest.raises(Refusal):
        one.receive(data(1 + HOLD_AT_MOST + 1))
    assert not one.holding


@pytest.mark.parametrize("seq", [None, 256, 10_000])
def test_data_without_a_usable_seq_is_refused(seq: int | None) -> None:
    with pytest.raises(Refusal) as refusal:
        born().receive(message(MessageType.NDATA, seq))
    assert refusal.value.reason is Reason.NO_SEQ


def test_a_birth_lets_what_was_held_up_go_first() -> None:
    one = born()
    one.receive(data(3))
    assert seqs(one.receive(message(MessageType.NBIRTH))) == [3, 0]


def test_a_death_with_the_birth_s_number_ends_the_session() -> None:
    one = born()
    assert one.receive(message(MessageType.NDEATH, None))
    assert one.phase is Phase.OFFLINE


@pytest.mark.parametrize("bd_seq", [4, 6])
def test_the_death_of_another_session_is_stale(bd_seq: int) -> None:
    one = born()
    with pytest.raises(Refusal) as refusal:
        one.receive(message(MessageType.NDEATH, None, bd_seq=bd_seq))
    assert refusal.value.reason is Reason.STALE_DEATH
    assert one.phase is Phase.ONLINE


def test_a_second_death_is_stale() -> None:
    one = born()
    one.receive(message(MessageType.NDEATH, None))
    with pytest.raises(Refusal) as refusal:
        one.receive(message(MessageType.NDEATH, None))
    assert refusal.value.reason is Reason.STALE_DEATH


def test_a_death_without_its_number_proves_nothing() -> None:
    one = born()
    with pytest.raises(Refusal) as refusal:
        one.receive(message(MessageType.NDEATH, None, bd_seq=None))
    assert refusal.value.reason is Reason.NO_BDSEQ
    assert one.phase is Phase.ONLINE


def test_a_node_that_the_hub_has_lost_sight_of_must_be_born_anew() -> None:
    one = born()
    one.forget(1_000)
    with pytest.raises(Refusal):
        one.receive(data(1))


@given(st.permutations(range(1, 40)))
def test_any_order_comes_out_in_order(order: list[int]) -> None:
    one = born()
    taken = [each for seq in order for each in one.receive(data(seq))]
    assert seqs(taken) == list(range(1, 40))
