"""One's own account: the password, where one is signed in, and tokens for programs."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from hub.accounts.errors import AccountError
from hub.accounts.secret import digest
from hub.accounts.signing import SignInResult
from hub.accounts.tokens import LONGEST_DAYS, Wish
from hub.core.people import Permission, Principal, PrincipalKind
from hub.web.failures import no_such
from hub.web.gate import SIGNED_IN, gated
from hub.web.identity import session_of, signed_in, visitor_of
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.routes.links import mistake_of
from hub.web.routes.people import as_file
from hub.web.site import Site

PAGE = "/account"
_STATUS = {SignInResult.LOCKED: 429, SignInResult.BUSY: 503}
_USUAL_DAYS = 90
Password = Annotated[str, Form(max_length=2000)]
Number = Annotated[int, Path(ge=1, le=2**62)]


def router(site: Site) -> APIRouter:
    routes = gated(SIGNED_IN, prefix=PAGE)
    pages = _Account(site)
    routes.get("")(pages.account)
    routes.get("/data.json")(pages.data)
    routes.post("/password")(pages.change_password)
    routes.post("/sessions/{session_id}/end")(pages.end_session)
    routes.post("/tokens")(pages.issue_token)
    routes.post("/tokens/{token_id}/revoke")(pages.revoke_token)
    return routes


class _Account:
    def __init__(self, site: Site) -> None:
        self._site, self._accounts = site, site.accounts

    def account(self, request: Request) -> Response:
        return self._page(request, {})

    def data(self, request: Request) -> Response:
        """All that the hub knows of whoever asks."""
        principal = principal_of(request)
        return as_file(self._site.office.personal.export(_number(principal), principal), "my-data.json")

    def change_password(
        self, request: Request, old: Password = "", new: Password = "", again: Password = ""
    ) -> Response:
        person_id = _number(principal_of(request))
        if new != again:
            return self._page(request, {"password": "again"}, 422)
        try:
            done = self._accounts.signing.change_password(person_id, old, new, visitor_of(request), self._site.clock())
        except AccountError as mistake:
            return self._page(request, {"password": mistake_of(mistake)}, 422)
        if done.result is not SignInResult.OPENED:
            mistakes = {"password": done.result.value, "until": done.until}
            return self._page(request, mistakes, _STATUS.get(done.result, 422))
        return signed_in(request, done, f"{PAGE}?done=password", self._accounts.settings.session)

    def end_session(self, request: Request, session_id: Number) -> Response:
        principal = principal_of(request)
        if not self._accounts.signing.end_other(principal, _number(principal), session_id, self._site.clock()):
            raise no_such("session", "session_id")
        return RedirectResponse(f"{PAGE}#sessions", status_code=303)

    def issue_token(
        self,
        request: Request,
        name: Annotated[str, Form(max_length=200)] = "",
        days: Annotated[int, Form(ge=1, le=LONGEST_DAYS)] = _USUAL_DAYS,
        scopes: Annotated[tuple[Permission, ...], Form()] = (),
    ) -> Response:
        """The answer is the only page that shows the token."""
        principal = principal_of(request)
        wish = Wish(_number(principal), name, frozenset(scopes), days)
        try:
            issued = self._accounts.tokens.issue(principal, wish, self._site.clock())
        except AccountError as mistake:
            return self._page(request, {"token": mistake_of(mistake)}, 422)
        return self._page(request, {}, issued=issued)

    def revoke_token(self, request: Request, token_id: Number) -> Response:
        principal = principal_of(request)
        if not self._accounts.tokens.revoke(principal, token_id, self._site.clock(), of=_number(principal)):
            raise no_such("token", "token_id")
        return RedirectResponse(f"{PAGE}#tokens", status_code=303)

    def _page(
        self, request: Request, mistakes: Mapping[str, object], status: int = 200, issued: Any = None
    ) -> Response:
        principal, now = principal_of(request), self._site.clock()
        person_id = _number(principal) if principal.kind is PrincipalKind.PERSON else None
        context = {
            "path": PAGE,
            "person": None if person_id is None else self._accounts.people.get(person_id),
            "sessions": [] if person_id is None else self._accounts.signing.sessions(person_id, now),
            "this": digest(session_of(request)),
            "tokens": [] if person_id is None else _valid(self._accounts.tokens.all(person_id), now),
            "scopes": [each for each in Permission if principal.may(each) and each is not Permission.USE_API],
            "issued": issued,
            "mistakes": mistakes,
            "done": request.query_params.get("done"),
            "usual_days": _USUAL_DAYS,
            "longest_days": LONGEST_DAYS,
            "shortest": self._accounts.settings.password.min_length,
        }
        response = self._site.renderer.page(request, "account/account.html", context, status)
        response.headers["Cache-Control"] = "no-store"
        return response


def _valid(tokens: Any, now: int) -> list[Any]:
    return [token for token in tokens if token.is_valid(now)]


def _number(principal: Principal) -> int:
    """Whoever only shows the hub as a role has no account."""
    if principal.kind is not PrincipalKind.PERSON:
        raise NotAllowed(None)
    return int(principal.id)
