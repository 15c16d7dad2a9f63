"""What an operator may set about the map: [map] of hub.toml."""

import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_TILES = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/?&=%@{}:-]*")
_PLACES = {"{z}", "{x}", "{y}"}


def _template(text: str) -> str:
    if not _TILES.fullmatch(text) or sorted(re.findall(r"\{[^}]*\}?", text)) != sorted(_PLACES):
        raise ValueError(
            f"{text!r} is no address of tiles; write https://HOST/…/{{z}}/{{x}}/{{y}}.png with each of the three once"
        )
    return text


class MapSettings(BaseModel):
    """What lies under the schools. The outline of the country always does, and needs no Internet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    boundaries: Path | None = Field(
        None,
        description="A GeoJSON file of boundaries, such as those of districts and provinces, in place of the country's "
        "outline; the hub reads it when it starts, and serves it itself.",
    )
    tiles: Annotated[str, AfterValidator(_template)] | None = Field(
        None,
        description="Pictures of a map from a server of yours, as `https://HOST/{z}/{x}/{y}.png`. Browsers then ask that host "
        "for pictures, and tell it where they look; without it they ask nobody.",
    )
    attribution: str = Field(
        "", max_length=200, description="To whom the tiles belong, as their licence wants it said under the map."
    )

    @model_validator(mode="after")
    def _says_whose(self) -> Self:
        if self.tiles and not self.attribution:
            raise ValueError('tiles belong to somebody; write attribution = "© …" beside them')
        return self

    @property
    def tiles_origin(self) -> str | None:
        """The one other server that pages may load pictures from."""
        if self.tiles is None:
            return None
        parts = urlsplit(self.tiles)
        return f"{parts.scheme}://{parts.netloc}"
