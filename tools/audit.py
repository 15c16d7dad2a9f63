"""Compares what a release is made of with the faults that the world knows of: python -m tools.audit [DATABASE.zip …]

Databases are OSV's own: one zip of records an ecosystem. Without one, osv.dev is asked; where neither is there, a line says so.
Ends with 0: none known, 1: some are, 2: nothing could be compared.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from textwrap import shorten
from typing import Any

import httpx
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tools.components import Component, components

_ECOSYSTEMS = {"PyPI": "pypi", "npm": "npm"}
_ASK = "https://api.osv.dev/v1/querybatch"
_TIMEOUT_S = 30.0
_MOST_RECORD = 20_000_000
_MOST_PAGES = 50
_TOLD = 200
"""Letters of what a record says."""
_HOW = (
    "fetch https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip and …/npm/all.zip where there is Internet, "
    "and give them: make audit OSV='PyPI.zip npm.zip'"
)


class NothingToCompareWith(Exception):
    """The text is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fault that a component has. fixed: the first versions without it, as far as is said; others: its names elsewhere"""

    fault: str
    component: Component
    summary: str = ""
    fixed: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()

    def __str__(self) -> str:
        way_out = f"; fixed in {', '.join(self.fixed)}" if self.fixed else ""
        return f"{self.component.name} {self.component.version}: {self.fault} {self.summary}{way_out}".strip()


def in_databases(paths: Iterable[Path], parts: Sequence[Component]) -> list[Known]:
    """Raises NothingToCompareWith."""
    by_name: dict[tuple[str, str], Component] = {(each.kind, each.name): each for each in parts}
    return _each_once(found for path in paths for record in _records(path) for found in _of_record(record, by_name))


def _each_once(found: Iterable[Known]) -> list[Known]:
    """A fault stands in several databases, by another name in each. The one that says most comes first."""
    kept: list[Known] = []
    for each in sorted(found, key=lambda one: (not one.fixed, not one.summary)):
        names = {each.fault, *each.others}
        if not any(each.component == one.component and names & {one.fault, *one.others} for one in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: (one.component.name, one.fault))


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
            others = frozenset(map(str, record.get("aliases", ())))
            yield Known(str(record.get("id")), found, _told(record), tuple(_fixed(affected)), others)


def _told(record: Mapping[str, Any]) -> str:
    """PyPA's records have details only."""
    told = str(record.get("summary") or record.get("details") or "").split("\n\n")[0]
    return shorten(told, _TOLD, placeholder=" …")


def _is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = [each for each in affected.get("ranges", ()) if each.get("type") in ("ECOSYSTEM", "SEMVER")]
    return any(_is_within(version, each.get("events", ())) for each in ranges)


def _is_within(version: str, events: Iterable[Mapping[str, str]]) -> bool:
    """As OSV evaluates it: the last event at or before ours tells, by version. What cannot be compared counts."""
    try:
        ours = Version(version)
        # Records need not keep their events in order, and those of PyPA do not.
        changes = ((Version(at), what) for event in events for what, at in event.items() if what != "limit")
        told = sorted(changes, key=itemgetter(0))
    except InvalidVersion:
        return True
    within = False
    for at, what in told:
        if what == "introduced" and ours >= at:
            within = True
        elif (what == "fixed" and ours >= at) or (what == "last_affected" and ours > at):
            within = False
    return within


def _fixed(affected: Mapping[str, Any]) -> Iterator[str]:
    for each in affected.get("ranges", ()):
        if each.get("type") != "GIT":
            yield from (event["fixed"] for event in each.get("events", ()) if "fixed" in event)


def by_asking(parts: Sequence[Component], address: str = _ASK) -> list[Known]:
    """Raises NothingToCompareWith."""
    ecosystems = {kind: name for name, kind in _ECOSYSTEMS.items()}
    asked: list[tuple[Component, dict[str, Any]]] = [
        (each, {"package": {"ecosystem": ecosystems[each.kind], "name": each.name}, "version": each.version})
        for each in parts
    ]
    known: list[Known] = []
    try:
        for _ in range(_MOST_PAGES):
            results = _answers(address, [query for _part, query in asked])
            both = list(zip(asked, results, strict=True))
            known += [Known(each["id"], part) for (part, _query), found in both for each in found.get("vulns", ())]
            asked = [
                (part, {**query, "page_token": found["next_page_token"]})
                for (part, query), found in both
                if found.get("next_page_token")
            ]
            if not asked:
                return known
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NothingToCompareWith(f"osv.dev cannot be asked ({type(error).__name__}); {_HOW}") from None
    raise NothingToCompareWith(f"osv.dev does not come to an end; {_HOW}")


def _answers(address: str, queries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    answer = httpx.post(address, json={"queries": queries}, timeout=_TIMEOUT_S).raise_for_status()
    return list(answer.json()["results"])


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
