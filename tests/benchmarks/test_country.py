"""What the simulated country says is what an agent would say."""

import time

import pytest

from agent.core.entries import Kept
from agent.core.moment import Moment
from benchmarks import country_crowd, country_link
from benchmarks.country_crowd import Crowd
from benchmarks.country_link import Link
from benchmarks.country_speech import DEVICES, Speech, Told
from tests.conftest import Mosquitto
from wire import controls, payloads
from wire.aliases import AliasTable
from wire.topics import Topic

NOW = Moment(1_795_157_100_000, 5_000)


def test_births_and_reports_are_read_as_they_were_meant() -> None:
    speech = Speech("area001", "30000001", "6f1c1f3e-0000-4d0e-9a40-000000000001")
    speech.newest = 300
    speech.current[1][3] = 13.5
    births = [payloads.decode(each.payload) for each in speech.be_born(NOW, 7)]
    assert [birth.seq for birth in births] == list(range(len(DEVICES)))
    assert (births[0].value("bdSeq"), births[0].value(controls.JOURNAL_NEWEST)) == (7, 300)
    assert births[0].value(controls.JOURNAL_EPOCH) == "6f1c1f3e-0000-4d0e-9a40-000000000001"
    assert births[1].value("signal/cnr_db") == 13.5
    assert births[1].value("Properties/kind") == "receiver"
    assert not any(birth.refused for birth in births)

    aliases = AliasTable()
    for device, birth in zip(DEVICES, births, strict=True):
        aliases.announce(device.key, birth.metrics)
    told = Told("p1-receiver", NOW.utc - 1000, (), 1, ((2, True), (3, 12.25)))
    for said, historical in ((speech.live, False), (speech.history, True)):
        [message] = said(Kept(301, told), NOW)
        payload = payloads.decode(message.payload)
        metrics = [aliases.resolve("p1-receiver", metric) for metric in payload.metrics]
        assert {metric.name: metric.value for metric in metrics} == {
            controls.JOURNAL_OFFSET: 301,
            "signal/lock": True,
            "signal/cnr_db": 12.25,
        }
        assert {metric.timestamp for metric in metrics} == {NOW.utc - 1000}
        assert {metric.is_historical for metric in metrics} == {historical}
        assert Topic.parse(message.topic).device == "p1-receiver"


@pytest.mark.e2e
def test_a_link_hears_what_it_subscribed_to(mosquitto: Mosquitto) -> None:
    link = Link(mosquitto.port)
    link.connect("one", "spBv1.0/a/NDEATH/1", b"gone")
    link.subscribe(["greetings"])
    link.publish("greetings", b"x" * 300)
    heard: list[bytes] = []
    while not heard:
        link.flush()
        heard += [packet.payload for packet in link.read() if packet.topic == "greetings"]
    link.cut()
    assert heard == [b"x" * 300]


@pytest.mark.e2e
def test_a_node_that_has_nothing_to_say_stays_connected(mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pings go out by themselves: the broker cuts off whoever was silent for one and a half times the keepalive."""
    for module in (country_link, country_crowd):
        monkeypatch.setattr(module, "KEEPALIVE_S", 5)
    crowd = Crowd(mosquitto.port, "hub", range(3), 1)
    crowd.begin(0.1)
    try:
        until = time.monotonic() + 11
        while time.monotonic() < until:
            crowd.turn(0.1)
    finally:
        crowd.close()
    assert {node.attempt for node in crowd.nodes} == {1}
    assert crowd.counts.broken == 0
