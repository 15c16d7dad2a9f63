"""The people of the hub, for who looks after them: invite, give roles, hand over a new password, end an account."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from hub.accounts.errors import AccountError, NoSuchPerson
from hub.accounts.links import Made
from hub.accounts.person import Person, Place, normal_login
from hub.core.people import Permission, Role
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Arranging, Asked, Listing, at, by_name, falling
from hub.web.principal import principal_of
from hub.web.routes.links import mistake_of
from hub.web.site import Site, base_of

PAGE = "/people"
Short = Annotated[str, Form(max_length=300)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Roles = Annotated[tuple[Role, ...], Form()]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.MANAGE_PEOPLE), prefix=PAGE)
    pages = _People(site)
    routes.get("")(pages.people)
    routes.post("")(pages.invite)
    routes.post("/named")(pages.named)
    routes.get("/export.{kind}")(pages.export)
    routes.get("/{person_id}")(pages.person)
    routes.get("/{person_id}/data.json")(pages.data)
    routes.post("/{person_id}/erase")(pages.erase)
    routes.post("/{person_id}")(pages.change)
    routes.post("/{person_id}/reset")(pages.reset)
    routes.post("/{person_id}/deactivate")(pages.deactivate)
    routes.post("/{person_id}/reactivate")(pages.reactivate)
    return routes


class _People:
    def __init__(self, site: Site) -> None:
        self._site, self._people, self._links = site, site.accounts.people, site.accounts.links
        self._personal = site.office.personal

    def people(self, request: Request, asked: Asked) -> Response:
        return self._list(request, asked=asked)

    def export(self, request: Request, kind: str, asked: Asked) -> Response:
        listing = self._listing(request)
        return listing.file(self._site, request, kind, listing.found(self._people.all(), asked))

    def invite(
        self, request: Request, login: Short = "", name: Short = "", school: Short = "", roles: Roles = ()
    ) -> Response:
        """The answer is the only page that shows the link."""
        place = Place(name, frozenset(roles), school.strip() or None)
        typed = {"login": login, "name": name, "school": school, "roles": roles}
        mistake = _mistake_in(place)
        if mistake:
            return self._list(request, mistake, typed)
        try:
            made = self._links.invite(principal_of(request), login, place, self._site.clock())
        except AccountError as wrong:
            return self._list(request, mistake_of(wrong), typed)
        return self._handed(request, made, "invitation")

    def person(self, request: Request, person_id: Number) -> Response:
        return self._one(request, self._known(person_id))

    def change(
        self, request: Request, person_id: Number, name: Short = "", school: Short = "", roles: Roles = ()
    ) -> Response:
        person = self._known(person_id)
        place = Place(name, frozenset(roles), school.strip() or None, person.place.groups)
        mistake = _mistake_in(place)
        try:
            if not mistake:
                self._people.change(principal_of(request), person_id, place, self._site.clock())
        except AccountError as wrong:
            mistake = mistake_of(wrong)
        if mistake:
            return self._one(request, person, mistake, place)
        return RedirectResponse(f"{PAGE}/{person_id}?done=changed", status_code=303)

    def reset(self, request: Request, person_id: Number) -> Response:
        try:
            made = self._links.reset(principal_of(request), person_id, self._site.clock())
        except NoSuchPerson:
            raise no_such("person", "person_id") from None
        return self._handed(request, made, "reset")

    def deactivate(self, request: Request, person_id: Number) -> Response:
        person = self._known(person_id)
        try:
            self._people.deactivate(principal_of(request), person_id, self._site.clock())
        except AccountError as wrong:
            return self._one(request, person, mistake_of(wrong))
        return RedirectResponse(f"{PAGE}/{person_id}", status_code=303)

    def reactivate(self, request: Request, person_id: Number) -> Response:
        self._known(person_id)
        self._people.reactivate(principal_of(request), person_id, self._site.clock())
        return RedirectResponse(f"{PAGE}/{person_id}", status_code=303)

    def data(self, request: Request, person_id: Number) -> Response:
        """All that the hub knows of them."""
        self._known(person_id)
        return as_file(self._personal.export(person_id, principal_of(request)), f"person-{person_id}.json")

    def erase(self, request: Request, person_id: Number, login: Short = "") -> Response:
        """login: typed again, so that nobody else is erased by a slip."""
        person = self._known(person_id)
        if not person.is_erased and normal_login(login) != person.login:
            return self._one(request, person, "other_login")
        try:
            self._personal.erase(person_id, principal_of(request))
        except AccountError as wrong:
            return self._one(request, person, mistake_of(wrong))
        return RedirectResponse(f"{PAGE}/{person_id}?done=erased", status_code=303)

    def named(self, request: Request, text: Short = "") -> Response:
        """Where somebody is named who may have no account."""
        found = self._personal.named(text, principal_of(request))
        return self._list(request, "too_short", looked_for=text) if found is None else as_file(found, "named.json")

    def _known(self, person_id: int) -> Person:
        person = self._people.get(person_id)
        if person is None:
            raise no_such("person", "person_id")
        return person

    def _list(
        self,
        request: Request,
        mistake: str | None = None,
        typed: Mapping[str, object] | None = None,
        looked_for: str | None = None,
        asked: Arranging = Arranging(),  # noqa: B008  it never changes
    ) -> Response:
        everybody = self._people.all()
        context = {
            "path": PAGE,
            "found": self._listing(request).found(everybody, asked),
            "known": len(everybody),
            "roles": list(Role),
            "mistake": mistake,
            "looked_for": looked_for,
            "typed": typed or {"login": "", "name": "", "school": "", "roles": ()},
        }
        return self._site.renderer.page(request, "admin/people.html", context, 422 if mistake else 200)

    def _listing(self, request: Request) -> Listing[Person]:
        language, figures = self._site.renderer.language(request), self._site.renderer.figures(request)

        def roles(person: Person) -> str:
            return ", ".join(language.gettext(f"role.{each}") for each in sorted(person.place.roles))

        return Listing(
            "people",
            {
                "name": lambda each: (not each.active, by_name(each.place.name)),
                "login": lambda each: each.login,
                "role": lambda each: (by_name(roles(each)), by_name(each.place.name)),
                "seen": lambda each: falling(each.signed_in_at),
            },
            lambda each: (each.place.name, each.login, each.place.school, roles(each)),
            {
                "name": lambda each: each.place.name,
                "login": lambda each: each.login,
                "roles": roles,
                "code": lambda each: each.place.school,
                "state": lambda each: language.gettext(
                    "account_state.active" if each.active else "account_state.ended"
                ),
                "seen": lambda each: at(figures, each.signed_in_at),
            },
        )

    def _one(
        self, request: Request, person: Person, mistake: str | None = None, typed: Place | None = None
    ) -> Response:
        context = {
            "path": f"{PAGE}/{person.id}",
            "person": person,
            "typed": typed or person.place,
            "roles": list(Role),
            "mistake": mistake,
            "is_me": principal_of(request).label == person.principal.label,
            "done": request.query_params.get("done"),
        }
        return self._site.renderer.page(request, "admin/person.html", context, 422 if mistake else 200)

    def _handed(self, request: Request, made: Made, purpose: str) -> Response:
        assert made.person_id is not None
        context = {
            "path": f"{PAGE}/{made.person_id}",
            "person": self._known(made.person_id),
            "url": made.url(base_of(self._site, request)),
            "made": made,
            "purpose": purpose,
        }
        response = self._site.renderer.page(request, "admin/handed.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


def as_file(data: bytes, name: str) -> Response:
    """Kept by no browser."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/json", headers=headers)


def _mistake_in(place: Place) -> str | None:
    """What cannot be meant."""
    if not place.roles:
        return "no_roles"
    return "no_school" if Role.SCHOOL in place.roles and place.school is None else None
