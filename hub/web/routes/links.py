"""What a one-time link leads to: a first admin names themselves, somebody invited sets a password, somebody sets a new one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from hub.accounts.errors import AccountError, LinkRefused, PasswordRefused
from hub.accounts.links import PATH
from hub.web.gate import PUBLIC, gated
from hub.web.identity import signed_in, visitor_of
from hub.web.site import Site

_UNSEEN = {"Cache-Control": "no-store"}
"""The address is the secret: nothing on the way keeps the page. No other site hears of it, as of no page of ours."""
Password = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=300)]


def router(site: Site) -> APIRouter:
    routes = gated(PUBLIC, prefix=PATH.rstrip("/"))
    pages = _Links(site)
    routes.get("/{secret}")(pages.form)
    routes.post("/{secret}")(pages.redeem)
    return routes


class _Links:
    def __init__(self, site: Site) -> None:
        self._site, self._links = site, site.accounts.links

    def form(self, request: Request, secret: str) -> Response:
        return self._page(request, secret)

    def redeem(
        self,
        request: Request,
        secret: str,
        *,
        password: Password = "",
        again: Password = "",
        login: Short = "",
        name: Short = "",
    ) -> Response:
        typed = {"login": login, "name": name}
        if password != again:
            return self._page(request, secret, "again", typed)
        try:
            done = self._links.redeem(secret, password, visitor_of(request), self._site.clock(), (login, name))
        except LinkRefused:
            return self._page(request, secret)
        except AccountError as mistake:
            return self._page(request, secret, mistake_of(mistake), typed)
        return signed_in(request, done, "/", self._site.accounts.settings.session)

    def _page(
        self, request: Request, secret: str, mistake: str | None = None, typed: dict[str, str] | None = None
    ) -> Response:
        view = self._links.look(secret, self._site.clock())
        context = {
            "view": view,
            "mistake": mistake,
            "typed": typed or {"login": "", "name": ""},
            "shortest": self._site.accounts.settings.password.min_length,
        }
        status = 410 if view is None else 422 if mistake else 200
        response = self._site.renderer.page(request, "account/link.html", context, status)
        response.headers.update(_UNSEEN)
        return response


def mistake_of(error: AccountError) -> str:
    """A word for the catalogues: `mistake.<word>`."""
    return f"password_{error.flaw.value}" if isinstance(error, PasswordRefused) else error.code
