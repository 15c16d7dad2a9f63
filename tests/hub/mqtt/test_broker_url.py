"""Where a broker stands."""

import pytest

from hub.mqtt.broker_url import BrokerUrl


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("mqtt://host", BrokerUrl("host", 1883)),
        ("mqtt://host:2883/", BrokerUrl("host", 2883)),
        ("mqtts://host", BrokerUrl("host", 8883, tls=True)),
        ("mqtt://[::1]:1884", BrokerUrl("::1", 1884)),
        ("mqtt://a%40b:c%3Ad@host", BrokerUrl("host", 1883, username="a@b", password="c:d")),
    ],
)
def test_a_url_is_read(text: str, url: BrokerUrl) -> None:
    assert BrokerUrl.parse(text) == url


def test_its_text_says_where_and_not_who() -> None:
    assert str(BrokerUrl.parse("mqtts://me:secret@[::1]")) == "mqtts://[::1]:8883"
