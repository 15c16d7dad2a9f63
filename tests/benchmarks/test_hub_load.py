"""What the schools of the benchmark of the hub say is read as any report is."""

import socket
import struct
from contextlib import ExitStack
from math import isfinite

from benchmarks.hub_load import NOW, RECEIVERS, School, speak
from wire.aliases import AliasTable
from wire.controls import JOURNAL_OFFSET
from wire.payloads import Payload, decode

_T = b"\xc8\xb0\xc8\xa6\x98\x33"
_MOMENT = sum((each & 0x7F) << (7 * at) for at, each in enumerate(_T))


def test_a_report_is_twelve_values_by_the_aliases_of_the_birth_and_its_offset() -> None:
    school, aliases = School(7), AliasTable()
    for device, birth in zip(_devices(), school.births(_MOMENT), strict=True):
        aliases.announce(device, _payload(birth).metrics)
    for at, device in enumerate(_devices()):
        payload = _payload(_report(school, at))
        readings = aliases.read(device, payload.unread)
        assert readings is not None
        assert {reading[3] for reading in readings} == {_MOMENT}
        values = {name: value for name, value, *_ in readings}
        assert values.pop(JOURNAL_OFFSET) == at + 1
        assert len(values) == 12
        assert all(isfinite(value) for value in values.values() if isinstance(value, float))


def test_reports_of_a_node_follow_one_another() -> None:
    school = School(1)
    births = [_payload(each).seq for each in school.births(_MOMENT)]
    said = [_payload(_report(school, number % (RECEIVERS + 1))) for number in range(300)]
    assert [*births, *(each.seq for each in said)] == [number % 256 for number in range(RECEIVERS + 1 + 300)]


def test_each_school_speaks_on_its_own_line_and_who_is_cut_off_ends() -> None:
    schools, pairs = [School(1), School(2)], [socket.socketpair() for _ in range(2)]
    for school in schools:
        list(school.births(_MOMENT))
    with ExitStack() as ends:
        for line in (line for pair in pairs for line in pair):
            ends.enter_context(line)
        told = speak([ours for ours, _ in pairs], schools, 1_000.0, 0.1)
        assert not told["cut"]
        for school, (_, theirs) in zip(schools, pairs, strict=True):
            said = theirs.recv(1_000_000)
            assert said.count(f"/{school.name}".encode()) == school.offset > 0
        pairs[1][1].close()
        assert speak([ours for ours, _ in pairs], schools, 1_000.0, 60.0)["cut"]


def _devices() -> list[str | None]:
    return [None, *(f"p{at}-receiver" for at in range(1, RECEIVERS + 1))]


def _report(school: School, at: int) -> bytes:
    return b"".join(school.report(at, 3)).replace(NOW, _T)


def _payload(packet: bytes) -> Payload:
    """Of an MQTT PUBLISH of QoS 0."""
    at = next(number for number in range(1, 5) if packet[number] < 0x80) + 1
    assert sum((packet[number] & 0x7F) << (7 * (number - 1)) for number in range(1, at)) == len(packet) - at
    (length,) = struct.unpack_from(">H", packet, at)
    return decode(packet[at + 2 + length :])
