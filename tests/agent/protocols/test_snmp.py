import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, LinkError, LinkLost
from agent.protocols.codec import Peer
from agent.protocols.snmp import MAX_VALUES, Snmp, codec
from firmware_profiles.links import SnmpProtocol

Hold = Callable[..., tuple[bytes, Any]]
ANSWER = b"1.3.6=number:134\n1.3.7=text:a=b:c\n1.3.8=none:\n\n"


def snmp(set_id: str = "") -> Snmp:
    made = codec(SnmpProtocol(name="snmp"), Peer(set_id=set_id))
    assert isinstance(made, Snmp)
    return made


def test_values_come_by_their_identifiers(hold: Hold) -> None:
    sent, values = hold(snmp().ask("1.3.6 1.3.7 1.3.8"), [ANSWER])
    assert sent == b"1.3.6 1.3.7 1.3.8\n"
    assert values == {"1.3.6": "134", "1.3.7": "a=b:c"}


def test_the_set_id_stands_in_identifiers(hold: Hold) -> None:
    assert hold(snmp("7").ask("1.3.{set_id}"), [b"\n"])[0] == b"1.3.7\n"


def test_an_answer_cut_short_is_none(hold: Hold) -> None:
    for cut in range(len(ANSWER)):
        with pytest.raises(LinkLost):
            hold(snmp().ask("1.3.6"), [ANSWER[:cut]] if cut else [])


def test_an_answer_without_an_end_is_refused(hold: Hold) -> None:
    with pytest.raises(BadReply):
        hold(snmp().ask("1.3.6"), [b"1.3.6=number:1\n" * (MAX_VALUES + 1)])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([ANSWER, b"\n"]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    with contextlib.suppress(LinkError):
        hold(snmp().ask("1.3.6"), pieces)
