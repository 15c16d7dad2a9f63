"""Schools that speak Sparkplug as fast as they are asked to, as cheaply as can be: a process of its own, by raw sockets.

All share one connection; where they have certificates (`--keys`), each has its own, over TLS.

Each report is a packet that was encoded once, with some of its readings; only times, offset and seq are put into it. Numbers
are varints of a fixed width, which every decoder reads. Says on its standard output what it has sent.
"""

import argparse
import json
import socket
import ssl
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random

from wire import controls
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, encode
from wire.topics import MessageType, Topic

GROUP = "cpm3"
FIRST_CODE = 36030001
RECEIVERS = 7
VARIANTS = 8
_TICK_S = 0.02
_PATIENCE_S = 60.0
SETTLE_S = 6.0
_REAL, _YES = DataType.FLOAT, DataType.BOOLEAN
_HOST = (
    *(("host/cpu_pct", _REAL), ("host/cpu_temp_c", _REAL), ("host/load1", _REAL), ("host/mem_used_pct", _REAL)),
    *(("host/disk_used_pct", _REAL), ("host/clock_offset_s", _REAL), ("net/rtt_ms", _REAL), ("ups/charge_pct", _REAL)),
    *(("net/internet", _YES), ("host/undervoltage", _YES), ("host/throttled", _YES), ("ups/on_battery", _YES)),
)
_RECEIVER = (
    *(("signal/cnr_db", _REAL), ("signal/quality_pct", _REAL), ("signal/strength_dbm", _REAL)),
    *(("signal/strength_pct", _REAL), ("signal/ber", _REAL), ("host/cpu_temp_c", _REAL), ("host/load1", _REAL)),
    *(("host/mem_used_pct", _REAL), ("device/reachable", _YES), ("signal/lock", _YES), ("power/on", _YES)),
    ("input/signal", _YES),
)
"""Twelve metrics each."""
_FALSE = ("host/undervoltage", "host/throttled", "ups/on_battery")


@dataclass(slots=True)
class School:
    """times: so often each reading stands in a report"""

    number: int
    journal: int = 0
    times: int = 1
    seq: int = 0
    offset: int = 0
    said: list[list[bytes]] = field(default_factory=list)
    """Of each device its packets, one for each set of readings: up to the offset, with NOW for the time."""

    @property
    def name(self) -> str:
        return str(FIRST_CODE + self.number)

    @property
    def epoch(self) -> str:
        return f"6f1c1f3e-{self.journal:04}-4d0e-9a40-{self.number:012}"

    def births(self, t: int) -> Iterator[bytes]:
        alias = 1
        for at in range(RECEIVERS + 1):
            device = f"p{at}-receiver" if at else None
            metrics = []
            for name, datatype in _RECEIVER if device else _HOST:
                metrics.append(Metric(name, _value(name, datatype), datatype, t, alias))
                alias += 1
            metrics.append(Metric(controls.JOURNAL_OFFSET, None, DataType.UINT64, t, alias))
            alias += 1
            self.said.append(self._packets(device, metrics))
            if device is None:
                metrics += self._bookkeeping()
            else:
                metrics.append(Metric("Properties/kind", "receiver", DataType.STRING, t))
            kind = MessageType.DBIRTH if device else MessageType.NBIRTH
            yield _publish(str(Topic(GROUP, kind, self.name, device)), encode(metrics, timestamp=t, seq=self.seq))
            self.seq = (self.seq + 1) % 256

    def report(self, at: int, variant: int) -> tuple[bytes, bytes, bytes]:
        """The next report of a device, in pieces; its time is to be put in."""
        said = self.said[at]
        self.offset += 1
        pieces = said[variant % VARIANTS], _offset(self.offset), _SEQS[self.seq]
        self.seq = (self.seq + 1) % 256
        return pieces

    def _bookkeeping(self) -> list[Metric]:
        return [
            Metric(BDSEQ, 0, DataType.INT64),
            Metric(controls.JOURNAL_EPOCH, self.epoch, DataType.STRING),
            Metric(controls.JOURNAL_OLDEST, 1, DataType.UINT64),
            Metric(controls.JOURNAL_NEWEST, 0, DataType.UINT64),
        ]

    def _packets(self, device: str | None, metrics: list[Metric]) -> list[bytes]:
        dice = Random(f"{self.number} {device}")
        kind = MessageType.DDATA if device else MessageType.NDATA
        topic, said = str(Topic(GROUP, kind, self.name, device)), metrics[:-1] * self.times + metrics[-1:]
        return [_publish(topic, _data(said, dice))[: -len(_offset(0) + _SEQS[0])] for _ in range(VARIANTS)]


def _data(metrics: list[Metric], dice: Random) -> bytes:
    """Put together here, so that it is known what stands where: offset and seq at its end."""
    body = b"\x08" + NOW
    for metric in metrics:
        one = b"\x10" + _varint(metric.alias or 0, 2) + b"\x18" + NOW
        if metric.datatype is DataType.UINT64:
            one += b"\x58" + _offset(0)
        elif metric.datatype is _REAL:
            one += b"\x65" + struct.pack("<f", round(dice.uniform(9, 14), 1))
        else:
            one += b"\x70" + bytes([bool(metric.value)])
        body += b"\x12" + bytes([len(one)]) + one
    return body + _SEQS[0]


def _value(name: str, datatype: DataType) -> float | bool:
    return name not in _FALSE if datatype is _YES else 12.5


def _varint(number: int, width: int) -> bytes:
    """In so many bytes, whatever the number."""
    digits = [(number >> (7 * at)) & 0x7F for at in range(width)]
    return bytes([each | 0x80 for each in digits[:-1]] + digits[-1:])


@lru_cache(maxsize=1024)
def _offset(number: int) -> bytes:
    return _varint(number, 4)


_SEQS = [b"\x18" + _varint(number, 2) for number in range(256)]
NOW = _varint((1 << 42) - 1, 6)
"""Stands in a packet for the time at which it is sent. No reading looks like it."""


def _publish(topic: str, payload: bytes) -> bytes:
    """QoS 0, as agents send what they have in their journal."""
    name = topic.encode()
    rest = struct.pack(">H", len(name)) + name + payload
    length, size = bytearray(), len(rest)
    while True:
        length.append(size % 128 | (0x80 if size >= 128 else 0))
        size //= 128
        if not size:
            return b"\x30" + bytes(length) + rest


def connect(port: int, name: str, keys: Path | None = None) -> socket.socket:
    """`keys`: a folder with ca.pem, NAME.pem and NAME.key. Raises OSError, also where the broker does not let it in."""
    link = socket.create_connection(("127.0.0.1", port), _PATIENCE_S)
    if keys is not None:
        context = ssl.create_default_context(cafile=keys / "ca.pem")
        context.load_cert_chain(keys / f"{name}.pem", keys / f"{name}.key")
        link = context.wrap_socket(link, server_hostname="127.0.0.1")
    client = name.encode()
    rest = b"\x00\x04MQTT\x04\x02\x00\x78" + struct.pack(">H", len(client)) + client
    link.sendall(b"\x10" + bytes([len(rest)]) + rest)
    if link.recv(4)[3:] != b"\x00":
        raise ConnectionRefusedError("the broker lets nobody in")
    return link


def lines(port: int, schools: list[School], keys: Path | None) -> list[socket.socket]:
    """Of each school."""
    if keys is None:
        return [connect(port, f"load-{schools[0].number}")] * len(schools)
    return [connect(port, school.name, keys) for school in schools]


def speak(links: list[socket.socket], schools: list[School], rate: float, seconds: float) -> dict[str, float]:
    """Reports of all devices in turn, at this pace; how many, how late at most, and whether the broker has cut one off.

    links: of each school
    """
    turns = [(link, school, at) for at in range(RECEIVERS + 1) for link, school in zip(links, schools, strict=True)]
    sent, begun, late, used, cut = 0, time.monotonic(), 0.0, time.process_time(), False
    while not cut and (gone := time.monotonic() - begun) < seconds:
        due = int(rate * gone) + 1
        late = max(late, (due - sent) / rate)
        said: dict[socket.socket, list[bytes]] = {}
        for number in range(sent, min(due, sent + 2000)):
            link, school, at = turns[number % len(turns)]
            said.setdefault(link, []).extend(school.report(at, number // len(turns)))
            sent += 1
        now = _varint(time.time_ns() // 1_000_000, 6)
        try:
            for link, pieces in said.items():
                link.sendall(b"".join(pieces).replace(NOW, now))
        except OSError:
            cut = True
        time.sleep(max(0.0, _TICK_S - (time.monotonic() - begun - gone)))
    used, took = time.process_time() - used, time.monotonic() - begun
    return {"sent": sent, "seconds": took, "late": late, "cpu": used, "cut": cut}


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.hub_load", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keys", type=Path, help="a folder with ca.pem, and of each school CODE.pem and CODE.key")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--journal", type=int, default=0, help="another one each time")
    parser.add_argument("--settle", type=float, default=SETTLE_S, help="seconds between births and reports")
    parser.add_argument("--rate", type=float, required=True, help="reports a second")
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    schools = [School(options.first + number, options.journal) for number in range(options.schools)]
    links = lines(options.port, schools, options.keys)
    for link, school in zip(links, schools, strict=True):
        link.sendall(b"".join(school.births(time.time_ns() // 1_000_000)))
    time.sleep(options.settle)
    print("born", flush=True)
    figures = speak(links, schools, options.rate, options.seconds)
    if figures["cut"]:
        raise SystemExit("the broker has cut a school off")
    for link in set(links):
        link.sendall(b"\xe0\x00")
    print(json.dumps(figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
