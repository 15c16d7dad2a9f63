"""The web application, from the services that it is given. Decides what is mounted and in which order requests are judged."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from hub.web.failures import CrashGuard, Failures
from hub.web.gate import joined, require_declarations
from hub.web.guards import BodyLimit, HostGuard, OriginGuard, SecurityHeaders
from hub.web.identity import Identify, Known
from hub.web.leading import Leading
from hub.web.live import Live
from hub.web.map_view import MapView
from hub.web.photos import MOST_IN_ALL
from hub.web.render import STATIC, Renderer
from hub.web.routes import (
    account,
    agents,
    allocation,
    api_allocation,
    api_assets,
    api_country,
    api_desks,
    api_equipment,
    api_insights,
    api_papers,
    api_repairs,
    api_reports,
    api_requests,
    api_schema,
    api_stock,
    api_surveys,
    api_tickets,
    api_trips,
    asset_lists,
    assets,
    audit,
    charts,
    country,
    director,
    enrolment,
    explained,
    exports,
    feeds,
    health,
    incidents,
    lessons,
    links,
    maps,
    messages,
    needs,
    openid,
    overview,
    papers,
    people,
    phone,
    places,
    profiles,
    repairs,
    reports,
    requests,
    rollouts,
    school_lists,
    schools,
    search,
    sheets,
    sign_in,
    stickers,
    stock_lists,
    streams,
    supply,
    surveys,
    tickets,
    trips,
    usage,
    ways,
    whatif,
)
from hub.web.school_lists import MOST_BYTES
from hub.web.settings import WebSettings
from hub.web.site import Services, Site
from hub.web.static_files import LastingFiles
from hub.web.webhook_shapes import described
from hub.web.whole_answers import Heads, Marked

_PAGES = (
    *(
        exports,
        overview,
        country,
        maps,
        schools,
        charts,
        tickets,
        search,
        incidents,
        feeds,
        lessons,
        usage,
        whatif,
        streams,
        health,
    ),
    *(sign_in, links, stickers, repairs, account, places, people, audit, rollouts, profiles),
    *(stock_lists, supply),
    *(agents, enrolment, school_lists, requests, papers),
    *(messages, ways),
    *(needs, allocation),
    *(asset_lists, assets, trips, explained),
    *(surveys, sheets, reports, director, phone),
)
_API = (
    *(api_surveys, api_reports, api_equipment, api_tickets, api_desks),
    *(api_insights, api_country, api_requests, api_repairs, api_papers, api_stock),
    *(api_assets, api_trips, api_allocation, api_schema),
)
_LARGER = {
    school_lists.PAGE: MOST_BYTES + 64 * 1024,
    stock_lists.IMPORT: MOST_BYTES + 64 * 1024,
    asset_lists.IMPORT: MOST_BYTES + 64 * 1024,
    f"{stickers.STICKER}/": stickers.MOST_BYTES + 64 * 1024,
    f"{requests.PAGE}/": MOST_IN_ALL,
    f"{tickets.PAGE}/": MOST_IN_ALL,
    # In base64, which is a third longer.
    f"/api/v1{requests.PAGE}/files": requests.MOST_BYTES * 4 // 3 + 256 * 1024,
    f"/api/v1{requests.PAGE}/": 256 * 1024,
    f"{sheets.PAGE}/": sheets.MOST_BYTES,
    f"/api/v1{surveys.PAGE}/": sheets.MOST_BYTES,
    # As a form sends it, in which a sign may take three.
    f"{profiles.PAGE}/": profiles.MOST_BYTES * 3 + 64 * 1024,
    f"{needs.PRICES}/import": needs.MOST_BYTES + 64 * 1024,
}
"""Where files are sent to."""


def create_app(services: Services, settings: WebSettings) -> FastAPI:
    """The ASGI application. Whoever serves it calls `live.close()` before it stops the server (see hub.web.server)."""
    renderer = Renderer(settings, services.clock)
    site = Site.of(services, renderer)
    app = FastAPI(
        title="dltv-fleet",
        summary="Health and repair tickets of satellite-television classrooms",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.groups = settings.groups
    app.state.renderer = renderer
    app.state.maps = MapView.of(settings.maps)
    app.state.district_names = renderer.districts
    routers = [part.router(site) for part in (*_PAGES, *_API)]
    if services.provider is not None:
        routers.append(openid.router(site, services.provider))
    app.router.routes.extend(joined(*routers).routes)
    described(app.webhooks)
    app.mount("/static", LastingFiles(directory=STATIC))
    _guard(app, Failures(renderer), settings, _known(site), services.live)
    require_declarations(app)
    return app


def _known(site: Site) -> Known:
    def any_school() -> str | None:
        return next((node.key.school for node in site.pages.nodes(None, 1)), None)

    return Known(site.accounts, site.clock, any_school)


def _guard(app: FastAPI, failures: Failures, settings: WebSettings, known: Known, live: Live) -> None:
    """The last that is added sees a request first."""
    failures.attach(app)
    app.add_middleware(Identify, known=known)
    app.add_middleware(Marked, live=live)
    app.add_middleware(CrashGuard, failures=failures)
    app.add_middleware(BodyLimit, most=settings.max_body_bytes, larger=_LARGER)
    app.add_middleware(OriginGuard)
    app.add_middleware(Leading)
    app.add_middleware(HostGuard, allowed=settings.allowed_hosts)
    # A page is two in a hundred larger than by level 9, and made in half the time.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Heads)
    app.add_middleware(SecurityHeaders, images=settings.maps.tiles_origin)
