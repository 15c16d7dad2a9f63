"""Known faults, in databases as OSV hands them out."""

import json
import zipfile
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
