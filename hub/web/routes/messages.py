"""What the hub tells, for who looks after it: what waits, what failed and why; and the programs that are told."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.people import Permission, Role
from hub.messages.deliveries import State
from hub.messages.events import EventType
from hub.messages.refusals import MessageRefused
from hub.messages.views import Sent
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Asked, Listing, at, by_name
from hub.web.principal import principal_of
from hub.web.site import Site

PAGE, HOOKS = "/admin/messages", "/admin/webhooks"
_MOST, _WHOLE = 50, 10_000
"""Lines of a page, and those among which is searched."""
_Line = tuple[Sent, str]
"""A delivery, and its message in one line."""
_LOST = (State.FAILED, State.UNSURE)
_GOING = (State.WAITING, State.SENDING)
Short = Annotated[str, Form(max_length=1200)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Version = Annotated[int, Form(ge=0)]
Types = Annotated[tuple[EventType, ...], Form()]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SET_MESSAGES))
    pages, hooks = _Messages(site), _Webhooks(site)
    routes.get(PAGE)(pages.messages)
    routes.get(PAGE + "/export.{kind}")(pages.export)
    routes.post(PAGE + "/{delivery_id}/again")(pages.again)
    routes.get(HOOKS)(hooks.hooks)
    routes.post(HOOKS)(hooks.add)
    routes.post(HOOKS + "/{hook_id}")(hooks.change)
    routes.post(HOOKS + "/{hook_id}/renew")(hooks.renew)
    routes.post(HOOKS + "/{hook_id}/remove")(hooks.remove)
    routes.post(HOOKS + "/{hook_id}/test")(hooks.test)
    routes.post(HOOKS + "/{hook_id}/deliveries/{delivery_id}/again")(hooks.again)
    return routes


class _Messages:
    def __init__(self, site: Site) -> None:
        self._site, self._messages = site, site.office.messages

    def messages(self, request: Request, asked: Asked) -> Response:
        listing = self._listing(request)
        lost, going = (listing.found(self._told(request, each), asked) for each in (_LOST, _GOING))
        context = {
            "path": PAGE,
            "found": lost,
            "lost": lost.lines[:_MOST],
            "going": going.lines[:_MOST],
            "counts": self._messages.counts(),
            "names": self._messages.names(),
            "cases": self._messages.desks.newest(_MOST),
            "ways_of_roles": self._messages.ways_of_roles(),
            "roles": [role for role in Role if role is not Role.SCHOOL],
            "done": request.query_params.get("done"),
        }
        return self._site.renderer.page(request, "admin/messages.html", context)

    def export(self, request: Request, kind: str, asked: Asked) -> Response:
        """What was not told, and what is on its way."""
        listing = self._listing(request)
        return listing.file(self._site, request, kind, listing.found(self._told(request, (*_LOST, *_GOING)), asked))

    def _told(self, request: Request, states: Sequence[State]) -> list[_Line]:
        language = self._site.renderer.language(request).code
        return [(each, self._messages.subject(each.news, language)) for each in self._messages.some(states, _WHOLE)]

    def _listing(self, request: Request) -> Listing[_Line]:
        language, figures = self._site.renderer.language(request), self._site.renderer.figures(request)
        names = self._messages.names()

        def to(line: _Line) -> str:
            return names.get(line[0].owner) or language.lookup(f"role.{line[0].owner}") or line[0].owner

        def way(line: _Line) -> str:
            return line[0].way or language.lookup(f"service.{line[0].service}") or line[0].service

        def trouble(line: _Line) -> str:
            told = line[0].trouble or ""
            return language.lookup(f"trouble.{told}") or told

        return Listing(
            "messages",
            {
                "newest": lambda line: -line[0].id,
                "oldest": lambda line: line[0].id,
                "reader": lambda line: by_name(to(line)),
                "tries": lambda line: -line[0].tries,
            },
            lambda line: (line[1], to(line), way(line), trouble(line)),
            {
                "subject": lambda line: line[1],
                "reader": to,
                "way": way,
                "state": lambda line: language.gettext(f"delivery.{line[0].state.value}"),
                "tries": lambda line: line[0].tries,
                "trouble": trouble,
                "due": lambda line: at(figures, line[0].due_at),
            },
        )

    def again(self, request: Request, delivery_id: Number) -> Response:
        if not self._messages.send_again(delivery_id, principal_of(request)):
            raise no_such("message", "delivery_id")
        return RedirectResponse(f"{PAGE}?done=again", status_code=303)


class _Webhooks:
    def __init__(self, site: Site) -> None:
        self._site, self._hooks = site, site.office.messages.webhooks

    def hooks(self, request: Request) -> Response:
        return self._page(request)

    def add(self, request: Request, name: Short = "", url: Short = "", types: Types = ()) -> Response:
        """The answer is the only page that shows the secret."""
        wanted = [each.value for each in types]
        try:
            secret = self._hooks.add(name, url, wanted, principal_of(request))
        except MessageRefused as refused:
            return self._page(request, refused, typed={"name": name, "url": url, "types": wanted})
        return self._page(request, secret=secret)

    def change(
        self,
        request: Request,
        hook_id: Number,
        version: Version = 0,
        types: Types = (),
        active: Annotated[bool, Form()] = False,
    ) -> Response:
        try:
            self._hooks.change(hook_id, version, [each.value for each in types], active, principal_of(request))
        except MessageRefused as refused:
            return self._page(request, refused)
        return RedirectResponse(f"{HOOKS}?done=changed#hook-{hook_id}", status_code=303)

    def renew(self, request: Request, hook_id: Number, version: Version = 0) -> Response:
        try:
            secret = self._hooks.renew(hook_id, version, principal_of(request))
        except MessageRefused as refused:
            return self._page(request, refused)
        return self._page(request, secret=secret)

    def remove(self, request: Request, hook_id: Number, version: Version = 0) -> Response:
        try:
            self._hooks.remove(hook_id, version, principal_of(request))
        except MessageRefused as refused:
            return self._page(request, refused)
        return RedirectResponse(f"{HOOKS}?done=removed", status_code=303)

    def test(self, request: Request, hook_id: Number) -> Response:
        try:
            self._hooks.test(hook_id, principal_of(request))
        except MessageRefused:
            raise no_such("webhook", "hook_id") from None
        return RedirectResponse(f"{HOOKS}?done=tested#hook-{hook_id}", status_code=303)

    def again(self, request: Request, hook_id: Number, delivery_id: Number) -> Response:
        if not self._hooks.send_again(hook_id, delivery_id, principal_of(request)):
            raise no_such("delivery", "delivery_id")
        return RedirectResponse(f"{HOOKS}?done=again#hook-{hook_id}", status_code=303)

    def _page(
        self, request: Request, refused: MessageRefused | None = None, secret: str = "", typed: Any = None
    ) -> Response:
        context = {
            "path": HOOKS,
            "hooks": self._hooks.all(),
            "types": [each.value for each in EventType],
            "refused": refused,
            "secret": secret,
            "typed": typed or {"name": "", "url": "", "types": ()},
            "done": request.query_params.get("done"),
        }
        status = 200 if refused is None else 409 if refused.code == "hook_stale" else 422
        response = self._site.renderer.page(request, "admin/webhooks.html", context, status)
        response.headers["Cache-Control"] = "no-store"
        return response
