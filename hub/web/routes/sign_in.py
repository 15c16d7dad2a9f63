"""Signing in and out: by password, by one click on a hub that shows itself, or by the office's OpenID provider."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.accounts.signing import SignIn, SignInResult
from hub.core.people import PrincipalKind, Role
from hub.web.addresses import local_path
from hub.web.gate import PUBLIC, SIGNED_IN, gated
from hub.web.identity import drop_session, is_local, session_of, signed_in, visitor_of
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.site import Site

PAGE = "/sign-in"
_STATUS = {SignInResult.LOCKED: 429, SignInResult.BUSY: 503}
# Not "cookies": that would sign people out of other systems of the office that share its domain.
_CLEARED = '"cache", "storage"'
Then = Annotated[str, Query(alias="next", max_length=2000)]
ThenField = Annotated[str, Form(alias="next", max_length=2000)]


def router(site: Site) -> APIRouter:
    routes = gated()
    pages = _SigningIn(site)
    routes.get(PAGE, dependencies=[PUBLIC])(pages.form)
    routes.post(PAGE, dependencies=[PUBLIC])(pages.sign_in)
    routes.post("/sign-out", dependencies=[SIGNED_IN])(pages.sign_out)
    if site.accounts.settings.demo:
        routes.post(f"{PAGE}/demo", dependencies=[PUBLIC])(pages.as_demo)
    return routes


class _SigningIn:
    def __init__(self, site: Site) -> None:
        self._site, self._signing = site, site.accounts.signing

    def form(self, request: Request, then: Then = "/") -> Response:
        if principal_of(request).kind is not PrincipalKind.NOBODY:
            return RedirectResponse(local_path(then), status_code=303)
        return sign_in_page(self._site, request, then)

    def sign_in(
        self,
        request: Request,
        login: Annotated[str, Form(max_length=500)] = "",
        password: Annotated[str, Form(max_length=2000)] = "",
        then: ThenField = "/",
    ) -> Response:
        done = self._signing.sign_in(login, password, visitor_of(request), self._site.clock())
        if done.result is SignInResult.OPENED:
            return signed_in(request, done, local_path(then), self._site.accounts.settings.session)
        return sign_in_page(self._site, request, then, refused=done, login=login)

    def as_demo(self, request: Request, role: Annotated[Role, Form()], then: ThenField = "/") -> Response:
        if not is_local(request):
            raise NotAllowed(None)
        done = self._signing.open_demo(role, visitor_of(request), self._site.clock())
        return signed_in(request, done, local_path(then), self._site.accounts.settings.session)

    def sign_out(self, request: Request) -> Response:
        self._signing.end(session_of(request), self._site.clock())
        response = RedirectResponse(PAGE, status_code=303, headers={"Clear-Site-Data": _CLEARED})
        drop_session(request, response)
        return response


def sign_in_page(site: Site, request: Request, then: str, refused: SignIn | None = None, login: str = "") -> Response:
    """The form; or why it did not work."""
    context = {
        "then": local_path(then),
        "login": login,
        "refused": None if refused is None else refused.result.value,
        "until": None if refused is None else refused.until,
        "demo_roles": list(Role) if site.accounts.settings.demo else [],
        "provider": None if site.provider is None else site.provider.label,
    }
    status = 200 if refused is None else _STATUS.get(refused.result, 422)
    response = site.renderer.page(request, "account/sign_in.html", context, status)
    if refused is not None and refused.until is not None:
        response.headers["Retry-After"] = str(max(1, -(-(refused.until - site.clock()) // 1000)))
    return response
