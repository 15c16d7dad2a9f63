"""Compares what a release is made of with the faults that the world knows of: python -m tools.audit [DATABASE.zip …]

Databases are OSV's own: one zip of records an ecosystem. Without one, osv.dev is asked; where neither is there, a line says so.
Ends with 0: none known, 1: some are, 2: nothing could be compared.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tools.components import Component, components

_ECOSYSTEMS = {"PyPI": "pypi", "npm": "npm"}
_ASK = "https://api.osv.dev/v1/querybatch"
_TIMEOUT_S = 30.0
_MOST_RECORD = 20_000_000
_HOW = (
    "fetch https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip and …/npm/all.zip where there is Internet, "
    "and give them: make audit OSV='PyPI.zip npm.zip'"
)


class NothingToCompareWith(Exception):
    """The text is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fault that a component has. fixed: the first versions without it, as far as is said"""

    fault: str
    component: Component
    summary: str = ""
    fixed: tuple[str, ...] = ()

    def __str__(self) -> str:
        way_out = f"; fixed in {', '.join(self.fixed)}" if self.fixed else ""
        return f"{self.component.name} {self.component.version}: {self.fault} {self.summary}{way_out}".strip()


def in_databases(paths: Iterable[Path], parts: Sequence[Component]) -> list[Known]:
    """Raises NothingToCompareWith."""
    by_name: dict[tuple[str, str], Component] = {(each.kind, each.name): each for each in parts}
    return [found for path in paths for record in _records(path) for found in _of_record(record, by_name)]


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".json") and member.file_size <= _MOST_RECORD:
                    yield json.loads(archive.read(member))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise NothingToCompareWith(f"{path} is no database of OSV ({error}); {_HOW}") from None


def _of_record(record: Mapping[str, Any], by_name: Mapping[tuple[str, str], Component]) -> Iterator[Known]:
    if "withdrawn" in record:
        return
    for affected in record.get("affected", ()):
        package = affected.get("package", {})
        kind = _ECOSYSTEMS.get(package.get("ecosystem", ""), "")
        name = canonicalize_name(package.get("name", "")) if kind == "pypi" else package.get("name", "")
        found = by_name.get((kind, name))
        if found is not None and _is_affected(found.version, affected):
            yield Known(str(record.get("id")), found, str(record.get("summary", "")), tuple(_fixed(affected)))


def _is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = [each for each in affected.get("ranges", ()) if each.get("type") in ("ECOSYSTEM", "SEMVER")]
    return any(_is_within(version, each.get("events", ())) for each in ranges)


def _is_within(version: str, events: Sequence[Mapping[str, str]]) -> bool:
    """Events stand in the order of their versions; the last at or before ours tells. What cannot be compared counts."""
    within = False
    try:
        ours = Version(version)
        for event in events:
            if "introduced" in event and ours >= Version(event["introduced"]):
                within = True
            elif _is_over(ours, event):
                within = False
    except InvalidVersion:
        return True
    return within


def _is_over(ours: Version, event: Mapping[str, str]) -> bool:
    if "fixed" in event:
        return ours >= Version(event["fixed"])
    return "last_affected" in event and ours > Version(event["last_affected"])


def _fixed(affected: Mapping[str, Any]) -> Iterator[str]:
    for each in affected.get("ranges", ()):
        if each.get("type") != "GIT":
            yield from (event["fixed"] for event in each.get("events", ()) if "fixed" in event)


def by_asking(parts: Sequence[Component], address: str = _ASK) -> list[Known]:
    """Raises NothingToCompareWith."""
    ecosystems = {kind: name for name, kind in _ECOSYSTEMS.items()}
    wanted = [
        {"package": {"ecosystem": ecosystems[each.kind], "name": each.name}, "version": each.version} for each in parts
    ]
    try:
        answer = httpx.post(address, json={"queries": wanted}, timeout=_TIMEOUT_S).raise_for_status()
        results = answer.json()["results"]
        return [
            Known(each["id"], part)
            for part, found in zip(parts, results, strict=True)
            for each in found.get("vulns", ())
        ]
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NothingToCompareWith(f"osv.dev cannot be asked ({type(error).__name__}); {_HOW}") from None


def main(paths: Sequence[str], parts: Sequence[Component]) -> int:
    try:
        known = in_databases(map(Path, paths), parts) if paths else by_asking(parts)
    except NothingToCompareWith as trouble:
        print(f"audit: {trouble}", file=sys.stderr)
        return 2
    for each in known:
        print(each)
    print(f"{len(parts)} components, {len(known)} known faults")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], components()))
