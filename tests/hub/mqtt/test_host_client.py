"""The hub as a Sparkplug host, at both brokers: what it says of itself, what it hears, what it commands."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.core.equipment import NodeKey
from hub.ingestion.arrivals import Arrival, Event, Linked, NodeCommand, Unlinked
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.host_client import Host, HostClient
from wire.controls import JOURNAL_ACK, REBIRTH, command
from wire.hoststate import HostState
from wire.payloads import decode

STATE = "spBv1.0/STATE/hub-dltv"
NODE = NodeKey("dltv", "36030001")


class Clock:
    """Every look at it is a millisecond later."""

    def __init__(self) -> None:
        self.now = 1_790_000_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


class Started:
    """A host client, and what it told."""

    def __init__(self, port: int, groups: tuple[str, ...] = ("dltv",)) -> None:
        self.told: list[Event] = []
        self.clock = Clock()
        self.client = HostClient(Host("hub-dltv", groups, BrokerUrl("127.0.0.1", port)), self.told.append, self.clock)
        self.client.start()

    @property
    def arrivals(self) -> list[Arrival]:
        return [event for event in self.told if isinstance(event, Arrival)]


@pytest.fixture
def host(until: Callable[..., Any]) -> Iterator[Callable[..., Started]]:
    made: list[Started] = []

    def start(port: int, *, online: bool = True, **more: Any) -> Started:
        made.append(Started(port, **more))
        if online:
            until("the host to be online", lambda: made[-1].client.online)
        return made[-1]

    yield start
    for one in made:
        one.client.stop()


def states(listener: Any) -> list[HostState]:
    return [HostState.decode(payload) for topic, payload, *_ in listener.got if topic == STATE]


@pytest.mark.tck(
    "host-topic-phid-birth-topic",
    "host-topic-phid-birth-qos",
    "host-topic-phid-birth-retain",
    "host-topic-phid-birth-payload",
    "operational-behavior-host-application-connect-birth",
    "operational-behavior-host-application-connect-birth-topic",
    "operational-behavior-host-application-connect-birth-payload",
    "operational-behavior-host-application-connect-birth-qos",
    "operational-behavior-host-application-connect-birth-retained",
    "payloads-state-birth",
    "intro-sparkplug-host-state",
    "components-ph-state",
    "conformance-primary-host",
    "topic-structure-namespace-device-id-non-associated-message-types",
)
def test_a_host_says_that_it_is_online_retained_and_at_qos_1(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    host(broker_port)
    late = client(broker_port, "late").subscribe(STATE)
    until("its STATE", lambda: late.got)
    topic, payload, retained, qos = late.got[0]
    assert (topic, HostState.decode(payload).online, retained, qos) == (STATE, True, True, 1)


@pytest.mark.tck(
    "host-topic-phid-death-required",
    "host-topic-phid-death-topic",
    "host-topic-phid-death-qos",
    "host-topic-phid-death-retain",
    "host-topic-phid-death-payload",
    "host-topic-phid-death-payload-timestamp-connect",
    "host-topic-phid-birth-payload-timestamp",
    "message-flow-phid-sparkplug-state-publish-payload",
    "message-flow-phid-sparkplug-state-publish-payload-timestamp",
    "operational-behavior-host-application-connect-will",
    "operational-behavior-host-application-connect-will-topic",
    "operational-behavior-host-application-connect-will-payload",
    "operational-behavior-host-application-connect-will-qos",
    "operational-behavior-host-application-connect-will-retained",
    "payloads-state-will-message",
    "payloads-state-will-message-qos",
    "payloads-state-will-message-retain",
    "payloads-state-will-message-payload",
    "payloads-state-birth-payload",
)
def test_a_host_that_is_cut_off_leaves_its_will_with_the_birth_s_timestamp(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    listener = client(broker_port, "listener").subscribe(STATE)
    one = host(broker_port)
    one.client._connection._client.socket().shutdown(socket.SHUT_RDWR)
    until("its will", lambda: any(not state.online for state in states(listener)))
    birth, will = states(listener)[:2]
    assert (birth.online, will.online, birth.timestamp) == (True, False, will.timestamp)
    late = client(broker_port, "late").subscribe(STATE)
    until("what is retained", lambda: late.got)
    assert late.got[0][2:] == (True, 1)


@pytest.mark.tck(
    "operational-behavior-host-application-multi-server-timestamp",
    "message-flow-phid-sparkplug-state-publish",
    "operational-behavior-primary-application-state-with-multiple-servers-state",
)
def test_each_connection_has_a_timestamp_of_its_own(broker_port: int, client: Any, host: Any, until: Any) -> None:
    listener = client(broker_port, "listener").subscribe(STATE)
    one = host(broker_port)
    one.client._connection._client.socket().shutdown(socket.SHUT_RDWR)
    until("a second one", lambda: len({state.timestamp for state in states(listener) if state.online}) == 2)


@pytest.mark.tck(
    "operational-behavior-host-application-termination",
    "operational-behavior-host-application-death-topic",
    "operational-behavior-host-application-death-payload",
    "operational-behavior-host-application-death-qos",
    "operational-behavior-host-application-death-retained",
    "host-topic-phid-death-payload-timestamp-disconnect-clean",
    "host-topic-phid-death-payload-timestamp-disconnect-with-no-disconnect-packet",
)
def test_a_clean_stop_says_so_with_the_time_of_now_and_stays_offline(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    listener = client(broker_port, "listener").subscribe(STATE)
    one = host(broker_port)
    before = one.clock.now
    one.client.stop()
    until("its death", lambda: len(states(listener)) == 2)
    assert not states(listener)[1].online
    assert states(listener)[1].timestamp > before
    late = client(broker_port, "late").subscribe(STATE)
    until("what is retained", lambda: late.got)
    assert not HostState.decode(late.got[0][1]).online
    assert late.got[0][2:] == (True, 1)
    assert len(states(listener)) == 2


@pytest.mark.tck("message-flow-hid-sparkplug-state-message-delivered", "payloads-state-subscribe")
def test_a_host_that_hears_that_it_is_offline_says_that_it_is_not(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    host(broker_port)
    listener = client(broker_port, "listener").subscribe(STATE)
    until("its STATE", lambda: listener.got)
    listener.mqtt.publish(STATE, HostState(online=False, timestamp=5).encode(), qos=1, retain=True)
    until("its answer", lambda: len(states(listener)) >= 3)
    birth, _, answer = states(listener)[:3]
    assert answer == birth


def test_a_farewell_that_is_newer_than_its_birth_is_outdated_by_a_newer_birth(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    one = host(broker_port)
    listener = client(broker_port, "listener").subscribe(STATE)
    until("its STATE", lambda: listener.got)
    farewell = HostState(online=False, timestamp=one.clock.now)
    assert farewell.timestamp > states(listener)[0].timestamp
    listener.mqtt.publish(STATE, farewell.encode(), qos=1, retain=True)
    until(
        "a newer birth", lambda: any(each.online and each.timestamp > farewell.timestamp for each in states(listener))
    )
    until("it to be online again", lambda: one.client.online)


@pytest.mark.parametrize("online", [True, False])
def test_what_a_host_said_while_its_clock_was_ahead_is_outdated_by_its_next_birth(
    broker_port: int, client: Any, host: Any, until: Any, online: bool
) -> None:
    ahead = HostState(online=online, timestamp=1_790_000_000_000 + 86_400_000)
    before = client(broker_port, "before")
    before.mqtt.publish(STATE, ahead.encode(), qos=1, retain=True).wait_for_publish(60)
    one = host(broker_port, online=False)
    listener = client(broker_port, "listener").subscribe(STATE)
    until("a newer birth", lambda: HostState(True, ahead.timestamp + 1) in states(listener))
    until("it to be online", lambda: one.client.online)
    one.client.stop()
    until("a farewell that nodes believe", lambda: not states(listener)[-1].online)
    assert states(listener)[-1].outdates(HostState(True, ahead.timestamp + 1))


def test_a_clock_that_is_put_back_does_not_make_a_birth_older_than_the_one_before(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    listener = client(broker_port, "listener").subscribe(STATE)
    one = host(broker_port)
    one.clock.now -= 3_600_000
    one.client._connection._client.socket().shutdown(socket.SHUT_RDWR)
    until("a second birth", lambda: len({state.timestamp for state in states(listener) if state.online}) == 2)
    births = [state.timestamp for state in states(listener) if state.online]
    assert births == sorted(births)


@pytest.mark.parametrize("rubbish", [b"", b"OFFLINE", b'{"online":false}', b"\xff\xfe"])
def test_rubbish_in_place_of_its_state_is_put_right(
    broker_port: int, client: Any, host: Any, until: Any, rubbish: bytes
) -> None:
    host(broker_port)
    listener = client(broker_port, "listener").subscribe(STATE)
    until("its STATE", lambda: listener.got)
    listener.mqtt.publish(STATE, rubbish, qos=1, retain=True).wait_for_publish(60)
    until("its answer", lambda: len(listener.got) >= 3)
    late = client(broker_port, "late").subscribe(STATE)
    until("what is retained", lambda: late.got)
    assert HostState.decode(late.got[0][1]) == HostState.decode(listener.got[0][1])


@pytest.mark.tck(
    "host-topic-phid-birth-message",
    "host-topic-phid-birth-sub-required",
    "host-topic-phid-birth-required",
    "message-flow-phid-sparkplug-subscription",
    "message-flow-phid-sparkplug-clean-session-311",
    "principles-birth-certificates-order",
)
def test_a_host_subscribes_before_its_birth_and_says_nothing_before_it(until: Any) -> None:
    """At a broker that only listens: CONNECT, then SUBSCRIBE, then PUBLISH."""
    seen: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        peer, _ = server.accept()
        with peer:
            seen.append(peer.recv(4096))
            peer.sendall(b"\x20\x02\0\0")
            seen.append(peer.recv(4096))
            packet_id = seen[1][2:4]
            peer.sendall(b"\x90\x04" + packet_id + b"\1\1")
            seen.append(peer.recv(4096))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    one = Started(server.getsockname()[1])
    until("three packets", lambda: len(seen) == 3)
    one.client._stopping.set()
    thread.join(60)
    server.close()
    one.client.stop()
    connect, subscribe, publish = seen
    assert connect[0] == 0x10
    flags = connect[9]
    assert flags & 0x02, "clean session"
    assert (flags & 0x04, flags >> 3 & 3, flags & 0x20) == (0x04, 1, 0x20), "a retained will at QoS 1"
    assert b'"online":false' in connect
    assert subscribe[0] == 0x82
    assert subscribe.index(STATE.encode()) < subscribe.index(b"spBv1.0/dltv/#")
    assert publish[0] == 0x33, "PUBLISH at QoS 1, retained"
    assert STATE.encode() in publish


def test_what_nodes_say_is_handed_on_with_its_time(broker_port: int, client: Any, host: Any, until: Any) -> None:
    one = host(broker_port)
    node = client(broker_port, "node")
    for number in range(20):
        node.mqtt.publish("spBv1.0/dltv/NDATA/36030001", str(number).encode())
    until("all of it", lambda: len(one.arrivals) == 20)
    assert [each.payload for each in one.arrivals] == [str(number).encode() for number in range(20)]
    assert not any(each.retained for each in one.arrivals)
    assert isinstance(one.told[0], Linked)


def test_what_is_retained_is_marked_so(broker_port: int, client: Any, host: Any, until: Any) -> None:
    client(broker_port, "old").mqtt.publish("spBv1.0/dltv/NBIRTH/x", b"old", qos=1, retain=True).wait_for_publish(60)
    one = host(broker_port)
    until("it", lambda: one.arrivals)
    assert one.arrivals[0].retained


def test_a_host_of_several_groups_hears_them_all_and_no_other(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    one = host(broker_port, groups=("a1", "b1"))
    node = client(broker_port, "node")
    for group in ("a1", "c1", "b1"):
        node.mqtt.publish(f"spBv1.0/{group}/NDATA/n", b"")
    until("two", lambda: len(one.arrivals) == 2)
    assert [each.topic.split("/")[1] for each in one.arrivals] == ["a1", "b1"]


@pytest.mark.tck(
    "topics-ncmd-topic",
    "topics-ncmd-mqtt",
    "topics-ncmd-timestamp",
    "topics-ncmd-payload",
    "payloads-ncmd-timestamp",
    "payloads-ncmd-seq",
    "payloads-ncmd-qos",
    "payloads-ncmd-retain",
    "payloads-timestamp-in-UTC",
    "operational-behavior-data-commands-ncmd-verb",
    "operational-behavior-data-commands-ncmd-rebirth-verb",
    "operational-behavior-data-commands-ncmd-rebirth-name",
    "operational-behavior-data-commands-ncmd-rebirth-value",
    "operational-behavior-data-commands-ncmd-metric-name",
    "operational-behavior-data-commands-ncmd-metric-value",
    "topic-structure",
    "topic-structure-namespace-a",
)
def test_a_command_is_an_ncmd_at_qos_0_that_is_not_retained(
    broker_port: int, client: Any, host: Any, until: Any
) -> None:
    one = host(broker_port)
    node = client(broker_port, "node").subscribe("spBv1.0/dltv/NCMD/36030001")
    before = one.clock.now
    one.client.send(NodeCommand(NODE, (command(REBIRTH, True),)))
    until("the command", lambda: node.got)
    topic, payload, retained, qos = node.got[0]
    assert (topic, retained, qos) == ("spBv1.0/dltv/NCMD/36030001", False, 0)
    said = decode(payload)
    assert said.value(REBIRTH) is True
    assert said.seq is None
    assert said.timestamp is not None
    assert before < said.timestamp <= one.clock.now


@pytest.mark.tck("payloads-metric-datatype-not-req", "payloads-name-requirement")
def test_a_command_of_ours_leaves_its_datatype_out(broker_port: int, client: Any, host: Any, until: Any) -> None:
    one = host(broker_port)
    node = client(broker_port, "node").subscribe("spBv1.0/dltv/NCMD/36030001")
    one.client.send(NodeCommand(NODE, (command(JOURNAL_ACK, 17),)))
    until("the command", lambda: node.got)
    [metric] = decode(node.got[0][1]).metrics
    assert (metric.name, metric.value, metric.datatype) == (JOURNAL_ACK, 17, None)


def test_a_lost_link_is_told_and_made_anew(host: Any, mosquitto: Any, until: Any) -> None:
    one = host(mosquitto.port)
    mosquitto.kill()
    until("the loss", lambda: any(isinstance(event, Unlinked) for event in one.told))
    assert not one.client.online
    assert str(mosquitto.port) in one.client.trouble
    mosquitto.start()
    until("the host to be back", lambda: one.client.online)
    assert [type(event) for event in one.told] == [Linked, Unlinked, Linked]
    assert one.client.trouble == ""


def test_a_broker_that_is_not_there_is_said_once(
    host: Any, caplog: pytest.LogCaptureFixture, until: Any, free_port: Any
) -> None:
    with caplog.at_level("DEBUG", "hub.mqtt.host_client"):
        one = host(free_port(), online=False)
        until("two attempts", lambda: len(caplog.records) >= 2)
    assert [record.levelname for record in caplog.records][:2] == ["WARNING", "DEBUG"]
    assert "--broker" in caplog.records[0].getMessage()
    assert "refused" in one.client.trouble
