"""Signing in by the office's OpenID provider: there, and back again."""

import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.accounts.errors import AccountError
from hub.accounts.signing import SignIn, SignInResult
from hub.web.addresses import local_path
from hub.web.gate import PUBLIC, gated
from hub.web.identity import signed_in, visitor_of
from hub.web.pending import PendingSignIns
from hub.web.provider import Provider, ProviderTrouble
from hub.web.routes.sign_in import PAGE, Then
from hub.web.site import Site, base_of

log = logging.getLogger(__name__)
_COOKIE = "openid"
_LASTS_S = 600
_BACK = f"{PAGE}/openid/back"
Given = Annotated[str, Query(max_length=4000)]


def router(site: Site, provider: Provider) -> APIRouter:
    routes = gated(PUBLIC)
    pages = _OpenId(site, provider)
    routes.get(f"{PAGE}/openid")(pages.go)
    routes.get(_BACK)(pages.back)
    return routes


class _OpenId:
    def __init__(self, site: Site, provider: Provider) -> None:
        self._site, self._provider, self._pending = site, provider, PendingSignIns(site.clock)

    def go(self, request: Request, then: Then = "/") -> Response:
        pending = self._pending.begin(local_path(then), base_of(self._site, request) + _BACK)
        try:
            response = RedirectResponse(self._provider.address(pending), status_code=303)
        except ProviderTrouble as trouble:
            return self._failed(request, "provider", trouble)
        secure = request.url.scheme == "https"
        # Lax: the provider leads back by an ordinary link, with which the cookie comes.
        response.set_cookie(
            _COOKIE, pending.binder, max_age=_LASTS_S, path=PAGE, secure=secure, httponly=True, samesite="lax"
        )
        return response

    def back(
        self, request: Request, state: Given = "", code: Given = "", iss: Given = "", error: Given = ""
    ) -> Response:
        pending = self._pending.take(state, request.cookies.get(_COOKIE, ""))
        if pending is None:
            return self._failed(request, "openid_late", None)
        if error or not code or not self._provider.is_issuer(iss):
            return self._failed(request, "openid_refused", error[:200] or "no code, or another provider's")
        try:
            identity = self._provider.identity(code, pending)
            done = self._site.accounts.outside.sign_in(identity, visitor_of(request), self._site.clock())
        except (ProviderTrouble, AccountError) as trouble:
            return self._failed(request, "provider", trouble)
        if done.result is not SignInResult.OPENED:
            return self._failed(request, done.result.value, None)
        return self._opened(request, done, pending.then)

    def _opened(self, request: Request, done: SignIn, then: str) -> Response:
        response = signed_in(request, done, then, self._site.accounts.settings.session)
        response.delete_cookie(_COOKIE, path=PAGE)
        return response

    def _failed(self, request: Request, mistake: str, trouble: Exception | str | None) -> Response:
        if trouble is not None:
            log.warning("openid: %r", str(trouble))
        context = {"path": PAGE, "mistake": mistake, "provider": self._provider.label}
        status = 502 if mistake == "provider" else 403
        return self._site.renderer.page(request, "account/openid_failed.html", context, status)
