import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.core.agent_toml import NoToml, Own, compose, write

OWN = Own(
    "cpm3", "36012", "hub-cpm3", ("mqtts://hub:8883",), "/i/trust.pem", "/i/certificate.pem", "/i/key.pem", "/s", "/p"
)

VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.datetimes()
    | st.dates(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text("ab .\"'-é", min_size=1), each, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("ab .\"'-é", min_size=1), VALUES, max_size=4))
def test_what_is_written_is_what_is_read(document: dict[str, object]) -> None:
    assert tomllib.loads(write(document)) == document


def test_the_devices_own_wins_over_what_was_configured() -> None:
    configured = 'group = "x"\nnode = "y"\nlog_level = "debug"\n[uplink]\nbroker = "mqtt://bad"\nreplay_per_s = 5.0\n'
    told = tomllib.loads(compose(configured, OWN))
    assert (told["group"], told["node"], told["log_level"]) == ("cpm3", "36012", "debug")
    assert told["uplink"] == {
        "broker": ["mqtts://hub:8883"],
        "replay_per_s": 5.0,
        "ca": "/i/trust.pem",
        "certificate": "/i/certificate.pem",
        "key": "/i/key.pem",
    }


def test_devices_are_passed_on() -> None:
    configured = '[[device]]\nkey = "p1-tv"\nprofile = "lg/rs232"\naddress = "serial:/dev/ttyUSB0"\n'
    assert tomllib.loads(compose(configured, OWN))["device"] == tomllib.loads(configured)["device"]


@pytest.mark.parametrize("configured", ["[", "uplink = 1", "journal = []"])
def test_what_is_no_configuration_is_refused(configured: str) -> None:
    with pytest.raises(NoToml):
        compose(configured, OWN)
