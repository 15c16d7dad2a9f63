"""What the node's messages hold, and their order."""

from typing import Any

import pytest

from agent.core import messages
from agent.core.entries import Entry, Kept
from agent.core.readings import Poll
from wire import controls
from wire.metrics import DataType, Metric
from wire.schema import parse_payload

T0 = 1_790_000_000_000
TV = {"device/reachable": True, "power/on": True, "panel/temp_c": 41.0}
LOST = {"device/reachable": False}


def names(said: Any) -> set[str]:
    return {metric.name for metric in said.payload.metrics}


def value(said: Any, name: str) -> Any:
    return said.metric(name).value


# NBIRTH


@pytest.mark.tck(
    "topics-nbirth-topic",
    "message-flow-edge-node-birth-publish-nbirth-topic",
    "message-flow-edge-node-birth-publish-nbirth-payload",
    "topic-structure",
    "topic-structure-namespace-a",
    "topic-structure-namespace-device-id-non-associated-message-types",
    "intro-group-id-string",
    "intro-edge-node-id-string",
)
def test_nbirth_goes_to_the_nodes_own_topic(node: Any) -> None:
    node.come_online()
    assert str(node.said[0].topic) == "spBv1.0/cpm3/NBIRTH/36010001"


@pytest.mark.tck(
    "topics-nbirth-seq-num",
    "payloads-nbirth-seq",
    "payloads-sequence-num-req-nbirth",
    "message-flow-edge-node-birth-publish-nbirth-payload-seq",
)
def test_nbirth_has_seq_zero(node: Any) -> None:
    node.come_online()
    for _ in range(3):
        node.report(None, **{"host/cpu_pct": 1.0})
    node.wait(5000)
    node.go(messages.RebirthAsked())
    assert [said.payload.seq for said in node.of_kind("NBIRTH")] == [0, 0]


@pytest.mark.tck(
    "topics-nbirth-bdseq-included",
    "topics-nbirth-bdseq-matching",
    "payloads-nbirth-bdseq",
    "message-flow-edge-node-birth-publish-nbirth-payload-bdSeq",
)
def test_nbirth_repeats_the_wills_bdseq_as_int64(make_node: Any) -> None:
    node = make_node(bd_seq=41)
    node.come_online()
    metric = node.said[0].metric("bdSeq")
    assert (metric.value, metric.datatype, metric.alias) == (42, DataType.INT64, None)


@pytest.mark.tck(
    "topics-nbirth-rebirth-metric",
    "payloads-nbirth-rebirth-req",
    "operational-behavior-data-commands-rebirth-name",
    "operational-behavior-data-commands-rebirth-name-aliases",
    "operational-behavior-data-commands-rebirth-datatype",
    "operational-behavior-data-commands-rebirth-value",
)
def test_nbirth_offers_rebirth_without_an_alias(node: Any) -> None:
    node.come_online()
    metric = node.said[0].metric("Node Control/Rebirth")
    assert (metric.value, metric.datatype, metric.alias) == (False, DataType.BOOLEAN, None)


def test_no_control_has_an_alias(node: Any) -> None:
    node.come_online()
    told = [metric for metric in node.said[0].payload.metrics if metric.name in controls.CONTROLS]
    assert {metric.name: metric.datatype for metric in told} == controls.CONTROLS
    assert {metric.alias for metric in told} == {None}


@pytest.mark.tck("topics-nbirth-metric-reqs", "operational-behavior-data-publish-nbirth", "topics-nbirth-metrics")
def test_nbirth_lists_all_that_the_node_will_ever_report(node: Any) -> None:
    node.come_online()
    journal = {controls.JOURNAL_EPOCH, controls.JOURNAL_OLDEST, controls.JOURNAL_NEWEST, controls.JOURNAL_OFFSET}
    journal.add(controls.JOURNAL_LOST)
    assert names(node.said[0]) >= {"host/cpu_pct", "host/mem_used_pct", "agent/journal_backlog", *journal}
    assert all(metric.datatype is not None for metric in node.said[0].payload.metrics)


def test_nbirth_says_where_the_journal_stands(make_node: Any) -> None:
    node = make_node(oldest=5, newest=90, acked=70, published=90)
    node.come_online()
    birth = node.said[0]
    assert value(birth, "Journal/Epoch") == "5f1c7f5e-5a0e-4f7e-9d6e-0123456789ab"
    assert (value(birth, "Journal/Oldest"), value(birth, "Journal/Newest")) == (5, 90)
    assert value(birth, "Journal/Offset") is None
    assert birth.metric("Journal/Offset").alias is not None


@pytest.mark.tck("operational-behavior-data-publish-nbirth-values", "operational-behavior-data-publish-dbirth-values")
def test_births_carry_present_values_or_say_that_there_is_none(node: Any) -> None:
    node.poll("p1-tv", **TV)
    node.poll(None, **{"host/cpu_pct": 7.0, "host/mem_used_pct": None})
    node.come_online()
    nbirth, tv, receiver = node.said
    assert (value(nbirth, "host/cpu_pct"), value(nbirth, "agent/journal_backlog")) == (7.0, None)
    assert value(tv, "panel/temp_c") == 41.0
    assert value(receiver, "device/reachable") is None
    absent = next(each for each in parse_payload(receiver.raw).metrics if each.name == "signal/lock")
    assert absent.is_null
    assert absent.WhichOneof("value") is None


@pytest.mark.tck(
    "topics-nbirth-timestamp",
    "payloads-nbirth-timestamp",
    "payloads-timestamp-in-UTC",
    "payloads-name-birth-data-requirement",
    "payloads-metric-timestamp-in-UTC",
    "topics-dbirth-timestamp",
    "payloads-dbirth-timestamp",
    "topics-ndata-timestamp",
    "payloads-ndata-timestamp",
    "topics-ddata-timestamp",
    "payloads-ddata-timestamp",
)
def test_messages_carry_the_time_of_sending_and_metrics_that_of_reading(node: Any) -> None:
    node.come_online()
    read = node.utc
    node.poll(None, **{"host/cpu_pct": 9.0})
    node.keep(None, **{"host/cpu_pct": 9.0})
    node.poll("p1-tv", **TV)
    node.keep("p1-tv", **TV)
    node.wait(700)
    node.pump()
    *births, ndata, dbirth, ddata = node.said
    assert len({said.payload.timestamp for said in births}) == 1
    assert dbirth.payload.timestamp == read + 700
    assert [said.payload.timestamp for said in (ndata, ddata)] == [read + 700] * 2
    assert {metric.timestamp for said in (ndata, ddata) for metric in said.payload.metrics} == {read}
    assert all(metric.timestamp is not None for said in node.said for metric in said.payload.metrics)


@pytest.mark.tck("operational-behavior-data-publish-nbirth-order", "operational-behavior-data-publish-dbirth-order")
def test_the_metrics_of_births_stand_in_time_order(node: Any) -> None:
    for reading in ({"host/mem_used_pct": 4.0}, {"host/cpu_pct": 5.0}, {"agent/journal_backlog": 0}):
        node.poll(None, **reading)
        node.poll("p1-tv", **{"panel/temp_c": 40.0} if "host/cpu_pct" in reading else TV)
        node.wait(10)
    node.connect()
    node.host(online=True)
    node.wait(2000)
    for said in node.said:
        times = [metric.timestamp for metric in said.payload.metrics]
        assert times == sorted(times)


# Aliases


@pytest.mark.tck("payloads-alias-uniqueness", "payloads-alias-birth-requirement")
def test_an_alias_stands_for_one_metric_of_one_device(node: Any) -> None:
    node.come_online()
    given = [metric for said in node.said for metric in said.payload.metrics if metric.alias is not None]
    assert len({metric.alias for metric in given}) == len(given)
    assert all(metric.name for metric in given)


def test_aliases_stay_the_same_through_rebirths_and_reconnections(node: Any) -> None:
    node.come_online()
    first = {(said.brief, metric.name, metric.alias) for said in node.said for metric in said.payload.metrics}
    node.lose()
    node.forget()
    node.come_online()
    assert {(said.brief, metric.name, metric.alias) for said in node.said for metric in said.payload.metrics} == first


@pytest.mark.tck(
    "payloads-alias-data-cmd-requirement",
    "payloads-name-requirement",
    "payloads-metric-datatype-not-req",
    "topics-ndata-payload",
    "topics-ddata-payload",
)
def test_data_names_its_metrics_by_alias_alone(online: Any) -> None:
    online.report("p1-tv", **TV)
    online.report(None, **{"host/cpu_pct": 50.0})
    for said in online.said:
        if said.kind in ("NDATA", "DDATA"):
            assert {metric.name for metric in said.payload.metrics} == {None}
            assert {metric.datatype for metric in said.payload.metrics} == {None}
            assert None not in {metric.alias for metric in said.payload.metrics}


def test_data_repeats_the_datatypes_for_hosts_that_need_them(make_node: Any) -> None:
    node = make_node(datatypes=True)
    node.come_online()
    node.report(None, **{"host/cpu_pct": 50.0})
    assert {metric.datatype for metric in node.said[-1].payload.metrics} == {DataType.UINT64, DataType.FLOAT}


# DBIRTH


@pytest.mark.tck(
    "topics-dbirth-topic",
    "message-flow-device-birth-publish-dbirth-topic",
    "message-flow-device-birth-publish-dbirth-match-edge-node-topic",
    "message-flow-device-birth-publish-nbirth-wait",
    "message-flow-device-birth-publish-dbirth-payload",
    "payloads-dbirth-order",
    "payloads-ndata-order",
    "payloads-ddata-order",
    "topic-structure-namespace-device-id-associated-message-types",
    "intro-device-id-string",
    "topic-structure-namespace-unique-device-id",
)
def test_every_device_is_born_after_the_node_and_before_any_data(node: Any) -> None:
    for _ in range(5):
        node.report("p1-tv", **TV)
        node.report(None, **{"host/cpu_pct": 1.0})
    node.come_online()
    node.wait(3000)
    assert node.briefs[:3] == ["NBIRTH", "DBIRTH p1-tv", "DBIRTH p1-receiver"]
    assert str(node.said[1].topic) == "spBv1.0/cpm3/DBIRTH/36010001/p1-tv"
    assert set(node.briefs[3:]) == {"NDATA", "DDATA p1-tv"}


@pytest.mark.tck(
    "topics-dbirth-metric-reqs",
    "topics-dbirth-metrics",
    "operational-behavior-data-publish-dbirth",
    "payloads-metric-datatype-req",
    "payloads-metric-datatype-value",
    "payloads-metric-datatype-value-type",
)
def test_dbirth_lists_all_that_the_device_will_ever_report(node: Any) -> None:
    node.come_online()
    tv = node.said[1]
    assert names(tv) == {
        "device/reachable", "power/on", "panel/temp_c", "Journal/Offset",
        "Properties/kind", "Properties/profile", "Properties/room",
    }  # fmt: skip
    assert (value(tv, "Properties/kind"), value(tv, "Properties/profile")) == ("tv", "lg/rs232")
    assert value(tv, "Properties/room") == "p1"
    assert value(tv, "Journal/Offset") is None
    assert tv.metric("panel/temp_c").datatype is DataType.FLOAT


def test_what_a_device_said_of_itself_stands_in_its_birth(node: Any) -> None:
    node.poll("p1-tv", {"Properties/model": "75UH5F-HJ"}, **TV)
    node.come_online()
    assert value(node.said[1], "Properties/model") == "75UH5F-HJ"


def test_a_device_that_says_something_new_of_itself_is_born_again(online: Any) -> None:
    online.poll("p1-tv", {"Properties/firmware": "05.10"}, **TV)
    assert online.briefs == ["DBIRTH p1-tv"]
    online.poll("p1-tv", {"Properties/firmware": "05.10"}, **TV)
    assert online.briefs == ["DBIRTH p1-tv"]


def test_a_computer_that_says_something_new_of_itself_is_born_again(online: Any) -> None:
    online.wait(2000)
    online.poll(None, {"Properties/os": "Debian 13"}, **{"host/cpu_pct": 1.0})
    assert online.briefs[0] == "NBIRTH"
    assert value(online.said[0], "Properties/os") == "Debian 13"


# seq


@pytest.mark.tck(
    "topics-ndata-seq-num",
    "topics-ddata-seq-num",
    "topics-dbirth-seq",
    "topics-ddeath-seq-num",
    "payloads-sequence-num-always-included",
    "payloads-sequence-num-incrementing",
    "payloads-ndata-seq",
    "payloads-ndata-seq-inc",
    "payloads-ddata-seq",
    "payloads-ddata-seq-inc",
    "payloads-dbirth-seq",
    "payloads-dbirth-seq-inc",
    "payloads-ddeath-seq",
    "payloads-ddeath-seq-inc",
    "payloads-ddeath-seq-number",
    "message-flow-device-birth-publish-dbirth-payload-seq",
)
def test_seq_counts_every_message_and_wraps_after_255(node: Any) -> None:
    node.come_online()
    for number in range(130):
        node.report("p1-tv", **(LOST if number % 2 else TV))
        node.report(None, **{"host/cpu_pct": float(number)})
    assert {"NBIRTH", "DBIRTH p1-tv", "DDATA p1-tv", "DDEATH p1-tv", "NDATA"} <= set(node.briefs)
    assert [said.payload.seq for said in node.said] == [number % 256 for number in range(len(node.said))]
    assert len(node.said) > 300


@pytest.mark.tck("topics-ndeath-seq", "topics-ndeath-payload", "payloads-ndeath-seq")
def test_ndeath_has_no_seq_and_nothing_but_bdseq(online: Any) -> None:
    online.go(messages.Stopped())
    [death] = online.said
    assert death.payload.seq is None
    assert names(death) == {"bdSeq"}


# Devices that come and go


@pytest.mark.tck("operational-behavior-device-ddeath", "topics-ddeath-topic", "payloads-ddeath-timestamp")
def test_a_lost_device_reports_it_and_dies(online: Any) -> None:
    online.report("p1-tv", **TV)
    online.forget()
    online.report("p1-tv", **LOST)
    assert online.briefs == ["DDATA p1-tv", "DDEATH p1-tv"]
    death = online.said[1]
    assert str(death.topic) == "spBv1.0/cpm3/DDEATH/36010001/p1-tv"
    assert (death.payload.timestamp, death.payload.metrics) == (online.utc, ())


def test_a_device_that_answers_again_is_born_with_its_present_values_before_its_data(online: Any) -> None:
    online.report("p1-tv", **TV)
    online.report("p1-tv", **LOST)
    online.forget()
    online.report("p1-tv", **{**TV, "panel/temp_c": 30.0})
    assert online.briefs == ["DBIRTH p1-tv", "DDATA p1-tv"]
    assert value(online.said[0], "panel/temp_c") == 30.0


def test_an_unreachable_device_is_born_unreachable_and_without_values(online: Any) -> None:
    online.report("p1-tv", **TV)
    online.report("p1-tv", **LOST)
    online.wait(2000)
    online.forget()
    online.go(messages.RebirthAsked())
    birth = online.said[1]
    assert value(birth, "device/reachable") is False
    assert (value(birth, "power/on"), value(birth, "Properties/kind")) == (None, "tv")


def test_a_device_that_never_answered_dies_when_that_is_known(online: Any) -> None:
    online.report("p1-receiver", **LOST)
    assert online.briefs == ["DDATA p1-receiver", "DDEATH p1-receiver"]


def test_a_device_that_was_born_unreachable_does_not_die_of_saying_so_again(online: Any) -> None:
    online.report("p1-tv", **LOST)
    online.wait(2000)
    online.go(messages.RebirthAsked())
    online.forget()
    online.report("p1-tv", **LOST)
    assert online.briefs == ["DDATA p1-tv"]


def test_history_of_a_dead_device_follows_its_birth(make_node: Any) -> None:
    node = make_node()
    node.report("p1-tv", **TV)
    node.come_online()
    node.wait(1000)
    node.report("p1-tv", **LOST)
    node.forget()
    node.go(messages.ReplayAsked(1, 1))
    node.pump()
    assert node.briefs == ["DBIRTH p1-tv", "DDATA p1-tv"]
    assert value(node.said[0], "device/reachable") is False


# History


def test_history_has_its_old_times_and_offsets_and_says_that_it_is_old(make_node: Any) -> None:
    node = make_node()
    node.report("p1-tv", **TV)
    read = node.utc
    node.wait(3_600_000)
    node.come_online()
    node.wait(1000)
    [data] = node.of_kind("DDATA")
    offset = next(metric for metric in data.payload.metrics if metric.value == 1 and metric.datatype is None)
    assert offset.is_historical
    assert all(metric.is_historical and metric.timestamp == read for metric in data.payload.metrics)
    assert data.payload.timestamp > read


def test_history_of_a_metric_that_is_no_longer_known_is_announced_first(online: Any) -> None:
    old = Kept(1, Entry("p1-tv", T0, (Metric("panel/hours", 7210, DataType.INT64, timestamp=T0),)))
    online.journal[1] = old
    online.go(messages.Committed((old,), 1))
    online.pump()
    assert online.briefs == ["DBIRTH p1-tv", "DDATA p1-tv"]
    assert online.said[0].metric("panel/hours").datatype is DataType.INT64
    assert value(online.said[0], "panel/hours") is None


def test_history_of_a_device_that_is_no_longer_there_is_announced_first(online: Any) -> None:
    old = Kept(1, Entry("p9-tv", T0, (Metric("panel/hours", 7210, DataType.INT64, timestamp=T0),)))
    online.go(messages.Committed((old,), 1))
    online.pump()
    assert online.briefs == ["DBIRTH p9-tv", "DDATA p9-tv"]
    assert names(online.said[0]) == {"device/reachable", "Journal/Offset", "panel/hours"}


def test_history_of_a_node_metric_that_is_no_longer_known_needs_all_births(online: Any) -> None:
    old = Kept(1, Entry(None, T0, (Metric("ups/charge_pct", 90.0, DataType.FLOAT, timestamp=T0),)))
    online.go(messages.Committed((old,), 1))
    online.pump()
    assert online.briefs == ["NBIRTH", "DBIRTH p1-tv", "DBIRTH p1-receiver", "NDATA"]
    assert [said.payload.seq for said in online.said] == [0, 1, 2, 3]


def test_a_poll_of_an_unknown_device_is_ignored(online: Any) -> None:
    online.go(messages.Polled(Poll("p9-tv", T0, {"power/on": True})))
    assert online.said == []


@pytest.mark.tck("topics-ndata-topic", "topics-ddata-topic", "intro-edge-node-id-chars", "intro-device-id-chars")
def test_data_goes_to_the_topics_of_node_and_device(online: Any) -> None:
    online.report("p1-tv", **TV)
    online.report(None, **{"host/cpu_pct": 50.0})
    assert [str(said.topic) for said in online.said if said.kind in ("NDATA", "DDATA")] == [
        "spBv1.0/cpm3/DDATA/36010001/p1-tv",
        "spBv1.0/cpm3/NDATA/36010001",
    ]


def test_every_data_message_carries_its_offset_first(online: Any) -> None:
    for device, readings in (("p1-tv", TV), (None, {"host/cpu_pct": 50.0}), ("p1-tv", {"panel/temp_c": 50.0})):
        online.report(device, **readings)
    data = [said for said in online.said if said.kind in ("NDATA", "DDATA")]
    assert [said.payload.metrics[0].value for said in data] == [1, 2, 3]
