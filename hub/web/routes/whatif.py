"""What if a setting were another: the form, the trial that runs, and which tickets would come and go."""

from collections.abc import Mapping
from itertools import groupby
from math import isfinite
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from hub.core.people import Permission
from hub.web.gate import gated, needs
from hub.web.site import Site
from hub.web.trials import Trial, Trials
from hub.web.tried_settings import NoSuchValue, TriedSetting, tried_settings, with_values

_PAGE = "/whatif"
_DAYS, _MOST_DAYS = 30, 90


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.TRY_SETTINGS))
    pages = _WhatIf(site, site.trials)
    routes.get(_PAGE)(pages.form)
    routes.post(_PAGE)(pages.start)
    return routes


class _WhatIf:
    def __init__(self, site: Site, trials: Trials) -> None:
        self._site, self._trials = site, trials
        self._settings = {each.path: each for each in tried_settings(trials.now)}

    def form(self, request: Request) -> Response:
        return self._page(request, {})

    async def start(self, request: Request) -> Response:
        typed = _typed(await request.form())
        try:
            days = _days(typed)
            values = self._changed(typed)
            then = with_values(self._trials.now, values)
        except NoSuchValue as mistake:
            return self._page(request, typed, mistake.path)
        if not values:
            return self._page(request, typed, "nothing")
        changed = {path: (self._settings[path].value, value) for path, value in values.items()}
        if not self._trials.start(then, Trial(days, changed, self._site.clock())):
            return self._page(request, typed, "busy")
        return RedirectResponse(f"{_PAGE}#trial", status_code=303)

    def _changed(self, typed: Mapping[str, str]) -> dict[str, float]:
        """Those that differ from what is in force. Raises NoSuchValue."""
        values = {path: _number(path, text) for path, text in typed.items() if path in self._settings and text}
        return {path: value for path, value in values.items() if value != self._settings[path].value}

    def _page(self, request: Request, typed: Mapping[str, str], mistake: str = "") -> Response:
        context: dict[str, Any] = {
            "parts": [(part, list(each)) for part, each in groupby(self._settings.values(), _part)],
            "typed": typed,
            "mistake": mistake,
            "days": typed.get("days", _DAYS),
            "most_days": _MOST_DAYS,
            "trial": self._trials.last,
            "path": _PAGE,
        }
        return self._site.renderer.page(request, "admin/whatif.html", context, 422 if mistake else 200)


def _part(setting: TriedSetting) -> str:
    return setting.part


def _typed(form: FormData) -> dict[str, str]:
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


def _days(typed: Mapping[str, str]) -> int:
    days = _number("days", typed.get("days") or str(_DAYS))
    if not 1 <= days <= _MOST_DAYS:
        raise NoSuchValue("days")
    return int(days)


def _number(path: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise NoSuchValue(path) from None
    if not isfinite(value):
        raise NoSuchValue(path)
    return value
