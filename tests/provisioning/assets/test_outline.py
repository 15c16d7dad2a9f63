"""A country's outline out of TopoJSON: arcs put together, made small, and still closed."""

import json
from pathlib import Path
from typing import Any

import pytest

from provisioning.assets.outline import NoSuchCountry, outline, write_outline

TRANSFORM = {"scale": [0.5, 0.25], "translate": [100.0, 10.0]}


def topology(arcs: list[Any], rings: list[list[int]], kind: str = "Polygon") -> dict[str, Any]:
    held = rings if kind == "Polygon" else [[ring] for ring in rings]
    country = {"id": "764", "type": kind, "arcs": held, "properties": {"name": "Thailand"}}
    return {"transform": TRANSFORM, "arcs": arcs, "objects": {"countries": {"geometries": [country]}}}


def rings_of(made: dict[str, Any]) -> list[Any]:
    (feature,) = made["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    return [polygon[0] for polygon in feature["geometry"]["coordinates"]]


# Two arcs between (100, 10) and (102, 11): one by way of (102, 10), one by way of (100, 11).
THERE, BACK = [[0, 0], [4, 0], [0, 4]], [[0, 0], [0, 4], [4, 0]]


def test_steps_become_degrees_and_an_arc_is_taken_backwards() -> None:
    (ring,) = rings_of(outline(topology([THERE, BACK], [[0, ~1]])))
    assert ring == [(100.0, 10.0), (102.0, 10.0), (102.0, 11.0), (100.0, 11.0), (100.0, 10.0)]


def test_points_on_the_way_are_left_out() -> None:
    straight = [[0, 0], [1, 0], [1, 0], [2, 0], [0, 4]]
    (ring,) = rings_of(outline(topology([straight, BACK], [[0, ~1]])))
    assert ring == [(100.0, 10.0), (102.0, 10.0), (102.0, 11.0), (100.0, 11.0), (100.0, 10.0)]


def test_every_ring_stays_closed() -> None:
    for ring in rings_of(outline(topology([THERE, BACK], [[0, ~1], [1, ~0]], "MultiPolygon"))):
        assert ring[0] == ring[-1]
        assert len(ring) > 3


def test_a_country_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSuchCountry, match="840"):
        outline(topology([THERE, BACK], [[0, ~1]]), "840")


def test_something_else_than_countries_is_refused() -> None:
    with pytest.raises(NoSuchCountry):
        outline({"type": "FeatureCollection", "features": []})


def test_the_file_is_geojson(tmp_path: Path) -> None:
    source, target = tmp_path / "countries.json", tmp_path / "vendor" / "thailand.json"
    source.write_text(json.dumps(topology([THERE, BACK], [[0, ~1]])), "utf-8")
    size = write_outline(source, target)
    assert target.stat().st_size == size
    assert json.loads(target.read_text("utf-8"))["type"] == "FeatureCollection"
