import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import StateError
from wire.hoststate import HostState

states = st.builds(HostState, st.booleans(), st.integers(0, 2**53))


@pytest.mark.tck("host-topic-phid-birth-payload", "host-topic-phid-death-payload", "payloads-state-birth-payload")
@given(states)
def test_a_state_is_json_with_online_and_a_numeric_timestamp(state: HostState) -> None:
    assert json.loads(state.encode()) == {"online": state.online, "timestamp": state.timestamp}
    assert HostState.decode(state.encode()) == state


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ONLINE",
        b"[]",
        b"null",
        b'{"online":true}',
        b'{"online":1,"timestamp":1}',
        b'{"online":true,"timestamp":true}',
        b'{"online":true,"timestamp":-1}',
        b'{"online":true,"timestamp":"1"}',
        b"[" * 4000,
        b" " * 5000,
        b"\xff\xfe",
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(StateError):
        HostState.decode(data)


@pytest.mark.tck("message-flow-edge-node-birth-publish-phid-wait-timestamp")
@given(states, states)
def test_an_older_state_never_counts_and_the_first_always_does(one: HostState, other: HostState) -> None:
    assert one.outdates(None)
    assert one.outdates(other) == (one.timestamp >= other.timestamp)
