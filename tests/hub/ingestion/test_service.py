"""Ingestion end to end, on a database: what is kept, acknowledged, asked for."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from hub.core.equipment import HOST, DeviceKey
from hub.core.reports import OURS
from hub.ingestion.arrivals import Arrival, Unlinked
from hub.ingestion.reasons import Reason
from wire.controls import JOURNAL_ACK, JOURNAL_OFFSET, REBIRTH, REPLAY_FROM, REPLAY_TO
from wire.metrics import DataType, Metric
from wire.payloads import encode

T0 = 1_790_000_000_000
EPOCH = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a001"


def test_a_report_is_stored_under_its_epoch_and_offset(hub, node):
    hub.hears(node.nbirth(), node.dbirth(), node.report(device="p1-tv", power__on=False))
    assert hub.offsets() == [(EPOCH, 1)]
    assert hub.row("device", key="p1-tv")["latest"]["power/on"] == [False, T0]


def test_a_birth_fills_the_latest_values(hub, node):
    hub.hears(node.nbirth(), node.dbirth())
    assert hub.row("device", key="p1-tv")["latest"]["panel/hours"] == [None, T0]
    assert hub.row("device", key=HOST)["latest"] == {"host/cpu_pct": [5.0, T0], "host/uptime_s": [77, T0]}


def test_births_are_reports_of_our_own(hub, node):
    hub.hears(node.nbirth(), node.dbirth(at=T0 + 7))
    assert hub.reports() == [
        (OURS, 1, HOST, T0, {"host/cpu_pct": 5.0, "host/uptime_s": 77, "node/online": True}),
        (OURS, 2, "p1-tv", T0 + 7, {"device/reachable": True, "power/on": True, "panel/hours": None}),
    ]


def test_a_device_that_is_born_answers_unless_it_says_otherwise(hub, node):
    silent = Metric("device/reachable", False, DataType.BOOLEAN)
    hub.hears(node.nbirth(), node.dbirth("p1-tv", T0, silent), node.dbirth("x", T0, Metric("a", 1, DataType.INT64)))
    told = {device: values for _, _, device, _, values in hub.reports()}
    assert (told["p1-tv"], told["x"]) == ({"device/reachable": False}, {"device/reachable": True, "a": 1})
    assert set(hub.row("device", key="x")["latest"]) == {"a"}


def test_values_of_a_birth_keep_their_own_times(hub, node):
    hub.hears(node.nbirth(T0, Metric("host/cpu_pct", 1.0, DataType.FLOAT, T0 - 500)))
    assert hub.row("device", key=HOST)["latest"] == {"host/cpu_pct": [1.0, T0 - 500]}
    assert hub.row("node", name=node.name)["heard_at"] == T0


def test_deaths_are_reports_of_our_own(hub, node):
    hub.hears(node.nbirth(), node.dbirth())
    hub.hears(replace(node.ddeath(at=T0 + 5_000), at=T0 + 9_000), node.ndeath(T0 + 10_000))
    assert hub.reports()[2:] == [
        (OURS, 3, "p1-tv", T0 + 5_000, {"device/reachable": False}),
        (OURS, 4, HOST, T0 + 10_000, {"node/online": False}),
    ]


def test_a_node_that_dies_unheard_is_reported_dead_once(hub, node):
    hub.hears(node.nbirth())
    hub.restart()
    hub.hears(now=T0 + 121_000)
    hub.hears(node.ndeath(T0 + 200_000), now=T0 + 200_000)
    assert [(t, values) for *_, t, values in hub.reports()][1:] == [(T0 + 121_000, {"node/online": False})]


def test_our_own_reports_are_neither_missing_nor_acknowledged(hub, node, told):
    commands = [*hub.hears(node.nbirth(), node.dbirth()), *hub.hears(now=T0 + 600_000)]
    assert (told(commands, JOURNAL_ACK), told(commands, REPLAY_FROM)) == ([], [])
    assert hub.count("lost") == 0


def test_a_new_journal_does_not_give_up_our_own(hub, node):
    hub.hears(node.nbirth())
    hub.restart()
    node.epoch = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a002"
    hub.hears(node.nbirth(), node.dbirth())
    assert (hub.count("lost"), hub.row("epoch", ours=True)["newest"]) == (0, 3)


def test_no_node_can_say_what_the_hub_says_of_it(hub, node):
    hub.hears(node.nbirth(T0, Metric("node/online", False, DataType.BOOLEAN)), node.report(1, node__online=False))
    assert [values for *_, values in hub.reports()] == [{}, {"node/online": True}]


def test_the_same_report_twice_is_stored_once(hub, node):
    hub.hears(node.nbirth(), node.report(host__cpu_pct=7.0))
    hub.hears(node.history(1, host__cpu_pct=7.0))
    assert hub.offsets() == [(EPOCH, 1)]
    assert hub.counters.duplicates._value.get() == 1


def test_what_is_committed_is_acknowledged(hub, node, told):
    commands = hub.hears(node.nbirth(), node.report(host__cpu_pct=7.0), node.report(host__cpu_pct=8.0))
    assert told(commands, JOURNAL_ACK) == [2]


def test_acknowledgements_keep_their_distance(hub, node, told):
    hub.hears(node.nbirth(), node.report(host__cpu_pct=7.0))
    assert told(hub.hears(node.report(host__cpu_pct=8.0), now=T0 + 1_000), JOURNAL_ACK) == []
    assert told(hub.hears(now=T0 + 60_000), JOURNAL_ACK) == [2]


def test_only_what_nothing_is_missing_below_is_acknowledged(hub, node, told):
    commands = hub.hears(node.nbirth(), node.report(1, host__cpu_pct=7.0), node.report(3, host__cpu_pct=7.0))
    assert told(commands, JOURNAL_ACK) == [1]


def test_a_hole_that_stays_is_asked_for(hub, node, told):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=7.0), node.report(5, host__cpu_pct=7.0))
    hub.hears(now=T0 + 1_000)
    commands = hub.hears(now=T0 + 60_000)
    assert (told(commands, REPLAY_FROM), told(commands, REPLAY_TO)) == ([2], [4])


def test_a_closed_hole_is_acknowledged_when_the_minute_is_over(hub, node, told):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=7.0), node.report(3, host__cpu_pct=7.0))
    assert told(hub.hears(node.history(2, host__cpu_pct=7.0), now=T0 + 2_000), JOURNAL_ACK) == []
    assert told(hub.hears(now=T0 + 59_999), JOURNAL_ACK) == []
    assert told(hub.hears(now=T0 + 60_000), JOURNAL_ACK) == [3]


def test_births_do_not_hasten_acknowledgements(hub, node, told):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=7.0))
    node.newest = 3
    hub.hears(node.nbirth(), node.history(2, host__cpu_pct=7.0), node.history(3, host__cpu_pct=7.0), now=T0 + 2_000)
    assert told(hub.hears(node.nbirth(), now=T0 + 59_999), JOURNAL_ACK) == []
    assert told(hub.hears(now=T0 + 60_000), JOURNAL_ACK) == [3]


def test_data_before_birth_asks_for_a_rebirth(hub, node, told):
    node.nbirth()
    assert told(hub.hears(node.report(host__cpu_pct=7.0)), REBIRTH) == [True]
    assert hub.rejected(Reason.BEFORE_BIRTH) == 1


@pytest.mark.tck(
    "operational-behavior-edge-node-termination-host-action-ndeath-node-offline",
    "operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale",
    "operational-behavior-edge-node-termination-host-action-ndeath-devices-offline",
    "operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale",
)
def test_a_node_s_death_makes_all_of_it_stale_by_the_hub_s_clock(hub, node):
    hub.hears(node.nbirth(), node.dbirth("p1-tv"), node.dbirth("p2-tv"))
    hub.hears(node.ndeath(T0 + 5_000))
    row = hub.row("node", name=node.name)
    assert (row["online"], row["status_since"]) == (False, T0 + 5_000)
    for key in (HOST, "p1-tv", "p2-tv"):
        device = hub.row("device", key=key)
        assert (device["stale"], device["stale_since"]) == (True, T0 + 5_000)
        assert device["latest"]


@pytest.mark.tck(
    "operational-behavior-edge-node-termination-host-action-ddeath-devices-offline",
    "operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale",
)
def test_a_device_s_death_makes_it_alone_stale_at_the_time_that_it_names(hub, node):
    hub.hears(node.nbirth(), node.dbirth("p1-tv"), node.dbirth("p2-tv"))
    death = replace(node.ddeath("p1-tv", T0 + 5_000), at=T0 + 9_000)
    hub.hears(death)
    device = hub.row("device", key="p1-tv")
    assert (device["stale"], device["stale_since"]) == (True, T0 + 5_000)
    assert not hub.row("device", key="p2-tv")["stale"]
    assert hub.row("node", name=node.name)["online"]


def test_a_device_that_is_born_again_is_fresh(hub, node):
    hub.hears(node.nbirth(), node.dbirth(), node.ddeath())
    hub.hears(node.dbirth())
    device = hub.row("device", key="p1-tv")
    assert (device["stale"], device["stale_since"]) == (False, None)


def test_a_device_that_a_new_session_does_not_announce_stays_stale(hub, node):
    hub.hears(node.nbirth(), node.dbirth("p1-tv"), node.dbirth("p2-tv"))
    hub.hears(node.nbirth(T0 + 1_000), node.dbirth("p1-tv", T0 + 1_000))
    assert not hub.row("device", key="p1-tv")["stale"]
    assert hub.row("device", key="p2-tv")["stale"]


def test_the_death_of_a_node_that_nobody_knows_leaves_no_row(hub, node):
    hub.hears(node.ndeath())
    assert hub.count("node") == 0


def test_a_rebirth_does_not_change_since_when_a_node_is_online(hub, node):
    hub.hears(node.nbirth(T0))
    hub.hears(node.nbirth(T0 + 9_000))
    assert hub.row("node", name=node.name)["status_since"] == T0


def test_properties_and_kind_come_from_the_birth(hub, node):
    hub.hears(node.nbirth(T0, Metric("Properties/os", "Linux", DataType.STRING)), node.dbirth())
    assert hub.row("node", name=node.name)["properties"] == {"os": "Linux"}
    device = hub.row("device", key="p1-tv")
    assert (device["kind"], device["room"], device["properties"]["kind"]) == ("tv", "p1", "tv")


def test_a_kind_that_nobody_knows_is_other(hub, node):
    hub.hears(node.nbirth(), node.dbirth("x", T0, Metric("Properties/kind", "toaster", DataType.STRING)))
    assert hub.row("device", key="x")["kind"] == "other"


def test_bookkeeping_is_no_value(hub, node):
    hub.hears(node.nbirth(), node.report(host__cpu_pct=3.0))
    assert set(hub.row("device", key=HOST)["latest"]) == {"host/cpu_pct", "host/uptime_s"}


def test_history_does_not_replace_what_is_newer(hub, node):
    hub.hears(node.nbirth(), node.report(2, T0 + 2_000, host__cpu_pct=2.0))
    hub.hears(node.history(1, T0 + 1_000, host__cpu_pct=1.0))
    assert hub.row("device", key=HOST)["latest"]["host/cpu_pct"] == [2.0, T0 + 2_000]
    assert len(hub.offsets()) == 2


def test_live_values_count_although_the_node_s_clock_went_back(hub, node):
    hub.hears(node.nbirth(T0), node.report(1, T0 - 60_000, host__cpu_pct=9.0))
    assert hub.row("device", key=HOST)["latest"]["host/cpu_pct"] == [9.0, T0 - 60_000]


def test_a_null_in_data_is_kept_as_null(hub, node):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=None))
    assert hub.row("device", key=HOST)["latest"]["host/cpu_pct"] == [None, T0]


def test_what_a_journal_dropped_is_recorded_as_lost_and_acknowledged(hub, node, told):
    node.oldest, node.newest = 11, 20
    commands = hub.hears(node.nbirth())
    assert hub.row("lost")["first"] == 1
    assert hub.row("lost")["last"] == 10
    assert told(commands, JOURNAL_ACK) == [10]
    assert hub.counters.lost._value.get() == 10


def test_what_was_lost_and_comes_all_the_same_is_not_lost(hub, node):
    node.oldest, node.newest = 11, 20
    hub.hears(node.nbirth(), node.history(4, host__cpu_pct=1.0))
    with hub.engine.connect() as connection:
        lost = connection.exec_driver_sql("SELECT first, last FROM lost ORDER BY first").all()
    assert [tuple(row) for row in lost] == [(1, 3), (5, 10)]


def test_a_new_journal_gives_up_what_the_old_one_held(hub, node, told):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=1.0), node.report(4, host__cpu_pct=1.0))
    node.epoch, node.newest = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a002", 0
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=1.0))
    assert [(first, last) for first, last in [(hub.row("lost")["first"], hub.row("lost")["last"])]] == [(2, 3)]
    assert len(hub.offsets()) == 3
    assert told(hub.hears(now=T0 + 300_000), REPLAY_FROM) == []


def losses(hub):
    with hub.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT first, last, reason FROM lost ORDER BY epoch_id, first").all()
    return [tuple(row) for row in rows]


def test_what_a_node_lists_as_lost_is_lost_for_its_reason_and_not_asked_for(hub, node, told):
    node.oldest, node.newest, node.lost = 4, 20, f"{EPOCH} 6 9 damaged;{EPOCH} 10 11 disk_full;{EPOCH} 2 2 damaged"
    hub.hears(node.nbirth(), *(node.history(each, host__cpu_pct=1.0) for each in (4, 5, *range(12, 21))))
    assert losses(hub) == [
        (1, 1, "dropped"),
        (2, 2, "damaged"),
        (3, 3, "dropped"),
        (6, 9, "damaged"),
        (10, 11, "disk_full"),
    ]
    assert told(hub.hears(now=T0 + 300_000), REPLAY_FROM) == []


def test_what_a_node_lists_as_lost_and_the_hub_has_is_not_lost(hub, node):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=1.0), node.report(2, host__cpu_pct=1.0))
    node.lost = f"{EPOCH} 1 3 damaged"
    hub.hears(node.nbirth())
    assert losses(hub) == [(3, 3, "damaged")]


def test_losses_outlive_a_restart_and_the_next_birth(hub, node):
    node.newest, node.lost = 9, f"{EPOCH} 6 9 damaged"
    hub.hears(node.nbirth())
    hub.restart()
    hub.hears(node.nbirth(), node.history(7, host__cpu_pct=1.0))
    assert losses(hub) == [(6, 6, "damaged"), (8, 9, "damaged")]


def test_of_an_earlier_journal_it_is_known_how_far_it_went(hub, node):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=1.0), node.report(4, host__cpu_pct=1.0))
    node.epoch, node.newest, node.lost = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a002", 0, f"{EPOCH} 1 90 damaged"
    hub.hears(node.nbirth())
    assert losses(hub) == [(2, 3, "damaged"), (5, 90, "damaged")]
    assert hub.row("epoch", uuid=EPOCH)["newest"] == 90


def test_a_list_of_losses_that_makes_no_sense_is_counted_and_the_birth_holds(hub, node):
    node.newest, node.lost = 3, "rubbish"
    hub.hears(node.nbirth())
    assert (hub.count("lost"), hub.row("epoch", uuid=EPOCH)["newest"]) == (0, 3)


def test_a_journal_that_comes_back_is_asked_for_what_was_given_up(hub, node, told):
    first, node.newest = node.epoch, 0
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=1.0), node.report(4, host__cpu_pct=1.0))
    node.epoch = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a002"
    node.newest = 0
    hub.hears(node.nbirth())
    node.epoch, node.newest = first, 4
    hub.hears(node.nbirth())
    assert hub.count("lost") == 0
    assert told(hub.hears(now=T0 + 60_000), REPLAY_FROM) == [2]


def test_a_hub_restored_from_an_old_backup_asks_for_the_difference(hub, node, told):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=1.0), node.report(2, host__cpu_pct=1.0))
    hub.restart()
    node.newest = 90
    hub.hears(node.nbirth())
    commands = hub.hears(now=T0 + 60_000)
    assert (told(commands, REPLAY_FROM), told(commands, REPLAY_TO)) == ([3], [90])


def test_two_agents_of_a_school_have_journals_of_their_own(hub, new_node):
    one, other = new_node("36030001"), new_node("36030001-2")
    hub.hears(one.nbirth(), other.nbirth(), one.report(host__cpu_pct=1.0), other.report(host__cpu_pct=1.0))
    assert hub.offsets(one) == hub.offsets(other) == [(EPOCH, 1)]
    assert hub.row("node", name="36030001-2")["school"] == "36030001"


def test_reports_of_a_node_without_a_journal_are_numbered_by_arrival(hub, new_node, told):
    node = new_node(epoch=None)
    commands = hub.hears(node.nbirth(), node.report(host__cpu_pct=1.0), node.report(host__cpu_pct=1.0))
    assert hub.offsets() == [(OURS, 2), (OURS, 3)]
    assert hub.row("epoch")["ours"]
    assert commands == []


def test_history_that_a_node_without_a_journal_sends_twice_is_stored_once(hub, new_node):
    node = new_node(epoch=None)
    hub.hears(
        node.nbirth(), node.history(None, T0 + 1, host__cpu_pct=1.0), node.history(None, T0 + 1, host__cpu_pct=1.0)
    )
    hub.hears(node.history(None, T0 + 1, host__cpu_pct=1.0), node.history(None, T0 + 1, host__cpu_pct=2.0))
    assert hub.offsets() == [(OURS, 2), (OURS, 3)]


def test_several_values_of_one_metric_in_a_message_are_several_reports(hub, new_node):
    node = new_node(epoch=None)
    hub.hears(node.nbirth())
    alias = node.aliases[None, "host/cpu_pct"]
    metrics = [Metric(None, float(number), DataType.FLOAT, T0 + number, alias, True) for number in range(3)]
    hub.hears(Arrival("spBv1.0/dltv/NDATA/36030001", encode(metrics, timestamp=T0, seq=1, datatypes=False), T0))
    assert len(hub.offsets()) == 3


def test_a_report_with_a_metric_that_no_birth_announced_waits_for_its_replay(hub, node, told):
    hub.hears(node.nbirth())
    node.aliases[None, "host/load1"] = 99
    assert told(hub.hears(node.report(1, host__load1=1.0)), REBIRTH) == [True]
    assert hub.offsets() == []
    load = Metric("host/load1", 0.5, DataType.FLOAT)
    hub.hears(node.nbirth(T0, load), node.history(1, host__load1=1.0))
    assert hub.offsets() == [(EPOCH, 1)]


def test_what_births_do_not_announce_although_asked_is_left_out_and_the_rest_is_kept(hub, node, told):
    hub.hears(node.nbirth())
    node.aliases[None, "host/load1"] = 99
    assert told(hub.hears(node.report(1, host__load1=1.0, host__cpu_pct=3.0)), REBIRTH) == [True]
    hub.hears(node.nbirth())
    node.aliases[None, "host/load1"] = 99
    commands = hub.hears(
        node.history(1, host__load1=1.0, host__cpu_pct=3.0), node.report(2, host__load1=2.0, host__cpu_pct=4.0)
    )
    assert hub.offsets() == [(EPOCH, 1), (EPOCH, 2)]
    assert told(commands, JOURNAL_ACK) == [2]
    assert [values for epoch, *_, values in hub.reports() if epoch == EPOCH] == [
        {"host/cpu_pct": 3.0},
        {"host/cpu_pct": 4.0},
    ]
    assert hub.rejected(Reason.UNKNOWN_ALIAS) == 3


def test_a_metric_that_no_birth_announces_makes_no_storm_of_rebirths(hub, new_node, told):
    node = new_node(epoch=None)
    hub.hears(node.nbirth())
    asked = []
    for minute in range(10):
        now = T0 + minute * 60_000
        node.aliases[None, "x"] = 99
        if told(hub.hears(node.report(x=1.0, host__cpu_pct=float(minute)), now=now), REBIRTH):
            asked.append(minute)
            hub.hears(node.nbirth(now), now=now)
    assert asked == [0]
    assert hub.row("device", key=HOST)["latest"]["host/cpu_pct"][0] == 9.0


def test_a_wrong_type_after_a_birth_asks_for_one_rebirth(hub, node, told):
    hub.hears(node.nbirth())
    commands = hub.hears(node.report(1, host__cpu_pct="warm", host__uptime_s=5))
    assert (told(commands, REBIRTH), hub.rejected(Reason.WRONG_TYPE)) == ([True], 1)
    hub.hears(node.nbirth())
    for number in range(2, 5):
        commands = hub.hears(node.report(number, host__cpu_pct="warm"), now=T0 + number * 600_000)
        assert told(commands, REBIRTH) == []
    assert [offset for _, offset in hub.offsets()] == [1, 2, 3, 4]


def test_a_whole_number_in_the_place_of_a_float_is_of_the_wrong_type(hub, node):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=7))
    assert hub.rejected(Reason.WRONG_TYPE) == 1
    assert hub.row("device", key=HOST)["latest"]["host/cpu_pct"] == [5.0, T0]


def test_a_negative_number_in_an_unsigned_field_is_of_the_wrong_type(hub, node):
    hub.hears(node.nbirth(T0, Metric("agent/rss_bytes", (1 << 64) - 5, DataType.UINT64)))
    assert hub.rejected(Reason.WRONG_TYPE) == 1
    assert hub.row("device", key=HOST)["latest"] == {}


def test_a_birth_without_bdseq_is_taken_and_counted(hub, node):
    metrics = [Metric("host/cpu_pct", 5.0, DataType.FLOAT, T0)]
    hub.hears(Arrival("spBv1.0/dltv/NBIRTH/36030001", encode(metrics, timestamp=T0, seq=0), T0))
    assert hub.rejected(Reason.NO_BDSEQ) == 1
    assert hub.row("node", name=node.name)["online"]


def test_an_absurd_offset_is_refused_until_a_birth_names_it(hub, node, told):
    hub.hears(node.nbirth())
    assert told(hub.hears(node.report(1_000_000_000, host__cpu_pct=1.0)), REBIRTH) == [True]
    assert (hub.offsets(), hub.rejected(Reason.OFFSET)) == ([], 1)
    assert told(hub.hears(now=T0 + 600_000), REPLAY_FROM) == []
    node.oldest = node.newest = 1_000_000_000
    hub.hears(node.nbirth(), node.history(1_000_000_000, host__cpu_pct=1.0))
    assert hub.offsets() == [(EPOCH, 1_000_000_000)]


def test_acknowledgements_keep_their_distance_over_a_restart(hub, node, told):
    assert told(hub.hears(node.nbirth(), node.report(host__cpu_pct=7.0)), JOURNAL_ACK) == [1]
    hub.restart(T0 + 1_000)
    commands = hub.hears(node.nbirth(), node.report(host__cpu_pct=8.0), now=T0 + 1_000)
    assert told(commands, JOURNAL_ACK) == []
    assert told(hub.hears(now=T0 + 61_000), JOURNAL_ACK) == [2]


def test_history_of_equipment_that_is_there_no_more_names_itself(hub, node):
    hub.hears(node.nbirth())
    metrics = [
        Metric("power/on", True, DataType.BOOLEAN, T0, is_historical=True),
        Metric(JOURNAL_OFFSET, 1, DataType.UINT64, T0, is_historical=True),
    ]
    hub.hears(Arrival("spBv1.0/dltv/DDATA/36030001/gone", encode(metrics, timestamp=T0, seq=1), T0))
    assert hub.offsets() == [(EPOCH, 1)]


def test_an_unanswered_replay_asks_for_a_birth_that_tells_what_is_left(hub, node, told):
    hub.hears(node.nbirth(), node.report(5, host__cpu_pct=1.0))
    asked = [
        name
        for second in range(0, 400, 5)
        for name in (REPLAY_FROM, REBIRTH)
        if told(hub.hears(now=T0 + second * 1000), name)
    ]
    assert asked[:4] == [REPLAY_FROM, REPLAY_FROM, REPLAY_FROM, REBIRTH]
    node.oldest = 5
    assert told(hub.hears(node.nbirth()), JOURNAL_ACK) == [5]


def test_after_a_restart_nodes_that_say_nothing_are_asked_and_then_count_as_offline(hub, node, told):
    hub.hears(node.nbirth(), node.dbirth())
    hub.restart()
    row = hub.row("node", name=node.name)
    assert (row["online"], row["unseen_since"]) == (True, T0)
    assert told(hub.hears(now=T0 + 6_000), REBIRTH) == [True]
    hub.hears(now=T0 + 121_000)
    row = hub.row("node", name=node.name)
    assert (row["online"], row["status_since"]) == (False, T0 + 121_000)


def test_a_lost_link_makes_every_node_unseen_and_nothing_is_sent_there(hub, node):
    hub.hears(node.nbirth(), node.dbirth())
    assert hub.hears(Unlinked(("dltv",), T0 + 1_000), now=T0 + 1_000) == []
    row = hub.row("node", name=node.name)
    assert (row["online"], row["unseen_since"]) == (True, T0 + 1_000)
    assert hub.hears(now=T0 + 600_000) == []


def test_a_node_is_unseen_since_the_first_loss_and_seen_again_with_its_birth(hub, node):
    hub.hears(node.nbirth(), node.dbirth())
    hub.hears(Unlinked(("dltv",), T0 + 1_000), now=T0 + 1_000)
    hub.restart(T0 + 9_000)
    assert hub.row("node", name=node.name)["unseen_since"] == T0 + 1_000
    hub.hears(node.nbirth(T0 + 10_000))
    assert hub.row("node", name=node.name)["unseen_since"] is None
    assert hub.row("device", key="p1-tv")["stale"]
    hub.hears(node.dbirth("p1-tv", T0 + 10_000))
    assert not hub.row("device", key="p1-tv")["stale"]


def test_a_birth_that_says_what_is_known_writes_the_newest_values_only(hub, node):
    """Who writes all of a country's devices anew with each start of a hub takes minutes for it."""
    hub.hears(node.nbirth(), node.dbirth())
    hub.hears(Unlinked(("dltv",), T0 + 1_000), now=T0 + 1_000)
    written: list[str] = []
    event.listen(hub.engine, "before_cursor_execute", lambda *told: written.append(told[2]))
    hub.hears(node.nbirth(T0 + 10_000), node.dbirth("p1-tv", T0 + 10_000))
    of_devices = [each for each in written if each.startswith("UPDATE device")]
    assert len(of_devices) == 1
    assert "latest" in of_devices[0]
    assert "properties" not in of_devices[0]


def test_a_wave_of_rebirths_is_spread(new_hub, new_node, told):
    hub = new_hub(rebirths_at_once=5)
    nodes = [new_node(f"n{number}") for number in range(12)]
    for each in nodes:
        each.nbirth()
    first = told(hub.hears(*(each.report(1, host__cpu_pct=1.0) for each in nodes)), REBIRTH)
    assert len(first) == 5
    assert len(told(hub.hears(now=T0 + 250), REBIRTH)) == 5
    assert len(told(hub.hears(now=T0 + 500), REBIRTH)) == 2


def test_what_an_inventory_knows_stands_beside_what_a_device_says(hub, node):
    hub.fleet.register = {DeviceKey(node.key, "p1-tv"): {"dish": "d1"}}
    hub.hears(node.nbirth(), node.dbirth())
    assert hub.row("device", key="p1-tv")["properties"]["dish"] == "d1"


def test_the_newest_event_time_is_remembered(hub, node):
    hub.hears(
        node.nbirth(T0), node.report(1, T0 + 4_000, host__cpu_pct=1.0), node.history(2, T0 + 1_000, host__cpu_pct=1.0)
    )
    assert hub.row("node", name=node.name)["heard_at"] == T0 + 4_000


def test_a_hub_whose_clock_was_set_back_acknowledges_all_the_same(hub, node, told):
    hub.hears(node.nbirth(), node.report(host__cpu_pct=1.0), now=T0 + 9_000_000)
    assert told(hub.hears(node.report(host__cpu_pct=1.0), now=T0), JOURNAL_ACK) == [2]


def test_nobody_is_missed_while_messages_wait_that_nobody_has_looked_at(new_hub, node, new_node, told):
    hub, other, late = new_hub(batch=1), new_node("36030002"), T0 + 10_000
    hub.hears(node.nbirth(), node.dbirth())
    hub.restart()
    # The birth that is missed may stand behind this one.
    assert told(hub.hears(other.nbirth(late), now=late), REBIRTH) == []
    assert told(hub.hears(now=late + 1000), REBIRTH) == [True]


def test_no_report_is_asked_for_while_messages_wait_that_nobody_has_looked_at(new_hub, node, told):
    hub, grace = new_hub(batch=2), 3_000
    hub.hears(node.nbirth(), node.report(5, host__cpu_pct=1.0))
    for second in range(60):
        # What is missing may stand behind these two.
        two = (node.report(10 + 2 * second, host__cpu_pct=1.0), node.report(11 + 2 * second, host__cpu_pct=1.0))
        assert told(hub.hears(*two, now=T0 + second * 1000), REPLAY_FROM) == []
    assert told(hub.hears(now=T0 + 59_000 + grace), REPLAY_FROM) == []
    assert told(hub.hears(now=T0 + 59_000 + 2 * grace), REPLAY_FROM) == [1]
