"""What every route is given: the services behind the pages."""

from dataclasses import dataclass

from hub.web.live import Live
from hub.web.pages import Adoption, Clock, MetricsText, Pages, Readiness, TicketMoves
from hub.web.render import Renderer


@dataclass(frozen=True, slots=True)
class Site:
    """The services, as factory.py received them, and the renderer."""

    pages: Pages
    moves: TicketMoves
    adoption: Adoption
    live: Live
    metrics: MetricsText
    readiness: Readiness
    clock: Clock
    renderer: Renderer
