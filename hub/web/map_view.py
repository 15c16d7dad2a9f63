"""What lies under the schools on the map: an own file of boundaries or the country's outline, and tiles where there are any."""

from dataclasses import dataclass

from starlette.requests import Request

from hub.core.maps import MapSettings
from hub.web.boundaries import Boundaries, read_boundaries

BOUNDARIES = "/map/boundaries.json"


@dataclass(frozen=True, slots=True)
class MapView:
    """tiles: the address of pictures with {z}, {x} and {y} in it; attribution: whose they are."""

    tiles: str = ""
    attribution: str = ""
    own: Boundaries | None = None

    @classmethod
    def of(cls, settings: MapSettings) -> "MapView":
        """Raises BoundariesMistake."""
        own = read_boundaries(settings.boundaries) if settings.boundaries else None
        return cls(settings.tiles or "", settings.attribution, own)

    @property
    def path(self) -> str | None:
        """Of the own boundaries; changes when they do."""
        return None if self.own is None else f"{BOUNDARIES}?v={self.own.version}"


def map_of(request: Request) -> MapView:
    view: MapView = request.app.state.maps
    return view
