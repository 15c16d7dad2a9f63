"""The district as an inventory (contract: recording.md), with words from names.toml."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from simulator.district import District, Room, School
from simulator.schooldays import public_holidays

Told = dict[str, Any]
_NAMES = Path(__file__).with_name("names.toml")


def inventory(district: District, first: date, count: int) -> Told:
    names = tomllib.loads(_NAMES.read_text("utf-8"))
    return {
        "district": {"code": "sim", "name": names["district"], "timezone": "Asia/Bangkok"},
        "satellite": {"name": "Thaicom", "orbital_position_deg_east": district.orbit_deg_east},
        "calendar": calendar(first, count),
        "schools": [_school(school, names["school"]) for school in district.schools],
        "devices": [device for school in district.schools for device in _devices(school)],
    }


def calendar(first: date, count: int) -> Told:
    """Terms as the ministry sets them, and the public holidays of the years that the recording touches."""
    last = first + timedelta(days=count)
    years = range(first.year - 1, last.year + 1)
    terms = [[f"{y}-05-16", f"{y}-10-11"] for y in years] + [[f"{y}-11-01", f"{y + 1}-03-31"] for y in years]
    free = sorted(day for y in {first.year, last.year} for day in public_holidays(y))
    return {
        "class_hours": ["08:30", "15:30"],
        "weekdays": [0, 1, 2, 3, 4],
        "terms": sorted(terms),
        "holidays": [day.isoformat() for day in free],
    }


def _school(school: School, name: str) -> Told:
    told = {"code": school.code, "name": name.format(number=school.name), "lat": school.lat, "lon": school.lon}
    return {**told, "pupils": school.pupils}


def _devices(school: School) -> Iterator[Told]:
    for room in school.rooms:
        node = {} if room.node == school.code else {"node": room.node}
        yield {**_set(school, room, room.receiver_key, "receiver", room.receiver.profile), "dish": room.dish, **node}
        yield {**_set(school, room, room.screen_key, room.screen.kind, room.screen.profile), **node}
        if room.plug:
            yield {**_set(school, room, room.plug_key, "other", "shelly/gen2-plug"), **node}
    if school.ups_minutes:
        yield {"school": school.code, "device": "office-ups", "kind": "ups", "profile": "nut/ups"}


def _set(school: School, room: Room, key: str, kind: str, profile: str) -> Told:
    return {
        "school": school.code,
        "device": key,
        "kind": kind,
        "room": room.key,
        "profile": profile,
        "installed_on": room.installed.isoformat(),
    }
