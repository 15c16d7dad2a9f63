"""DATA as it usually comes, understood in one pass: values of a journaled report, told by the aliases of its device's birth.

Whatever is otherwise with a message, it goes the long way (stages.py), which knows what to make of it.
"""

from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from hub.core.equipment import HOST, DeviceKey
from hub.core.reports import Report, Sample
from hub.ingestion.claims import LEAP_AT_MOST, is_offset
from hub.ingestion.facts import ReportMade
from hub.ingestion.messages import Message
from hub.ingestion.samples import AHEAD_AT_MOST, EARLIEST, LARGEST, MAX_METRICS, MAX_NAME, MAX_TEXT
from hub.ingestion.tracker import Session
from wire.aliases import Reading
from wire.controls import JOURNAL_OFFSET
from wire.metrics import Value
from wire.payloads import BDSEQ

BOOKKEEPING = ("Node Control/", "Device Control/", "Journal/", "node/")
"""What is no value of equipment; `node/` is what the hub says itself."""
_new = tuple.__new__


class _Told(NamedTuple):
    """What the values of a report come to."""

    samples: dict[str, Sample]
    moment: int
    offset: Value
    historical: bool


def as_usual(message: Message, session: Session) -> ReportMade | None:
    """The report, or None where anything about it is unusual; the session is then as it was."""
    if message.payload.unread is None or session.epoch is None:
        return None
    readings = session.aliases.read(message.device, message.payload.unread)
    told = None if readings is None or len(readings) > MAX_METRICS else _told(readings)
    if told is None or not EARLIEST <= told.moment <= message.at + AHEAD_AT_MOST:
        return None
    offset = told.offset
    if not isinstance(offset, int) or not is_offset(offset) or offset > session.newest + LEAP_AT_MOST:
        return None
    if not _is_known(message.device, session, historical=told.historical):
        return None
    session.newest = max(session.newest, offset)
    device = DeviceKey(message.node, message.device or HOST)
    return ReportMade(Report(device, session.epoch, offset, told.moment, told.samples), told.historical, message.at)


def _told(readings: list[Reading]) -> _Told | None:
    """All values have the same time, each metric is there once, and so is the report's offset."""
    offset: Value = None
    moments, historical = set(), False
    samples: dict[str, Sample] = {}
    for name, value, datatype, t, late in readings:
        historical |= late
        if name == JOURNAL_OFFSET:
            offset = value
        elif _is_kept(name) and _is_sound(value):
            moments.add(t)
            samples[name] = _new(Sample, (value, datatype, None))
        else:
            return None
    if len(moments) != 1 or len(samples) != len(readings) - 1:
        return None
    return _Told(samples, moments.pop(), offset, historical)


def _is_known(device: str | None, session: Session, *, historical: bool) -> bool:
    """History may tell of equipment that is there no more."""
    return device is None or device in session.devices or historical


@lru_cache(maxsize=10_000)
def _is_kept(name: str) -> bool:
    return not name.startswith(BOOKKEEPING) and name != BDSEQ and len(name) <= MAX_NAME and "\0" not in name


def _is_sound(value: Value) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and "\0" not in value
    return value is None or value <= LARGEST
