"""What may be set about the map."""

import pytest
from pydantic import ValidationError

from hub.core.maps import MapSettings

TILES = "https://tiles.example.org/osm/{z}/{x}/{y}.png"


def test_nothing_is_asked_of_anybody_unless_it_is_set() -> None:
    assert MapSettings.model_validate({}).tiles_origin is None


def test_pages_may_load_pictures_from_where_the_tiles_are() -> None:
    settings = MapSettings.model_validate({"tiles": TILES, "attribution": "© somebody"})
    assert settings.tiles_origin == "https://tiles.example.org"


@pytest.mark.parametrize(
    "tiles",
    [
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{z}.png",
        "https://{s}.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org; script-src */{z}/{x}/{y}.png",
        "https://a@b/{z}/{x}/{y}.png",
        "//tiles.example.org/{z}/{x}/{y}.png",
        "javascript:{z}{x}{y}",
        "https://tiles.example.org/{z}/{x}/{y}/{key}.png",
    ],
)
def test_an_address_that_is_none_of_tiles_is_refused_with_an_example(tiles: str) -> None:
    with pytest.raises(ValidationError, match="HOST"):
        MapSettings.model_validate({"tiles": tiles, "attribution": "©"})


def test_tiles_need_the_name_of_whose_they_are() -> None:
    with pytest.raises(ValidationError, match="attribution"):
        MapSettings.model_validate({"tiles": TILES})
