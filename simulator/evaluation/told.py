"""The files that are compared: labels (simulator/README.md) and results (contract: recording.md), as frozen values."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]


class Unreadable(Exception):
    """A file that is not what it should be; the operator's to mend."""


@dataclass(frozen=True, slots=True)
class Label:
    """A fault as it was. Times in ms since 1970 UTC."""

    school: str
    device: str | None
    dish: str | None
    room: str | None
    cause: str
    onset_at: int
    ended_at: int | None
    hard: bool
    observable: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    school: str
    device: str | None
    dish: str | None
    cause: str
    opened_at: int
    onset_at: int
    recovered_at: int | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    cause: str
    schools: frozenset[str]
    start: int
    end: int
    observable: bool = True


RoomDay = tuple[str, str, str, str]
"""School, room, date, cause."""


@dataclass(frozen=True, slots=True)
class Labels:
    faults: tuple[Label, ...]
    incidents: tuple[Incident, ...]
    lost: Mapping[RoomDay, float]
    used: float


@dataclass(frozen=True, slots=True)
class Result:
    tickets: tuple[Ticket, ...]
    incidents: tuple[Incident, ...] = ()
    lost: Mapping[RoomDay, float] | None = None
    used: float | None = None


def read_labels(path: Path) -> Labels:
    told = read_json(path)
    try:
        return labels_of(told)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{path} is no labels.json: {error!r}") from error


def read_result(path: Path) -> Result:
    told = read_json(path)
    try:
        return result_of(told)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{path} is no result of a replay: {error!r}") from error


def read_json(path: Path) -> Json:
    try:
        told = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Unreadable(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise Unreadable(f"{path} is no JSON: {error}") from error
    if not isinstance(told, dict):
        raise Unreadable(f"{path} holds no JSON object")
    return told


def labels_of(told: Json) -> Labels:
    faults = tuple(
        Label(
            school=each["school"],
            device=each.get("device"),
            dish=each.get("dish"),
            room=each.get("room"),
            cause=each["cause"],
            onset_at=int(each["onset_at"]),
            ended_at=None if each.get("ended_at") is None else int(each["ended_at"]),
            hard=bool(each.get("hard", False)),
            observable=bool(each.get("observable", True)),
        )
        for each in told["faults"]
    )
    return Labels(
        faults, _incidents(told["incidents"]), _lost(told["lesson_minutes_lost"]), _used(told["usage_minutes"])
    )


def result_of(told: Json) -> Result:
    tickets = tuple(
        Ticket(
            school=each["school"],
            device=each.get("device"),
            dish=each.get("dish"),
            cause=each["cause"],
            opened_at=int(each["opened_at"]),
            onset_at=int(each.get("onset_at") or each["opened_at"]),
            recovered_at=None if each.get("recovered_at") is None else int(each["recovered_at"]),
        )
        for each in told["tickets"]
    )
    lost, used = _lost(told.get("lesson_minutes_lost", ())), _used(told.get("usage_minutes", ()))
    return Result(tickets, _incidents(told.get("incidents", ())), lost, used)


def _incidents(told: Iterable[Json]) -> tuple[Incident, ...]:
    return tuple(
        Incident(
            each["cause"],
            frozenset(each["schools"]),
            int(each["from"]),
            int(each["to"]) if each.get("to") is not None else 1 << 62,
            bool(each.get("observable", True)),
        )
        for each in told
    )


def _lost(told: Iterable[Json]) -> dict[RoomDay, float]:
    found: dict[RoomDay, float] = {}
    for each in told:
        key = (each["school"], each["room"], each["date"], each["cause"])
        found[key] = found.get(key, 0.0) + float(each["minutes"])
    return found


def _used(told: Iterable[Json]) -> float:
    return float(sum(each["minutes"] for each in told))
