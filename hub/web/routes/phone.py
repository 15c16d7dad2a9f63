"""What lets a phone work without signal: the worker of the browser, the manifest by which it is installed, the outbox, photos."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from hub.core.people import Permission
from hub.web.failures import no_such
from hub.web.gate import PUBLIC, gated, needs
from hub.web.principal import principal_of
from hub.web.render import STATIC, person_of
from hub.web.site import Site

OUTBOX, WORKER, MANIFEST, NO_SIGNAL, PHOTOS = (
    "/outbox",
    "/worker.js",
    "/manifest.webmanifest",
    "/no-signal",
    "/photos",
)
_SCRIPT = "phone/worker.js"
_LIBRARY = "phone/outbox.js"
_SHELL = (
    *("dltv.css", "phone/phone.css", "phone/day.css", "reports.css", "report.js", "icons.svg", "favicon.svg"),
    *("vendor/htmx/htmx.min.js", "live.js", _LIBRARY, "phone/photos.js", "phone/phone.js", "phone/waiting.js"),
    *("request.js", "rows.js", "ink.js", "phone/ticket_chart.js"),
)
"""Files that the pages need which a phone keeps."""
_LETTERS = "vendor/sarabun/*.woff2"
"""As the style sheet names them, so that they are not fetched a second time."""
_COLOURS = {"background_color": "#f5f3ee", "theme_color": "#0f5f74"}
_ICONS = (
    {"src": "phone/icon-192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "phone/icon-512.png", "sizes": "512x512", "type": "image/png"},
    {"src": "phone/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
)
_SHORTCUTS = (("My day", "/trips/mine"), ("Tickets", "/tickets"), ("Waits to be sent", OUTBOX))
PhotoId = Annotated[int, Path(ge=1, le=2**62)]


def router(site: Site) -> APIRouter:
    routes = gated()
    pages = _Phone(site)
    routes.get(WORKER, dependencies=[PUBLIC])(pages.worker)
    routes.get(MANIFEST, dependencies=[PUBLIC])(pages.manifest)
    routes.get(NO_SIGNAL, dependencies=[PUBLIC])(pages.no_signal)
    routes.get(OUTBOX, dependencies=[PUBLIC])(pages.outbox)
    routes.get(f"{OUTBOX}/me", dependencies=[PUBLIC])(pages.me)
    seen = [needs(Permission.MAKE_REQUESTS)]
    routes.get(f"{PHOTOS}/{{photo_id}}", dependencies=seen)(pages.photo)
    routes.get(f"{PHOTOS}/{{photo_id}}/small", dependencies=seen)(pages.small)
    return routes


class _Phone:
    def __init__(self, site: Site) -> None:
        self._site, self._renderer = site, site.renderer
        self._script = (STATIC / _SCRIPT).read_text("utf-8")

    def worker(self) -> Response:
        """Another version of any static file is another worker: the browser then takes it in place of the one before."""
        known = {
            "version": self._renderer.version,
            "shell": [self._renderer.static(name) for name in _SHELL if (STATIC / name).is_file()] + _letters(),
            "library": self._renderer.static(_LIBRARY),
            "noSignal": {code: f"{NO_SIGNAL}?lang={code}" for code in self._renderer.spoken()},
        }
        script = f"const KNOWN = {json.dumps(known)};\n{self._script}"
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    def manifest(self, request: Request) -> Response:
        language = self._renderer.language(request)
        say = language.gettext
        told = {
            "id": "/",
            "name": say("DLTV Fleet"),
            "short_name": say("DLTV Fleet"),
            "description": say("Classroom television at a glance"),
            "lang": language.code,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            **_COLOURS,
            "icons": [each | {"src": self._renderer.static(each["src"])} for each in _ICONS],
            "shortcuts": [{"name": say(name), "url": path} for name, path in _SHORTCUTS],
        }
        return JSONResponse(told, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})

    def no_signal(self, request: Request) -> Response:
        """Shown in place of a page that a phone did not keep. Made for nobody: it is kept for everybody."""
        return self._renderer.page(request, "phone/no_signal.html", {})

    def outbox(self, request: Request) -> Response:
        """What waits there, only the browser knows: its script shows it."""
        return self._renderer.page(request, "phone/outbox.html", {})

    def me(self, request: Request) -> Response:
        """Who is signed in, and the word that a form of theirs carries: one that was filled without signal knows no good one."""
        told = {"person": person_of(principal_of(request)), "csrf": getattr(request.state, "csrf", "")}
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    def photo(self, request: Request, photo_id: PhotoId) -> Response:
        return self._shown(request, photo_id, small=False)

    def small(self, request: Request, photo_id: PhotoId) -> Response:
        return self._shown(request, photo_id, small=True)

    def _shown(self, request: Request, photo_id: int, *, small: bool) -> Response:
        found = self._site.requests.phone.photo(photo_id, principal_of(request), small=small)
        if found is None:
            raise no_such("photo", "photo_id")
        headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
        return Response(found.data, media_type=found.type, headers=headers)


def _letters() -> list[str]:
    return sorted(f"/static/{path.relative_to(STATIC).as_posix()}" for path in STATIC.glob(_LETTERS))
