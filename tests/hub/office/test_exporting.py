"""Every value in a real VictoriaMetrics: also what came while it was away, and nothing for ever twice."""

import gzip
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from hub.__main__ import main
from hub.core.reports import Sample
from hub.historian.errors import HistorianRefused, HistorianUnavailable
from hub.historian.server import Server
from hub.historian.settings import HistorianSettings
from hub.office.exporting import Exporting, exporting
from hub.store.bodies import pack
from hub.store.chunks import Kept
from hub.store.engine import open_engine, upgrade
from hub.store.export_tables import exported
from hub.store.exports import Exports
from hub.store.packing import Packing
from hub.store.tables import committed, device, epoch, metric, node, report
from hub.store.unit_of_work import Store
from tests.conftest import PATIENCE_S, find_free_port
from wire.metrics import DataType

pytestmark = pytest.mark.e2e
PROGRAM = "/usr/bin/victoria-metrics"
HOUR = 3_600_000
COUNT = 5000


class VictoriaMetrics:
    """A server of our own, which stays where it is when it is started again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, find_free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        options = [f"-httpListenAddr=127.0.0.1:{self.port}", f"-storageDataPath={self._folder / 'data'}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, *options, "-retentionPeriod=100y"], stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert time.monotonic() < deadline, (self._folder / "log").read_text("utf-8", "replace")
            time.sleep(0.05)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE_S)
            self._process = None

    def series(self, name: str) -> dict[str, list[tuple[int, float]]]:
        """What it holds of a metric, by device."""
        httpx.get(f"{self.url}/internal/force_flush", timeout=PATIENCE_S)
        asked = {"match[]": name, "reduce_mem_usage": "1"}
        answer = httpx.get(f"{self.url}/api/v1/export", params=asked, timeout=PATIENCE_S)
        found: dict[str, list[tuple[int, float]]] = {}
        for line in answer.text.splitlines():
            told = json.loads(line)
            pairs = zip(told["timestamps"], told["values"], strict=True)
            found.setdefault(told["metric"]["device"], []).extend(pairs)
        return {name: sorted(points) for name, points in found.items()}

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def now() -> int:
    """A whole hour of today: no server keeps what is of the future."""
    return int(time.time() * 1000) // HOUR * HOUR


@pytest.fixture
def history(tmp_path: Path) -> Iterator[VictoriaMetrics]:
    server = VictoriaMetrics(tmp_path)
    server.start()
    yield server
    server.kill()


class District:
    """One school with a receiver, and what it has told."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'hub.db'}"
        engine = open_engine(self.url)
        upgrade(engine)
        self.store = Store(engine)
        with self.store.begin() as work:
            rows: list[tuple[Any, dict[str, Any]]] = [
                (node, {"id": 1, "group": "cpm3", "name": "30010003", "school": "30010003", "properties": {}}),
                (
                    device,
                    {"id": 1, "node_id": 1, "key": "p1-receiver", "kind": "receiver", "properties": {}, "latest": {}},
                ),
                (epoch, {"id": 1, "node_id": 1, "uuid": "u", "ours": False, "newest": 0, "judged": 0, "first_seen": 0}),
                (metric, {"id": 1, "name": "signal/cnr_db", "datatype": DataType.DOUBLE.value}),
            ]
            for table, row in rows:
                work.connection.execute(insert(table), [row])

    def tell(self, first: int, last: int, now: int) -> None:
        ids = {("signal/cnr_db", DataType.DOUBLE): 1}
        reports = [
            {
                "epoch_id": 1,
                "offset": offset,
                "device_id": 1,
                "t": self.moment(offset, now),
                "body": pack({"signal/cnr_db": Sample(offset / 8, DataType.DOUBLE, None)}, ids),
            }
            for offset in range(first, last + 1)
        ]
        with self.store.begin() as work:
            work.connection.execute(insert(report), reports)
            work.connection.execute(insert(committed), [{"epoch_id": 1, "first": first, "last": last}])

    def moment(self, offset: int, now: int) -> int:
        return now - 24 * HOUR + offset * 10_000

    def told(self, now: int, *spans: tuple[int, int]) -> dict[str, list[tuple[int, float]]]:
        return {"p1-receiver": [(self.moment(o, now), o / 8) for first, last in spans for o in range(first, last + 1)]}

    def exported(self) -> list[tuple[int, int]]:
        with self.store.reading() as connection:
            return [(row.first, row.last) for row in connection.execute(select(exported).order_by(exported.c.first))]


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path)
    yield district
    district.store.close()


def at(server: VictoriaMetrics, **others: Any) -> HistorianSettings:
    return HistorianSettings(url=server.url, **others)


def test_everything_that_is_kept_goes_and_no_gap_stops_it(
    history: VictoriaMetrics, district: District, now: int
) -> None:
    district.tell(1, COUNT, now)
    district.tell(COUNT + 100, COUNT + 200, now)
    chore = exporting(district.store, at(history))["historian"]
    chore(now)
    assert history.series("dltv_signal_cnr_db") == district.told(now, (1, COUNT), (COUNT + 100, COUNT + 200))
    assert district.exported() == [(1, COUNT), (COUNT + 100, COUNT + 200)]


def test_what_came_while_it_was_away_follows(history: VictoriaMetrics, district: District, now: int) -> None:
    sending = Exporting(Exports(district.store), Server(at(history, timeout_s=5)))
    district.tell(1, 100, now)
    assert sending.step()
    history.kill()
    district.tell(101, 300, now)
    with pytest.raises(HistorianUnavailable):
        sending.step()
    assert district.exported() == [(1, 100)]
    history.start()
    while sending.step():
        pass
    assert history.series("dltv_signal_cnr_db") == district.told(now, (1, 300))


def test_what_fills_a_gap_later_goes_then(history: VictoriaMetrics, district: District, now: int) -> None:
    sending = Exporting(Exports(district.store, most=30), Server(at(history)))
    district.tell(51, 100, now)
    while sending.step():
        pass
    district.tell(1, 50, now)
    while sending.step():
        pass
    assert history.series("dltv_signal_cnr_db") == district.told(now, (1, 100))
    assert district.exported() == [(1, 100)]


def test_a_piece_that_is_sent_twice_counts_once(history: VictoriaMetrics, district: District, now: int) -> None:
    """Killed between sending and settling: the next one begins as if nothing had been sent."""
    district.tell(1, 50, now)
    for _ in range(2):
        lost = Exporting(Exports(district.store), Server(at(history)))
        with district.store.begin() as work:
            work.connection.execute(exported.delete())
        assert lost.step()
    ((_device, points),) = history.series("dltv_signal_cnr_db").items()
    assert sorted(set(points)) == district.told(now, (1, 50))["p1-receiver"]


def test_packed_reports_go_as_well(history: VictoriaMetrics, district: District, now: int) -> None:
    district.tell(1, 50, now)
    columns = (report.c.epoch_id, report.c.offset, report.c.device_id, report.c.t, report.c.body)
    with district.store.reading() as connection:
        rows = [Kept(*row) for row in connection.execute(select(*columns).order_by(report.c.offset))]
    Packing(district.store, 35).keep([rows])
    assert Exporting(Exports(district.store), Server(at(history))).step()
    assert history.series("dltv_signal_cnr_db") == district.told(now, (1, 50))


class Influx(BaseHTTPRequestHandler):
    """Answers as InfluxDB v2's API document has it: 400 for what is no line, 413 for too much at once."""

    def do_POST(self) -> None:
        body = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"]))).decode().splitlines()
        server: Any = self.server
        if len(body) > server.most:
            self._answer(413, b'{"code": "request too large", "message": "too much"}')
        elif any(" n=" not in line for line in body):
            self._answer(400, b'{"code": "invalid", "message": "unable to parse"}')
        else:
            server.lines += body
            self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def influx() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Influx)
    server.lines, server.most, server.daemon_threads = [], 10, True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.settings = HistorianSettings.model_validate({"url": f"http://127.0.0.1:{server.server_address[1]}"})
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_lines_that_it_finds_fault_with_are_told(influx: Any) -> None:
    server = Server(influx.settings)
    with pytest.raises(HistorianRefused, match="unable to parse"):
        server.write(["this is no line"])
    server.close()


def test_what_it_refuses_for_good_stops_nothing_that_follows(influx: Any, district: District, now: int) -> None:
    district.tell(1, 5, now)
    sending = Exporting(Exports(district.store), Server(influx.settings))
    assert sending.step()
    assert not sending.step()
    assert district.exported() == [(1, 5)]


def test_what_is_too_much_at_once_goes_in_parts(influx: Any) -> None:
    server, told = Server(influx.settings), [f"a n={n} {n}" for n in range(35)]
    server.write(told)
    server.close()
    assert influx.lines == told


def test_a_server_that_is_not_there_is_named_without_the_token() -> None:
    nowhere = HistorianSettings.model_validate({"url": f"http://127.0.0.1:{find_free_port()}", "token": "very-secret"})
    with pytest.raises(HistorianUnavailable) as told:
        Server(nowhere).write(["a b=1 1"])
    assert "very-secret" not in str(told.value)


def test_backfill_sends_all_of_it_once_more(
    history: VictoriaMetrics, district: District, now: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    district.tell(1, 60, now)
    with district.store.begin() as work:
        work.connection.execute(insert(exported), [{"epoch_id": 1, "first": 1, "last": 60}])
    config = tmp_path / "hub.toml"
    config.write_text(f'[store]\nurl = "{district.url}"\n[historian]\nurl = "{history.url}"\n')
    assert main(["historian", "backfill", "--config", str(config)]) == 0
    assert capsys.readouterr().out == "60 reports are there\n"
    assert history.series("dltv_signal_cnr_db") == district.told(now, (1, 60))


def test_without_a_server_backfill_says_what_to_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["historian", "backfill", "--data-dir", str(tmp_path)]) == 2
    assert "[historian] url" in capsys.readouterr().err


def test_without_a_server_there_is_no_chore(district: District) -> None:
    assert exporting(district.store, HistorianSettings.model_validate({})) == {}
