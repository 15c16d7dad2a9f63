"""Own boundaries of the map: looked through when the hub starts, served by itself."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.maps import MapSettings
from hub.core.people import Role
from hub.web.boundaries import BoundariesMistake, read_boundaries
from hub.web.settings import WebSettings

By = Callable[[Role], httpx.Client]
RING = [[101.0, 15.0], [102.0, 15.0], [102.0, 16.0], [101.0, 15.0]]
DISTRICT = {
    "type": "Feature",
    "properties": {"name": "<b>"},
    "geometry": {"type": "Polygon", "coordinates": [[[*point, 7.123456789] for point in RING]]},
}
POINT = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [101, 15]}}


def file_of(folder: Path, told: Any) -> Path:
    path = folder / "district.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), "utf-8")
    return path


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("{", "no GeoJSON"),
        ([], "no FeatureCollection"),
        ({"type": "Topology"}, "no FeatureCollection"),
        (collection(), "no lines and no areas"),
        (collection(POINT), "no lines and no areas"),
        (collection({**DISTRICT, "geometry": {"type": "Polygon", "coordinates": [[[671000, 1750000]]]}}), "nowhere"),
        (collection({**DISTRICT, "geometry": {"type": "Polygon", "coordinates": 7}}), "without points"),
        ({"type": "FeatureCollection", "features": "x"}, "no list of features"),
        ("[" * 5000, "no GeoJSON"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_in_one_line(tmp_path: Path, told: Any, why: str) -> None:
    with pytest.raises(BoundariesMistake, match=why) as refused:
        read_boundaries(file_of(tmp_path, told))
    assert str(tmp_path / "district.json") in str(refused.value)
    assert "\n" not in str(refused.value)


@given(
    told=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_whatever_stands_for_the_points_it_is_refused_or_read(
    told: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    feature = {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": told}}
    with suppress(BoundariesMistake):
        read_boundaries(file_of(tmp_path_factory.mktemp("map"), collection(feature)))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BoundariesMistake, match=r"nowhere\.json.*boundaries in \[map\]"):
        read_boundaries(tmp_path / "nowhere.json")


def test_a_map_is_only_offered_own_boundaries_where_there_are_some(as_role: By) -> None:
    assert as_role(Role.TECHNICIAN).get("/map/boundaries.json").status_code == 404


class TestServed:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> WebSettings:
        path = file_of(tmp_path, collection(DISTRICT, POINT))
        tiles = {"tiles": "https://tiles.example.org:8443/{z}/{x}/{y}.png", "attribution": "© nobody"}
        return WebSettings(maps=MapSettings.model_validate({"boundaries": path, **tiles}))

    @pytest.mark.parametrize("encoding", ["gzip", "identity"])
    def test_what_is_not_drawn_is_left_out(self, as_role: By, encoding: str) -> None:
        answer = as_role(Role.TECHNICIAN).get("/map/boundaries.json?v=1", headers={"Accept-Encoding": encoding})
        geometry = {"type": "Polygon", "coordinates": [RING]}
        assert answer.json()["features"] == [{"type": "Feature", "properties": {}, "geometry": geometry}]
        assert answer.headers["content-type"] == "application/geo+json"
        assert "immutable" in answer.headers["cache-control"]

    def test_pictures_of_the_one_server_of_tiles_are_let_in(self, as_role: By) -> None:
        policy = as_role(Role.TECHNICIAN).get("/").headers["content-security-policy"]
        assert "img-src 'self' data: https://tiles.example.org:8443;" in policy
        assert policy.count("example.org") == 1


def test_without_tiles_nothing_is_loaded_from_anybody(as_role: By) -> None:
    policy = as_role(Role.TECHNICIAN).get("/").headers["content-security-policy"]
    assert "img-src 'self' data:;" in policy
    assert "http" not in policy
