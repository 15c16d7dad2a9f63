"""The page behind the sticker of a device, and that of what was reported there: for everybody, by random tokens."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from hub.repairs.reporting import RATINGS, TROUBLES, Device, Picture, Progress, Report, Unclear
from hub.web.failures import Problem, no_such
from hub.web.gate import PUBLIC, gated
from hub.web.pace import Pace
from hub.web.photos import key_of, picture_of
from hub.web.request_forms import form_of
from hub.web.site import Site
from hub.workflows.refusals import Refused

STICKER, REPORT = "/e", "/r"
MOST_BYTES = 5 * 1024 * 1024
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_UNSEEN = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_STATUS = {"": 200, "too_often": 429}
Form = Annotated[FormData, Depends(form_of)]


def router(site: Site) -> APIRouter:
    routes = gated(PUBLIC)
    pages = _Reports(site)
    routes.get(f"{STICKER}/{{token}}")(pages.device)
    routes.post(f"{STICKER}/{{token}}")(pages.report)
    routes.get(f"{REPORT}/{{token}}")(pages.progress)
    routes.post(f"{REPORT}/{{token}}")(pages.rate)
    return routes


class _Reports:
    """A school sits behind one address, and may report a whole room; nobody may guess, nor fill the office's table."""

    def __init__(self, site: Site) -> None:
        self._site, self._reports = site, site.office.stickers
        self._told = Pace(20, 10 * _MINUTE_MS, site.clock)
        self._of_device = Pace(5, 10 * _MINUTE_MS, site.clock)
        self._of_device_a_day = Pace(20, _DAY_MS, site.clock)
        self._guesses = Pace(30, 10 * _MINUTE_MS, site.clock)

    def device(self, request: Request, token: str) -> Response:
        return self._form(request, token, self._sticker(request, token), Report())

    def report(self, request: Request, token: str, form: Form) -> Response:
        device, key = self._sticker(request, token), key_of(form)
        if before := self._reports.reported(token, key):
            return RedirectResponse(f"{REPORT}/{before}?done", status_code=303, headers=_UNSEEN)
        given = {name: str(form.get(name, "")) for name in ("trouble", "words", "reporter", "phone")}
        report = Report(**given)
        try:
            self._limit(request, token)
            told = self._reports.report(token, report, _picture(form), key)
        except Unclear as unclear:
            return self._form(request, token, device, report, unclear.code)
        except (Refused, Problem) as no:
            return self._form(request, token, device, report, "too_often" if isinstance(no, Problem) else "refused")
        return RedirectResponse(f"{REPORT}/{told}?done", status_code=303, headers=_UNSEEN)

    def progress(self, request: Request, token: str) -> Response:
        return self._shown(request, self._known(request, token), done="done" in request.query_params)

    def rate(self, request: Request, token: str, form: Form) -> Response:
        self._told.require(request)
        progress = self._known(request, token)
        rating, suggestion = str(form.get("rating", "")), str(form.get("suggestion", ""))[:1000]
        if rating not in RATINGS:
            return self._shown(request, progress, suggestion=suggestion, mistake="rating")
        self._reports.rate(token, rating, suggestion)
        return RedirectResponse(f"{REPORT}/{token}", status_code=303, headers=_UNSEEN)

    def _sticker(self, request: Request, token: str) -> Device:
        found = self._reports.device(token)
        if found is None:
            self._guesses.require(request)
            raise no_such("sticker", "token")
        return found

    def _known(self, request: Request, token: str) -> Progress:
        found = self._reports.progress(token)
        if found is None:
            self._guesses.require(request)
            raise no_such("report", "token")
        return found

    def _limit(self, request: Request, token: str) -> None:
        """Raises Problem."""
        self._told.require(request)
        if not self._of_device.allows(token) or not self._of_device_a_day.allows(token):
            raise Problem(429, "too-often", "This device was reported several times just now.")

    def _form(self, request: Request, token: str, device: Device, typed: Report, mistake: str = "") -> Response:
        context = {
            "path": f"{STICKER}/{token}",
            "device": device,
            "typed": typed,
            "troubles": TROUBLES,
            "mistake": mistake,
            **self._words(),
        }
        return self._page(request, "stickers/report.html", context, _STATUS.get(mistake, 422))

    def _shown(
        self, request: Request, progress: Progress, *, done: bool = False, suggestion: str = "", mistake: str = ""
    ) -> Response:
        context = {
            "path": f"{REPORT}/{progress.token}",
            "progress": progress,
            "done": done,
            "suggestion": suggestion,
            "mistake": mistake,
            **self._words(),
        }
        return self._page(request, "stickers/reported.html", context, 422 if mistake else 200)

    def _words(self) -> dict[str, object]:
        return {"definition": self._site.requests.engine.definitions["repair"], "ratings": RATINGS}

    def _page(self, request: Request, template: str, context: dict[str, object], status: int) -> Response:
        response = self._site.renderer.page(request, template, context, status)
        response.headers.update(_UNSEEN)
        return response


def _picture(form: FormData) -> Picture | None:
    sent = form.get("picture")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    found = picture_of(sent, MOST_BYTES)
    if found is None:
        raise Unclear("picture")
    name = "".join(filter(str.isprintable, sent.filename.replace("\\", "/").rpartition("/")[2]))
    return Picture(name or "picture", found.data)
