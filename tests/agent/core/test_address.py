import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.core.address import BrokerAddress


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://hub.local", BrokerAddress("hub.local", 1883)),
        ("mqtts://hub.local", BrokerAddress("hub.local", 8883, tls=True)),
        ("mqtt://127.0.0.1:1884/", BrokerAddress("127.0.0.1", 1884)),
        ("mqtt://[::1]:1884", BrokerAddress("::1", 1884)),
        ("mqtts://a%40b:p%3Aw@h:1", BrokerAddress("h", 1, tls=True, user="a@b", password="p:w")),
    ],
)
def test_a_broker_is_named_by_its_url(url: str, address: BrokerAddress) -> None:
    assert BrokerAddress.parse(url) == address


@pytest.mark.parametrize(
    "url",
    ["", "hub", "http://hub", "mqtt://", "mqtt://h:0", "mqtt://h:x", "mqtt://h:65536", "mqtt://h/p", "mqtt://[::1"],
)
def test_anything_else_is_refused_with_a_way_out(url: str) -> None:
    with pytest.raises(ValueError, match="; write"):
        BrokerAddress.parse(url)


@given(st.text(max_size=40))
def test_a_refusal_never_repeats_what_may_be_a_password(text: str) -> None:
    url = f"mqtt://user:hunter2@{text}"
    try:
        address = BrokerAddress.parse(url)
    except ValueError as error:
        assert "hunter2" not in str(error)  # noqa: PT017
    else:
        assert "hunter2" not in f"{address} {address!r}" or "hunter2" in text


def test_a_user_that_is_set_apart_is_used_where_the_url_has_none() -> None:
    assert BrokerAddress.parse("mqtt://h").or_by("school", "secret").user == "school"
    assert BrokerAddress.parse("mqtt://me:x@h").or_by("school", "secret").user == "me"
