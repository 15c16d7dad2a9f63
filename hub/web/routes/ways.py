"""How somebody is told: one's own ways and times, and those of a role, which an admin keeps. Both are the same page."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from hub.core.people import Permission, PrincipalKind, Role
from hub.messages.choices import USUAL, Choice, Quiet, When, chosen
from hub.messages.kinds import Kind
from hub.messages.refusals import MessageRefused
from hub.web.failures import no_such
from hub.web.gate import SIGNED_IN, gated, joined, needs
from hub.web.message_pages import WishedWay
from hub.web.principal import principal_of
from hub.web.refusals import NotAllowed
from hub.web.site import Site

PAGE, ROLES = "/account/messages", "/admin/messages/roles"
SERVICES = ("email", "line", "tgram", "jsons", "url")
_TWO = frozenset({"line", "tgram"})
"""Services that ask for two things."""
_CONFLICTS = frozenset({"choice_stale", "way_gone"})
Short = Annotated[str, Field(max_length=1200)]
Clock = Annotated[str, Field(max_length=8)]
Number = Annotated[int, Path(ge=1, le=2**62)]


class ChoiceForm(BaseModel):
    """What stands in the form of the times. quiet: whether there are quiet hours."""

    times: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    language: Literal["th", "en"] = "th"
    quiet: bool = False
    quiet_from: Clock = ""
    quiet_to: Clock = ""
    digest_at: Clock = ""
    version: Annotated[int, Field(ge=0)] = 0

    @property
    def chosen(self) -> Mapping[Kind, When]:
        """Each says `requests:now`; what says nothing is left to the roles."""
        pairs = [each.partition(":") for each in self.times]
        kinds, whens = {kind.value for kind in Kind}, {when.value for when in When}
        return {Kind(kind): When(when) for kind, _, when in pairs if kind in kinds and when in whens}

    @property
    def choice(self) -> Choice:
        """Raises MessageRefused."""
        hours = None
        if self.quiet:
            hours = Quiet(_minute(self.quiet_from, "quiet_from"), _minute(self.quiet_to, "quiet_to"))
        return Choice(self.language, self.chosen, hours, _minute(self.digest_at, "digest_at"), self.version)


class WayForm(BaseModel):
    """What stands in the form of a way."""

    service: Literal["email", "line", "tgram", "jsons", "url"] = "email"
    name: Short = ""
    first: Short = ""
    second: Short = ""
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose ways these are. role: of a role; None: one's own."""

    label: str
    path: str
    role: Role | None = None


def router(site: Site) -> APIRouter:
    of_role = gated(needs(Permission.SET_MESSAGES), prefix=f"{ROLES}/{{role}}")
    return joined(_routes(_Own(site), gated(SIGNED_IN, prefix=PAGE)), _routes(_OfRole(site), of_role))


def _routes(pages: "_Ways", routes: APIRouter) -> APIRouter:
    routes.get("")(pages.page)
    routes.post("")(pages.choose)
    routes.post("/ways")(pages.add)
    routes.post("/ways/{way_id}/test")(pages.test)
    routes.post("/ways/{way_id}/stop")(pages.stop)
    return routes


class _Ways(ABC):
    def __init__(self, site: Site) -> None:
        self._site, self._messages = site, site.office.messages

    @abstractmethod
    def _owner(self, request: Request) -> _Owner:
        """Raises NotAllowed."""

    def page(self, request: Request) -> Response:
        return self._page(request, {})

    def choose(self, request: Request, form: Annotated[ChoiceForm, Form()]) -> Response:
        owner = self._owner(request)
        try:
            self._messages.choose(owner.label, form.choice, principal_of(request))
        except MessageRefused as refused:
            return self._page(request, {"choice": refused}, given={"form": form, "times": form.chosen})
        return RedirectResponse(f"{owner.path}?done=choice", status_code=303)

    def add(self, request: Request, form: Annotated[WayForm, Form()]) -> Response:
        owner = self._owner(request)
        wish = WishedWay(form.name, form.service, form.first, form.second, frozenset(form.kinds) or None)
        try:
            self._messages.add_way(owner.label, wish, principal_of(request))
        except MessageRefused as refused:
            return self._page(request, {"way": refused}, given={"wish": wish})
        return RedirectResponse(f"{owner.path}?done=way#ways", status_code=303)

    def test(self, request: Request, way_id: Number) -> Response:
        owner = self._owner(request)
        try:
            trouble = self._messages.test_way(owner.label, way_id)
        except MessageRefused:
            raise no_such("way", "way_id") from None
        return self._page(request, {}, given={"tested": way_id, "trouble": trouble})

    def stop(self, request: Request, way_id: Number) -> Response:
        owner = self._owner(request)
        if not self._messages.stop_way(owner.label, way_id, principal_of(request)):
            raise no_such("way", "way_id")
        return RedirectResponse(f"{owner.path}?done=stopped#ways", status_code=303)

    def _page(
        self, request: Request, mistakes: Mapping[str, MessageRefused], given: Mapping[str, Any] | None = None
    ) -> Response:
        owner, messages = self._owner(request), self._messages
        choice = messages.choice(owner.label) if owner.label else Choice()
        roles = () if owner.role else principal_of(request).roles
        of_roles = [messages.choice(role.value) for role in sorted(roles)]
        context = {
            "path": owner.path,
            "owner": owner,
            "choice": choice,
            "kinds": list(Kind),
            "whens": list(When),
            "else_when": {kind: chosen(None, of_roles, kind) if of_roles else USUAL[kind] for kind in Kind},
            "ways": messages.ways(owner.label) if owner.label else (),
            "services": [each for each in SERVICES if each != "email" or messages.has_mail],
            "two": _TWO,
            "mistakes": mistakes,
            "done": request.query_params.get("done"),
            **_AS_KEPT,
            **(given or {}),
        }
        status = 200 if not mistakes else 409 if _CONFLICTS & {each.code for each in mistakes.values()} else 422
        response = self._site.renderer.page(request, "account/ways.html", context, status)
        response.headers["Cache-Control"] = "no-store"
        return response


class _Own(_Ways):
    def _owner(self, request: Request) -> _Owner:
        principal = principal_of(request)
        if principal.kind is PrincipalKind.PERSON:
            return _Owner(principal.label, PAGE)
        if request.method != "GET":
            raise NotAllowed(None)
        return _Owner("", PAGE)


class _OfRole(_Ways):
    def _owner(self, request: Request) -> _Owner:
        name = request.path_params["role"]
        if name not in {role.value for role in Role if role is not Role.SCHOOL}:
            raise no_such("role", "role")
        return _Owner(name, f"{ROLES}/{name}", Role(name))


_AS_KEPT: Mapping[str, Any] = {"form": None, "times": None, "wish": None, "tested": None, "trouble": ""}


def _minute(text: str, field: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    fit = hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 and len(minutes) == 2
    if not fit or int(hours) > 23 or int(minutes) > 59:
        raise MessageRefused("clock", field)
    return int(hours) * 60 + int(minutes)
