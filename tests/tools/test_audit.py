"""Known faults, in databases as OSV hands them out."""

import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tools.audit import NothingToCompareWith, by_asking, in_databases, main
from tools.components import Component

H11 = Component("pypi", "h11", "0.16.0", "MIT", ())
LEAFLET = Component("npm", "leaflet", "1.9.4", "BSD-2-Clause", ())


def record(name: str, *events: dict[str, str], ecosystem: str = "PyPI", **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    affected = {"package": {"ecosystem": ecosystem, "name": name}, "ranges": ranges, **more.pop("affected", {})}
    return {"id": "GHSA-1", "summary": "it is bad", "affected": [affected], **more}


@pytest.fixture
def database(tmp_path: Path) -> Any:
    def write(*records: dict[str, Any]) -> Path:
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            for number, each in enumerate(records):
                archive.writestr(f"{number}.json", json.dumps(each))
        return tmp_path / "all.zip"

    return write


@pytest.mark.parametrize(
    ("events", "affected"),
    [
        (({"introduced": "0"}, {"fixed": "0.16.1"}), True),
        (({"introduced": "0"}, {"fixed": "0.16.0"}), False),
        (({"introduced": "0"}, {"fixed": "0.9.0"}, {"introduced": "0.15"}), True),
        (({"introduced": "0.17"},), False),
        (({"introduced": "0"}, {"last_affected": "0.16.0"}), True),
        (({"introduced": "0"}, {"last_affected": "0.15"}), False),
        (({"introduced": "0.14"}, {"fixed": "0.17"}, {"introduced": "0"}, {"fixed": "0.9"}), True),
        (({"fixed": "0.16.0"}, {"introduced": "0"}), False),
        (({"introduced": "a strange one"},), True),
    ],
)
def test_a_version_is_affected_from_where_it_came_in_until_it_was_mended(
    database: Any, events: tuple[dict[str, str], ...], affected: bool
) -> None:
    assert bool(in_databases([database(record("H11", *events))], [H11, LEAFLET])) is affected


def test_what_is_told_is_what_an_office_needs(database: Any, capsys: pytest.CaptureFixture[str]) -> None:
    bad = record("leaflet", {"introduced": "0"}, {"fixed": "2.0.0"}, ecosystem="npm")
    assert main([str(database(bad))], [H11, LEAFLET]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "leaflet 1.9.4: GHSA-1 it is bad; fixed in 2.0.0",
        "2 components, 1 known faults",
    ]


def test_a_fault_that_two_databases_know_is_told_once_in_the_words_of_the_one_that_has_a_way_out(database: Any) -> None:
    pypa = record("h11", affected={"versions": ["0.16.0"], "ranges": []})
    pypa |= {"id": "PYSEC-1", "aliases": ["CVE-1", "GHSA-1"], "summary": ""}
    github = record("h11", {"introduced": "0"}, {"fixed": "0.17"}, aliases=["CVE-1"])
    other = record("h11", {"introduced": "0"}, aliases=["CVE-2"]) | {"id": "GHSA-2"}
    known = in_databases([database(pypa, github, other)], [H11])
    assert [(each.fault, each.fixed) for each in known] == [("GHSA-1", ("0.17",)), ("GHSA-2", ())]


def test_a_record_without_a_summary_is_told_by_the_beginning_of_its_details(database: Any) -> None:
    told = record("h11", {"introduced": "0"}, summary="", details=f"it is\nbad {'indeed ' * 60}\n\n# How\nso")
    [known] = in_databases([database(told)], [H11])
    assert known.summary.startswith("it is bad indeed")
    assert len(known.summary) <= 200


class _Osv(BaseHTTPRequestHandler):
    """POST /v1/querybatch as OSV documents it: identifiers in the order of the queries, those of h11 on two pages."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        body = json.dumps({"results": [self._result(each) for each in asked]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @staticmethod
    def _result(query: dict[str, Any]) -> dict[str, Any]:
        if (query["package"], query["version"]) != ({"ecosystem": "PyPI", "name": "h11"}, "0.16.0"):
            return {}
        if "page_token" not in query:
            return {"vulns": [{"id": "GHSA-1", "modified": "2026-01-01T00:00:00Z"}], "next_page_token": "two"}
        return {"vulns": [{"id": "GHSA-2", "modified": "2026-01-01T00:00:00Z"}]} if query["page_token"] == "two" else {}

    def log_message(self, *_: object) -> None:
        """The test's output belongs to the test."""


@pytest.fixture
def osv() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Osv)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/querybatch"
    server.shutdown()
    server.server_close()
    thread.join()


def test_osv_is_asked_until_it_has_told_all(osv: str) -> None:
    assert [str(each) for each in by_asking([H11, LEAFLET], osv)] == ["h11 0.16.0: GHSA-1", "h11 0.16.0: GHSA-2"]


def test_versions_that_are_listed_one_by_one_count_too(database: Any) -> None:
    assert in_databases([database(record("h11", affected={"versions": ["0.16.0"]}))], [H11])


def test_what_was_withdrawn_and_what_is_of_others_does_not_count(database: Any) -> None:
    withdrawn = record("h11", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z")
    other = record("h11", {"introduced": "0"}, ecosystem="npm")
    assert in_databases([database(withdrawn, other)], [H11]) == []


def test_without_a_database_or_a_line_it_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.zip").write_bytes(b"nothing")
    assert main([str(tmp_path / "x.zip")], [H11]) == 2
    assert "make audit OSV=" in capsys.readouterr().err
    with pytest.raises(NothingToCompareWith, match="make audit OSV="):
        by_asking([H11], "http://127.0.0.1:9/")
