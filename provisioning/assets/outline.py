"""The outline of Thailand for the map: taken out of Natural Earth's countries, which come as TopoJSON, and made small.

TopoJSON holds each border once, as an arc of steps between whole numbers; a negative number of an arc is that arc backwards.
"""

import json
from collections.abc import Iterator, Sequence
from math import hypot
from pathlib import Path
from typing import Any

THAILAND = "764"
"""ISO 3166-1 numeric."""
_TOLERANCE_DEG = 0.004
"""About 400 m: less than a pixel as long as a whole province is in sight."""
_DIGITS = 3

Point = tuple[float, float]
"""Degrees east and north, in the order of GeoJSON."""


class NoSuchCountry(Exception):
    """The file has no such country, or is none of countries; the text says which."""


def write_outline(countries: Path, target: Path) -> int:
    """Write the country's outline as GeoJSON; returns its size in bytes. Raises NoSuchCountry."""
    text = json.dumps(outline(json.loads(countries.read_text("utf-8"))), separators=(",", ":"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    return len(text)


def outline(topology: Any, country: str = THAILAND) -> dict[str, Any]:
    """A FeatureCollection of one MultiPolygon, without islands that are smaller than what is seen. Raises NoSuchCountry."""
    try:
        arcs = [list(_arc(steps, topology["transform"])) for steps in topology["arcs"]]
        geometries = topology["objects"]["countries"]["geometries"]
        found = next(each for each in geometries if each.get("id") == country)
    except (KeyError, StopIteration):
        raise NoSuchCountry(f"no country {country} in the TopoJSON of world-atlas") from None
    polygons = found["arcs"] if found["type"] == "MultiPolygon" else [found["arcs"]]
    rings = [[_simple(_ring(ring, arcs)) for ring in polygon] for polygon in polygons]
    geometry = {"type": "MultiPolygon", "coordinates": [polygon for polygon in rings if len(polygon[0]) > 3]}
    feature = {"type": "Feature", "properties": {"name": found["properties"]["name"]}, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


def _arc(steps: Sequence[Sequence[int]], transform: Any) -> Iterator[Point]:
    x = y = 0
    for dx, dy in steps:
        x, y = x + dx, y + dy
        yield (
            x * transform["scale"][0] + transform["translate"][0],
            y * transform["scale"][1] + transform["translate"][1],
        )


def _ring(numbers: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Arcs one after another; each begins where the last one ends."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def _simple(ring: Sequence[Point]) -> list[Point]:
    """Without points that lie on the way between those that stay. A ring is halved, for its ends are one point."""
    middle = len(ring) // 2
    kept = [*_straightened(ring[: middle + 1])[:-1], *_straightened(ring[middle:])]
    return [(round(x, _DIGITS), round(y, _DIGITS)) for x, y in kept]


def _straightened(line: Sequence[Point]) -> list[Point]:
    """After Douglas and Peucker, without recursion."""
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        far = max(range(first + 1, last), key=lambda at: _off(line[at], line[first], line[last]))
        if _off(line[far], line[first], line[last]) > _TOLERANCE_DEG:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [line[at] for at in sorted(keep)]


def _off(point: Point, start: Point, end: Point) -> float:
    """How far a point lies from the line between two others."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    length = hypot(x1 - x0, y1 - y0)
    if not length:
        return hypot(x - x0, y - y0)
    return abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length
