"""Messages of a recording: they come understood, without aliases, and often without births."""

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.ingestion.messages import Message
from hub.ingestion.reasons import Reason
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, Payload
from wire.topics import MessageType

T0 = 1_790_000_000_000
NODE = NodeKey("dltv", "36030001")
LOCK = Metric("signal/lock", True, DataType.BOOLEAN, T0)


def message(kind: MessageType, *metrics: Metric, device: str | None = None, seq: int | None = 0) -> Message:
    report = None
    if kind is MessageType.DDATA:
        samples = {str(metric.name): Sample(metric.value, DataType.BOOLEAN) for metric in metrics}
        report, metrics = Report(DeviceKey(NODE, device or ""), "", 0, T0, samples), ()
    return Message(NODE, kind, device, Payload(metrics, T0, seq), T0, plain=True, report=report)


BORN = message(MessageType.NBIRTH, Metric(BDSEQ, 0, DataType.INT64, T0))


def test_what_no_birth_announced_is_taken_all_the_same(hub):
    hub.hears(BORN, message(MessageType.DDATA, LOCK, device="p1-receiver", seq=1))
    assert hub.row("device", key="p1-receiver")["latest"]["signal/lock"] == [True, T0]
    assert not hub.rejected(Reason.BEFORE_BIRTH)


def test_a_device_may_die_that_was_never_born(hub):
    hub.hears(BORN, message(MessageType.DDEATH, device="p1-receiver", seq=1))
    assert not hub.rejected(Reason.BEFORE_BIRTH)


def test_without_a_session_even_a_recording_is_refused(hub):
    hub.hears(message(MessageType.DDATA, LOCK, device="p1-receiver", seq=1))
    assert hub.rejected(Reason.BEFORE_BIRTH) == 1


def test_a_session_that_is_remembered_goes_on_where_it_was(hub):
    hub.restart()
    hub.service.remember([BORN, message(MessageType.DDATA, LOCK, device="p1-receiver", seq=1)])
    assert hub.service.waiting == 0
    hub.hears(message(MessageType.DDATA, LOCK, device="p1-receiver", seq=2))
    assert hub.row("device", key="p1-receiver")["latest"]["signal/lock"] == [True, T0]
