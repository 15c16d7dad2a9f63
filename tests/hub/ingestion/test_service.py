"""Ingestion end to end, on a database: what is kept, acknowledged, asked for."""

from hub.core.equipment import HOST
from hub.ingestion.reasons import Reason
from wire.controls import JOURNAL_ACK, REBIRTH, REPLAY_FROM, REPLAY_TO

T0 = 1_790_000_000_000
EPOCH = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a001"


def test_a_report_is_stored_under_its_epoch_and_offset(hub, node):
    hub.hears(node.nbirth(), node.dbirth(), node.report(device="p1-tv", power__on=False))
    assert hub.offsets() == [(EPOCH, 1)]
    assert hub.row("device", key="p1-tv")["latest"]["power/on"] == [False, T0]


def test_a_birth_fills_the_latest_values_and_is_no_report(hub, node):
    hub.hears(node.nbirth(), node.dbirth())
    assert hub.count("report") == 0
    assert hub.row("device", key="p1-tv")["latest"]["panel/hours"] == [None, T0]
    assert hub.row("device", key=HOST)["latest"]["host/uptime_s"] == [77, T0]


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


def test_a_closed_hole_is_acknowledged_soon(hub, node, told):
    hub.hears(node.nbirth(), node.report(1, host__cpu_pct=7.0), node.report(3, host__cpu_pct=7.0))
    assert told(hub.hears(node.history(2, host__cpu_pct=7.0), now=T0 + 2_000), JOURNAL_ACK) == [3]


def test_data_before_birth_asks_for_a_rebirth(hub, node, told):
    node.nbirth()
    assert told(hub.hears(node.report(host__cpu_pct=7.0)), REBIRTH) == [True]
    assert hub.rejected(Reason.BEFORE_BIRTH) == 1
