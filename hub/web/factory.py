"""The web application, from the services that it is given. Decides what is mounted and in which order requests are judged."""

from fastapi import FastAPI

from hub.web.live import Live
from hub.web.pages import Clock, MetricsText, Pages, Readiness, TicketMoves
from hub.web.settings import WebSettings


def create_app(
    *,
    pages: Pages,
    moves: TicketMoves,
    live: Live,
    metrics: MetricsText,
    readiness: Readiness,
    clock: Clock,
    settings: WebSettings,
) -> FastAPI:
    """The ASGI application. Whoever serves it calls `live.close()` before it stops the server (see hub.web.server)."""
    app = FastAPI(title="dltv-fleet", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    app.state.services = (pages, moves, live, metrics, readiness, clock, settings)
    return app
