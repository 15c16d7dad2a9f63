"""The session from the outside: what it does when, without a network. What the messages hold is tested in test_voice.py."""

import itertools
from typing import Any

import pytest

from agent.core import messages
from agent.core.messages import Connect, Disconnect, KeepBdSeq, Publish, Subscribe
from agent.core.readings import Equipment
from agent.core.session import TABLE
from agent.core.states import State, Trigger
from wire import payloads
from wire.metrics import DataType

T0 = 1_790_000_000_000


def bd_seq_of(will: bytes) -> Any:
    return payloads.decode(will).value("bdSeq")


def kinds(actions: list[Any]) -> list[str]:
    return [type(action).__name__ for action in actions]


# Connecting


@pytest.mark.tck(
    "message-flow-edge-node-birth-publish-will-message",
    "message-flow-edge-node-birth-publish-will-message-topic",
    "message-flow-edge-node-birth-publish-will-message-payload",
    "payloads-ndeath-will-message",
    "topics-ndeath-topic",
)
def test_a_connect_carries_ndeath_as_its_will(node: Any) -> None:
    [_, connect] = node.go(messages.Started())
    assert isinstance(connect, Connect)
    assert connect.will_topic == "spBv1.0/cpm3/NDEATH/36010001"
    [metric] = payloads.decode(connect.will).metrics
    assert (metric.name, metric.value, metric.datatype) == ("bdSeq", 0, DataType.INT64)


@pytest.mark.tck("topics-nbirth-bdseq-increment")
def test_bdseq_is_kept_before_the_connect_that_uses_it(node: Any) -> None:
    keep, connect = node.go(messages.Started())
    assert keep == KeepBdSeq(0)
    assert bd_seq_of(connect.will) == 0


@pytest.mark.tck("message-flow-edge-node-birth-publish-will-message-payload-bdSeq", "topics-nbirth-bdseq-increment")
@pytest.mark.parametrize(("before", "after"), [(None, 0), (0, 1), (254, 255), (255, 0)])
def test_bdseq_goes_on_from_where_the_last_run_ended(make_node: Any, before: int | None, after: int) -> None:
    node = make_node(bd_seq=before)
    node.go(messages.Started())
    assert bd_seq_of(node.connects[-1].will) == after


@pytest.mark.tck("topics-nbirth-bdseq-increment")
def test_every_connect_takes_the_next_bdseq(node: Any) -> None:
    for _ in range(258):
        node.connect()
        node.lose()
    numbers = [bd_seq_of(connect.will) for connect in node.connects]
    assert numbers == [number % 256 for number in range(len(numbers))]


def test_an_attempt_whose_connect_never_left_uses_no_bdseq_up(node: Any) -> None:
    node.go(messages.Started())
    for _ in range(3):
        node.go(messages.Lost(node.attempt, "connection refused", sent=False))
        node.wait(5000)
    assert len(node.connects) >= 3
    assert {bd_seq_of(connect.will) for connect in node.connects} == {0}
    assert [action for action in node.actions if isinstance(action, KeepBdSeq)] == [KeepBdSeq(0)]


@pytest.mark.tck("message-flow-edge-node-ncmd-subscribe")
def test_commands_and_the_hosts_state_are_subscribed_first_of_all(node: Any) -> None:
    node.go(messages.Started())
    assert node.go(messages.Connected(node.attempt)) == [
        Subscribe(("spBv1.0/cpm3/NCMD/36010001", "spBv1.0/STATE/hub-cpm3"))
    ]


def test_a_broker_that_accepts_but_never_answers_is_given_up(node: Any) -> None:
    node.go(messages.Started())
    node.wait(16_000)
    assert kinds(node.actions)[:3] == ["KeepBdSeq", "Connect", "Disconnect"]
    assert len(node.connects) >= 2


def test_news_of_a_connection_that_is_no_more_is_ignored(node: Any) -> None:
    node.connect()
    node.lose()
    node.forget()
    node.session.handle(messages.Connected(1), node.now)
    assert (node.state, node.actions) == (State.WAITING, [])


# Coming back


def test_waits_grow_and_end_at_a_minute(node: Any) -> None:
    node.go(messages.Started())
    times = []
    for _ in range(60):
        node.go(messages.Lost(node.attempt, "refused", sent=False))
        lost = node.mono
        while node.state is State.WAITING:
            node.wait(100)
        times.append(node.mono - lost)
    assert times[0] <= 1100
    assert times == sorted(times)
    assert 50_000 <= times[-1] <= 60_100


def test_after_a_short_outage_the_node_is_back_within_two_seconds(node: Any) -> None:
    node.come_online()
    node.wait(60_000)
    began = node.mono
    node.lose()
    attempts = []
    while node.mono - began < 18_000:
        node.wait(100)
        if node.state is State.CONNECTING:
            attempts.append(node.mono)
            node.go(messages.Lost(node.attempt, "refused", sent=False))
    assert max(after - before for before, after in itertools.pairwise([began, *attempts])) <= 2_200


def test_two_nodes_of_one_name_do_not_throw_each_other_out_every_second(node: Any) -> None:
    waits = []
    for _ in range(80):
        node.connect()
        node.host(online=True)
        node.wait(2000)
        node.lose()
        before = node.mono
        while node.state is State.WAITING:
            node.wait(100)
        waits.append(node.mono - before)
    assert waits[-1] > 20_000


# The primary host


@pytest.mark.tck(
    "message-flow-edge-node-birth-publish-phid-wait",
    "message-flow-edge-node-birth-publish-phid-wait-online",
    "operational-behavior-edge-node-birth-sequence-wait",
    "operational-behavior-primary-application-state-with-multiple-servers-state-subs",
)
def test_births_wait_for_the_host_to_be_online(node: Any) -> None:
    node.poll(None, **{"host/cpu_pct": 1.0})
    node.connect()
    node.wait(60_000)
    node.host(online=False, timestamp=T0)
    node.wait(60_000)
    assert node.said == []
    node.host(online=True, timestamp=T0 + 1)
    assert node.briefs == ["NBIRTH", "DBIRTH p1-tv", "DBIRTH p1-receiver"]


@pytest.mark.tck("message-flow-edge-node-birth-publish-phid-wait-id")
def test_only_the_configured_hosts_state_is_listened_to(make_node: Any) -> None:
    node = make_node(host_id="hub-other")
    node.connect()
    [subscribe] = [action for action in node.actions if isinstance(action, Subscribe)]
    assert [topic for topic in subscribe.topics if "STATE" in topic] == ["spBv1.0/STATE/hub-other"]


def test_without_a_primary_host_births_go_out_at_once(make_node: Any) -> None:
    node = make_node(host_id=None)
    node.poll(None, **{"host/cpu_pct": 1.0})
    node.connect()
    assert node.briefs[0] == "NBIRTH"


@pytest.mark.tck(
    "message-flow-edge-node-birth-publish-phid-wait-timestamp",
    "operational-behavior-edge-node-termination-host-offline-timestamp",
)
def test_an_offline_state_older_than_the_last_online_one_is_ignored(online: Any) -> None:
    online.host(online=False, timestamp=T0 - 1)
    assert (online.state, online.actions) == (State.ONLINE, [])


@pytest.mark.tck("message-flow-edge-node-birth-publish-phid-wait-timestamp")
def test_the_first_state_of_a_connection_counts_however_old_it_is(online: Any) -> None:
    online.lose()
    online.connect()
    online.host(online=True, timestamp=5)
    online.wait(1500)
    assert online.state is State.ONLINE


@pytest.mark.tck(
    "message-flow-edge-node-birth-publish-phid-offline",
    "operational-behavior-edge-node-termination-host-offline",
    "operational-behavior-edge-node-termination-host-offline-reconnect",
    "operational-behavior-edge-node-intentional-disconnect-ndeath",
    "payloads-ndeath-will-message-publisher",
    "payloads-ndeath-will-message-publisher-disconnect-mqtt311",
    "payloads-ndeath-bdseq",
)
@pytest.mark.parametrize("later", [0, 1])
def test_when_the_host_goes_offline_the_node_dies_disconnects_and_starts_over(online: Any, later: int) -> None:
    actions = online.host(online=False, timestamp=T0 + later)
    assert kinds(actions) == ["Publish", "Disconnect"]
    assert online.briefs == ["NDEATH"]
    assert online.said[0].payload.value("bdSeq") == 0
    online.wait(1500)
    assert bd_seq_of(online.connects[-1].will) == 1


def test_a_node_whose_host_is_away_stays_connected_and_waits(online: Any) -> None:
    online.host(online=False, timestamp=T0 + 1)
    online.connect()
    online.forget()
    online.host(online=False, timestamp=T0 + 1)
    online.wait(600_000)
    assert (online.state, online.actions) == (State.AWAITING_HOST, [])


# Several brokers


@pytest.mark.tck(
    "operational-behavior-primary-application-state-with-multiple-servers-walk",
    "operational-behavior-primary-application-state-with-multiple-servers-single-server",
    "operational-behavior-edge-node-termination-host-offline-reconnect",
)
def test_when_the_host_goes_offline_the_node_turns_to_the_next_broker(make_node: Any) -> None:
    node = make_node(servers=3)
    node.come_online()
    node.host(online=False, timestamp=T0 + 1)
    node.wait(1)
    assert [connect.server for connect in node.connects] == [0, 1]
    assert kinds(node.actions)[-4:] == ["Publish", "Disconnect", "KeepBdSeq", "Connect"]


def test_a_broker_that_is_gone_is_left_for_the_next_at_once(make_node: Any) -> None:
    node = make_node(servers=2)
    node.go(messages.Started())
    node.go(messages.Lost(node.attempt, "refused", sent=False))
    node.wait(1)
    assert [connect.server for connect in node.connects] == [0, 1]


def test_after_a_round_without_success_the_node_waits(make_node: Any) -> None:
    node = make_node(servers=2)
    node.go(messages.Started())
    for _ in range(2):
        node.wait(1)
        node.go(messages.Lost(node.attempt, "refused", sent=False))
    node.wait(400)
    assert len(node.connects) == 2
    node.wait(700)
    assert [connect.server for connect in node.connects] == [0, 1, 0]


@pytest.mark.parametrize("says_offline", [True, False])
def test_a_broker_without_the_host_is_left(make_node: Any, says_offline: bool) -> None:
    node = make_node(servers=2)
    node.connect()
    if says_offline:
        node.host(online=False)
    node.wait(11_000)
    assert [connect.server for connect in node.connects][:2] == [0, 1]
    assert "NDEATH" in node.briefs


# First readings


def test_births_wait_a_moment_for_the_first_readings(node: Any) -> None:
    node.connect()
    node.host(online=True)
    node.wait(500)
    assert node.said == []
    node.poll(None, **{"host/cpu_pct": 12.0})
    node.wait(0)
    assert node.said[0].metric("host/cpu_pct").value == 12.0


def test_births_do_not_wait_long(node: Any) -> None:
    node.connect()
    node.host(online=True)
    node.wait(1500)
    assert node.briefs == ["NBIRTH", "DBIRTH p1-tv", "DBIRTH p1-receiver"]


# Rebirth


@pytest.mark.tck(
    "operational-behavior-data-commands-rebirth-action-2",
    "operational-behavior-data-commands-rebirth-action-3",
    "payloads-nbirth-bdseq-repeat",
)
def test_a_rebirth_repeats_all_births_with_the_same_bdseq(online: Any) -> None:
    online.wait(5000)
    online.go(messages.RebirthAsked())
    assert online.briefs == ["NBIRTH", "DBIRTH p1-tv", "DBIRTH p1-receiver"]
    assert online.said[0].payload.value("bdSeq") == 0
    assert online.connects == []


@pytest.mark.tck("operational-behavior-data-commands-rebirth-action-1")
def test_a_storm_of_rebirths_is_one_rebirth_and_no_data_before_it(online: Any) -> None:
    online.wait(5000)
    for _ in range(100):
        online.go(messages.RebirthAsked())
        online.report(None, **{"host/cpu_pct": 50.0})
    assert online.briefs.count("NBIRTH") == 1
    assert online.briefs[3:] == ["NDATA"]  # what was reported before the second request
    online.wait(1000)
    assert online.briefs[4:7] == ["NBIRTH", "DBIRTH p1-tv", "DBIRTH p1-receiver"]
    assert set(online.briefs[7:]) == {"NDATA"}


def test_a_rebirth_before_the_host_is_there_is_not_answered(node: Any) -> None:
    node.connect()
    node.go(messages.RebirthAsked())
    node.wait(5000)
    assert node.said == []


# Ending


@pytest.mark.tck(
    "operational-behavior-edge-node-intentional-disconnect-ndeath",
    "payloads-ndeath-will-message-publisher",
    "payloads-ndeath-will-message-publisher-disconnect-mqtt311",
)
def test_a_node_that_is_stopped_says_so_and_disconnects(online: Any) -> None:
    actions = online.go(messages.Stopped())
    assert kinds(actions) == ["Publish", "Disconnect"]
    assert online.briefs == ["NDEATH"]
    assert online.go(messages.Started()) == []


def test_a_node_that_is_stopped_while_it_is_not_connected_says_nothing(node: Any) -> None:
    node.go(messages.Started())
    assert node.go(messages.Stopped()) == [Disconnect()]


# The table


@pytest.mark.parametrize(("state", "trigger"), list(itertools.product(State, Trigger)), ids=lambda each: each.name)
def test_what_is_not_in_the_table_changes_nothing(make_node: Any, state: State, trigger: Trigger) -> None:
    node = make_node(servers=2)
    node.session.state = state
    actions = list(node.session._step(trigger, node.now))
    assert ((state, trigger) in TABLE) == bool(actions or node.state is not state)


def test_every_state_but_the_last_can_be_stopped() -> None:
    assert {state for state, trigger in TABLE if trigger is Trigger.STOP} == set(State) - {State.STOPPED}


@pytest.mark.tck("principles-birth-certificates-order", "message-flow-edge-node-birth-publish-connect")
@pytest.mark.parametrize("host_id", [None, "hub-cpm3"])
def test_the_first_message_of_a_connection_is_the_birth(make_node: Any, host_id: str | None) -> None:
    node = make_node(host_id=host_id)
    node.report(None, **{"host/cpu_pct": 5.0})
    assert not any(isinstance(action, Publish) for action in node.actions)
    node.connect()
    node.host(online=True)
    node.wait(2000)
    assert node.briefs[0] == "NBIRTH"


# A device that appears

APPEARED = messages.Rearranged((), (Equipment("new-tv-1", "tv", None, "lg/rs232", ("device/reachable", "power/on")),))


def test_a_device_that_appears_is_born_in_a_whole_new_sequence(online: Any) -> None:
    online.go(APPEARED)
    online.wait(2000)
    assert online.briefs == ["NBIRTH", "DBIRTH p1-tv", "DBIRTH p1-receiver", "DBIRTH new-tv-1"]


def test_a_device_that_appears_while_nobody_listens_is_born_with_the_others(node: Any) -> None:
    node.go(APPEARED)
    assert node.said == []
    node.come_online()
    assert node.briefs[-1] == "DBIRTH new-tv-1"


# Devices that are given up

NO_RECEIVER = messages.Rearranged(("p1-receiver",), ())


def test_a_device_that_is_given_up_dies_and_is_not_born_again(online: Any) -> None:
    online.go(NO_RECEIVER)
    online.wait(2000)
    assert online.briefs == ["DDEATH p1-receiver", "NBIRTH", "DBIRTH p1-tv"]


def test_a_device_that_is_given_up_while_nobody_listens_is_never_told(node: Any) -> None:
    node.go(NO_RECEIVER)
    node.come_online()
    assert node.briefs == ["NBIRTH", "DBIRTH p1-tv"]


@pytest.mark.parametrize("readings", [{"device/reachable": False}, {"device/reachable": True, "signal/lock": True}])
def test_an_old_report_of_a_device_that_was_given_up_has_a_birth_and_a_death_around_it(
    node: Any, readings: Any
) -> None:
    node.report("p1-receiver", **readings)
    node.go(NO_RECEIVER)
    node.come_online()
    node.wait(2000)
    assert node.briefs[2:] == ["DBIRTH p1-receiver", "DDATA p1-receiver", "DDEATH p1-receiver"]


def test_a_device_that_is_something_else_now_is_born_without_what_was_known_of_it(online: Any) -> None:
    online.report("p1-tv", **{"device/reachable": True, "panel/temp_c": 41.0})
    online.forget()
    online.go(
        messages.Rearranged((), (Equipment("p1-tv", "tv", "p1", "sony/simple-ip", ("device/reachable", "power/on")),))
    )
    online.wait(2000)
    born = next(said for said in online.said if said.brief == "DBIRTH p1-tv")
    assert {"panel/temp_c"}.isdisjoint(metric.name for metric in born.payload.metrics)
    assert born.metric("Properties/profile").value == "sony/simple-ip"
    assert born.metric("device/reachable").value is None


# Other certificates


def test_with_other_certificates_the_node_dies_disconnects_and_connects_at_once(online: Any) -> None:
    online.forget()
    online.go(messages.TrustChanged(online.attempt))
    assert kinds(online.actions) == ["Publish", "Disconnect", "KeepBdSeq", "Connect"]
    assert online.briefs == ["NDEATH"]
    assert bd_seq_of(online.connects[-1].will) == (bd_seq_of(online.said[0].raw) + 1) % 256


def test_what_is_reported_while_it_shows_other_certificates_is_sent_afterwards(online: Any) -> None:
    online.go(messages.TrustChanged(online.attempt))
    online.forget()
    online.report("p1-tv", **{"power/on": True})
    assert online.briefs == []
    online.connect()
    online.host(online=True)
    online.wait(5000)
    assert online.briefs[0] == "NBIRTH"
    assert "DDATA p1-tv" in online.briefs


def test_other_certificates_than_those_of_an_old_connection_change_nothing(online: Any) -> None:
    online.forget()
    online.go(messages.TrustChanged(online.attempt - 1))
    assert online.actions == []
