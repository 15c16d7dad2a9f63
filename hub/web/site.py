"""What every route is given: the services behind the pages."""

from dataclasses import dataclass

from hub.web.insights import Insights
from hub.web.live import Live
from hub.web.pages import Adoption, Clock, MetricsText, Pages, Readiness, TicketMoves
from hub.web.render import Renderer
from hub.web.sun_ahead import SunAhead
from hub.web.trials import Trials


@dataclass(frozen=True, slots=True)
class Services:
    """What stands behind the pages; app.py puts it together."""

    pages: Pages
    insights: Insights
    sun: SunAhead
    trials: Trials
    moves: TicketMoves
    adoption: Adoption
    live: Live
    metrics: MetricsText
    readiness: Readiness
    clock: Clock


@dataclass(frozen=True, slots=True)
class Site(Services):
    """The services, and the renderer."""

    renderer: Renderer

    @classmethod
    def of(cls, services: Services, renderer: Renderer) -> "Site":
        return cls(
            services.pages,
            services.insights,
            services.sun,
            services.trials,
            services.moves,
            services.adoption,
            services.live,
            services.metrics,
            services.readiness,
            services.clock,
            renderer,
        )
