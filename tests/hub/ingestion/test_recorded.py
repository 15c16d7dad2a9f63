"""What recordings tell: it comes understood, without aliases, and often without births of devices."""

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.ingestion.facts import ReportMade
from hub.ingestion.messages import Message
from hub.ingestion.reasons import Reason
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, Payload
from wire.topics import MessageType

T0 = 1_790_000_000_000
NODE = NodeKey("dltv", "36030001")


def message(kind: MessageType, *metrics: Metric, device: str | None = None, seq: int | None = 0) -> Message:
    return Message(NODE, kind, device, Payload(metrics, T0, seq), T0, plain=True)


BORN = message(MessageType.NBIRTH, Metric(BDSEQ, 0, DataType.INT64, T0))
DIED = message(MessageType.DDEATH, device="p1-receiver", seq=1)
LOCKED = ReportMade(
    Report(DeviceKey(NODE, "p1-receiver"), "", 0, T0, {"signal/lock": Sample(True, DataType.BOOLEAN)}),
    historical=False,
    at=T0,
)


def test_what_no_birth_announced_is_taken_all_the_same(hub):
    hub.hears(BORN, LOCKED)
    assert hub.row("device", key="p1-receiver")["latest"]["signal/lock"] == [True, T0]
    assert not hub.rejected(Reason.BEFORE_BIRTH)


def test_a_device_may_die_that_was_never_born(hub):
    hub.hears(BORN, DIED)
    assert not hub.rejected(Reason.BEFORE_BIRTH)


def test_data_counts_for_no_sequence(hub):
    hub.hears(BORN, LOCKED, DIED)
    assert hub.row("device", key="p1-receiver")["stale"]


def test_without_a_session_even_a_recording_is_refused(hub):
    hub.hears(DIED)
    assert hub.rejected(Reason.BEFORE_BIRTH) == 1


def test_a_session_that_is_remembered_goes_on_where_it_was(hub):
    hub.restart()
    hub.service.remember([BORN, LOCKED])
    assert hub.service.waiting == 0
    hub.hears(LOCKED, DIED)
    assert hub.row("device", key="p1-receiver")["stale"]
