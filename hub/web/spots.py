"""Schools and incidents as the map's script gets them: where each is, how it stands, and where a click leads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson

from hub.core.insights import IncidentView
from hub.core.overview import SchoolPlace, SchoolSpot, SchoolState
from hub.core.views import SchoolLine
from hub.web.addresses import incident_url, school_url
from hub.web.areas import area_around
from hub.web.figures import Figures
from hub.web.highlights import QUIET_AFTER_MS

_Key = tuple[str, str]


def state_of(line: SchoolLine, now: int) -> SchoolState:
    """Of one computer and what stands around it."""
    heard = line.node.heard_at
    if line.troubled:
        return SchoolState.TROUBLE
    if not line.node.online:
        return SchoolState.SILENT
    return SchoolState.QUIET if heard is not None and now - heard > QUIET_AFTER_MS else SchoolState.WELL


def spots_of(places: Iterable[SchoolPlace], lines: Iterable[SchoolLine], now: int) -> tuple[SchoolSpot, ...]:
    """One a school, in the order of the places. Of several computers the one that stands worst speaks for it."""
    by_school: defaultdict[_Key, list[SchoolLine]] = defaultdict(list)
    for line in lines:
        by_school[line.node.key.group, line.node.key.school].append(line)
    return tuple(_spot(place, by_school.get((place.group, place.code), []), now) for place in places)


def without_place(places: Iterable[SchoolPlace], lines: Iterable[SchoolLine]) -> int:
    """How many schools report that the map cannot show."""
    known = {(place.group, place.code) for place in places}
    return len({(line.node.key.group, line.node.key.school) for line in lines} - known)


def map_data(spots: Sequence[SchoolSpot], incidents: Iterable[IncidentView], figures: Figures) -> str:
    """JSON. A school is a list, for there are hundreds: key, name, address, north, east, state, heard, devices, tickets."""
    places = {(spot.place.group, spot.place.code): (spot.place.lat, spot.place.lon) for spot in spots}
    areas = [area for each in incidents if (area := _area(each, places, figures)) is not None]
    told = {"schools": list(map(_row, spots)), "areas": areas}
    return orjson.dumps(told).decode()


def _spot(place: SchoolPlace, lines: Sequence[SchoolLine], now: int) -> SchoolSpot:
    if not lines:
        return SchoolSpot(place, SchoolState.ABSENT)
    if len(lines) == 1:
        # As it is with nearly all of them.
        line = lines[0]
        return SchoolSpot(place, state_of(line, now), line.node.key, line.node.heard_at, line.troubled, line.tickets)
    states = {line.node.key: state_of(line, now) for line in lines}
    worst = min(lines, key=lambda line: states[line.node.key].badness)
    return SchoolSpot(
        place,
        states[worst.node.key],
        worst.node.key,
        max((line.node.heard_at for line in lines if line.node.heard_at is not None), default=None),
        sum(line.troubled for line in lines),
        sum(line.tickets for line in lines),
    )


def _row(spot: SchoolSpot) -> list[str | float | None]:
    place = spot.place
    address = school_url(spot.node) if spot.node else None
    at = [round(place.lat, 5), round(place.lon, 5)]
    key = f"{place.group}/{place.code}"
    return [key, place.name, address, *at, spot.state.value, spot.heard_at, spot.troubled, spot.tickets]


def _area(
    incident: IncidentView, places: Mapping[_Key, tuple[float, float]], figures: Figures
) -> dict[str, object] | None:
    """None where none of its schools has a place."""
    here = [places[key] for each in incident.schools if (key := (incident.group, each.code)) in places]
    if not here:
        return None
    name = figures.incident(incident.cause)
    address = incident_url(incident.group, incident.key)
    return {"key": address, "name": name, "url": address, "ring": area_around(here), "schools": len(incident.schools)}
