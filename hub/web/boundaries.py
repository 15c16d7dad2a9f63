"""An own file of boundaries: read once, looked through, and kept as what the map needs of it and nothing else."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 8 * 2**20
MAX_POINTS = 150_000
"""What an old phone still draws while a finger moves it."""
_DEPTH = {"LineString": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
"""How deep the points of a geometry lie."""
_DIGITS = 5


class BoundariesMistake(Exception):
    """One line that names the file and the way out."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Compressed GeoJSON. version: changes when it does."""

    body: bytes
    version: str


def read_boundaries(path: Path) -> Boundaries:
    """Raises BoundariesMistake."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BoundariesMistake(f"{path}: cannot be read ({error.strerror}); correct boundaries in [map]") from None
    if len(data) > MAX_BYTES:
        raise BoundariesMistake(f"{path}: is larger than {MAX_BYTES} bytes; simplify it, e.g. with mapshaper")
    try:
        told = json.loads(data)
        features = [_feature(each) for each in _features(told)]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        reason = error.args[0] if isinstance(error, _Unusable) else "is no GeoJSON"
        raise BoundariesMistake(f"{path}: {reason}; boundaries in [map] wants GeoJSON in degrees (WGS 84)") from None
    points = sum(_points(each["geometry"]["coordinates"]) for each in features)
    if not points or points > MAX_POINTS:
        found = f"has {points} points, and {MAX_POINTS} are the most" if points else "has no lines and no areas"
        raise BoundariesMistake(f"{path}: {found}; write another file for boundaries in [map]")
    body = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()
    return Boundaries(gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:10])


class _Unusable(ValueError):
    """What is wrong with it."""


def _features(told: Any) -> Sequence[Any]:
    if not isinstance(told, dict) or told.get("type") not in ("FeatureCollection", "Feature"):
        raise _Unusable("is no FeatureCollection")
    found = [told] if told["type"] == "Feature" else told["features"]
    if not isinstance(found, list):
        raise _Unusable("has no list of features")
    # A place is no boundary.
    return [each for each in found if (each.get("geometry") or {}).get("type") in _DEPTH]


def _feature(told: Any) -> dict[str, Any]:
    geometry = told["geometry"]
    coordinates = _clean(geometry["coordinates"], _DEPTH[geometry["type"]])
    return {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": geometry["type"], "coordinates": coordinates},
    }


def _clean(told: Any, depth: int) -> list[Any]:
    if not isinstance(told, list):
        raise _Unusable("has a geometry without points")
    return [_clean(each, depth - 1) for each in told] if depth else _point(told)


def _point(told: list[Any]) -> list[float]:
    lon, lat = float(told[0]), float(told[1]) if len(told) > 1 else 999.0
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise _Unusable(f"has a point at {lon}, {lat}, which is nowhere on earth")
    return [round(lon, _DIGITS), round(lat, _DIGITS)]


def _points(coordinates: Any) -> int:
    if not coordinates:
        return 0
    return sum(map(_points, coordinates)) if isinstance(coordinates[0], list) else 1
