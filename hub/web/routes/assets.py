"""The register of assets: the list, one with its components and its history, and what is done with it.

Lists in and out, and stickers, stand in asset_lists.py.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData

from hub.assets.asking import Sort, Wanted
from hub.assets.refusals import AssetWrong
from hub.assets.vocabulary import vocabulary
from hub.core.assets import ASSET_KINDS, PARTS, Asset, AssetState, Disposal
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.people import Permission
from hub.web.addresses import asset_url, device_url
from hub.web.asset_forms import (
    SELDOM,
    SHOWN_FIRST,
    SHOWN_THEN,
    AssetTyped,
    as_typed,
    number_of,
    refused,
    texts_of,
    typed_in,
    version_of,
)
from hub.web.asset_pages import AssetFile, Moved, Part, WrittenOff
from hub.web.districts import chosen_district, districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.principal import principal_of
from hub.web.request_forms import form_of
from hub.web.site import Site

PAGE = "/assets"
MAX_ID = 2**62
_LIST = 50
_FOUND = 100
_KEEP = needs(Permission.KEEP_ASSETS)
Form = Annotated[FormData, Depends(form_of)]


class Asked(BaseModel):
    """Which assets are asked for, in an address."""

    model_config = ConfigDict(extra="ignore")

    search: str = Field("", max_length=100)
    group: str = Field("", max_length=200)
    school: str = Field("", max_length=60)
    kind: str = Field("", max_length=32)
    state: str = Field("there", max_length=16)
    conflict: bool = False
    sort: Sort = "place"
    page: int = Field(1, ge=1, le=100_000)

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            self.search.strip(), self.group, self.school.strip(), self.kind, self.state, self.conflict, self.sort
        )

    def kept(self, **other: object) -> dict[str, str]:
        """For an address with something else."""
        told = {**self.model_dump(exclude_defaults=True), **other}
        return {name: str(value) for name, value in told.items() if value not in (None, "", False)}


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.SEE_ASSETS), prefix=PAGE)
    pages = _AssetPages(site)
    routes.get("")(pages.some)
    routes.get("/found")(pages.found)
    routes.post("/found", dependencies=[_KEEP])(pages.take_in)
    routes.get("/new", dependencies=[_KEEP])(pages.blank)
    routes.post("/new", dependencies=[_KEEP])(pages.add)
    routes.get("/{asset_id}")(pages.one)
    routes.get("/{asset_id}/change", dependencies=[_KEEP])(pages.edit)
    for step, act in pages.steps().items():
        routes.post(f"/{{asset_id}}/{step}", dependencies=[_KEEP])(act)
    return routes


class _AssetPages:
    def __init__(self, site: Site) -> None:
        self._site, self._look, self._desk = site, site.office.assets.look, site.office.assets.desk

    def steps(self) -> dict[str, Callable[..., Response]]:
        return {
            "change": self.change,
            "move": self.move,
            "write-off": self.write_off,
            "take-back": self.take_back,
            "parts": self.fit,
            "parts/remove": self.remove,
            "conflicts": self.settle,
        }

    def some(self, request: Request, asked: Annotated[Asked, Query()]) -> Response:
        who = principal_of(request)
        lines, total = self._look.some(who, asked.wanted, _LIST, (asked.page - 1) * _LIST)
        context = {
            "lines": lines,
            "total": total,
            "asked": asked,
            "last_page": max(1, -(-total // _LIST)),
            "kinds": self._look.kinds(who),
            "states": list(AssetState),
            "schools": self._look.schools(who),
            "groups": districts(request),
            "conflicts": self._look.conflicts(who),
            "found": self._look.count_found(who) if who.may(Permission.KEEP_ASSETS) else 0,
            "words": vocabulary(),
            "today": self._today(request),
        }
        return self._site.renderer.page(request, "assets/assets.html", context)

    def found(self, request: Request, school: Annotated[str, Query(max_length=240)] = "") -> Response:
        return self._found(request, AssetTyped(values={"school": school}))

    def take_in(self, request: Request, form: Form) -> Response:
        typed, who = typed_in(form, "take"), principal_of(request)
        school = typed.values.get("school", "")
        node = NodeKey(typed.values.get("group", ""), typed.values.get("node", ""))
        try:
            if typed.values.get("all"):
                self._desk.take_in_all(school, who)
                return RedirectResponse(f"{PAGE}?{urlencode({'school': school.partition('/')[2]})}", status_code=303)
            kept = self._desk.take_in(DeviceKey(node, typed.values.get("device", "")), who)
        except AssetWrong as wrong:
            return self._found(request, refused(typed, wrong))
        return RedirectResponse(f"{asset_url(kept.id)}?done=taken_in", status_code=303)

    def blank(self, request: Request) -> Response:
        return self._form(request, None, AssetTyped())

    def add(self, request: Request, form: Form) -> Response:
        typed = typed_in(form, "add")
        group = chosen_district(request, typed.values.get("group", ""))
        try:
            kept = self._desk.add(group, texts_of(typed), principal_of(request), typed.values.get("why", ""))
        except AssetWrong as wrong:
            return self._form(request, None, refused(typed, wrong))
        return RedirectResponse(f"{asset_url(kept.id)}?done=added", status_code=303)

    def one(self, request: Request, asset_id: int) -> Response:
        return self._shown(request, self._known(request, asset_id), AssetTyped())

    def edit(self, request: Request, asset_id: int) -> Response:
        return self._form(request, self._known(request, asset_id), AssetTyped())

    def change(self, request: Request, asset_id: int, form: Form) -> Response:
        self._known(request, asset_id)
        typed = typed_in(form, "change")
        who = principal_of(request)
        try:
            self._desk.change(asset_id, texts_of(typed), version_of(typed), who, typed.values.get("why", ""))
        except AssetWrong as wrong:
            return self._form(request, self._known(request, asset_id), refused(typed, wrong))
        return RedirectResponse(f"{asset_url(asset_id)}?done=changed", status_code=303)

    def move(self, request: Request, asset_id: int, form: Form) -> Response:
        typed = typed_in(form, "move")
        told = typed.values
        state = told.get("state", "")
        where = Moved(
            school=told.get("school", ""),
            room=told.get("room", ""),
            dish=told.get("dish", ""),
            state=AssetState(state) if state in tuple(AssetState) else AssetState.IN_USE,
            version=version_of(typed),
            note=told.get("why", ""),
        )
        return self._done(request, asset_id, typed, lambda: self._desk.move(asset_id, where, principal_of(request)))

    def write_off(self, request: Request, asset_id: int, form: Form) -> Response:
        typed = typed_in(form, "write-off")
        told = typed.values
        wish = WrittenOff(
            told.get("written_off_on", ""), told.get("disposal", ""), told.get("note", ""), version_of(typed)
        )
        return self._done(request, asset_id, typed, lambda: self._desk.write_off(asset_id, wish, principal_of(request)))

    def take_back(self, request: Request, asset_id: int, form: Form) -> Response:
        typed = typed_in(form, "take-back")
        note, version, who = typed.values.get("note", ""), version_of(typed), principal_of(request)
        return self._done(request, asset_id, typed, lambda: self._desk.take_back(asset_id, version, note, who))

    def fit(self, request: Request, asset_id: int, form: Form) -> Response:
        typed = typed_in(form, "parts")
        asked = ("kind", "name", "serial", "fitted_on", "warranty_until", "price", "note")
        told = {name: typed.values.get(name, "") for name in asked}
        version = version_of(typed) if "version" in typed.values else None
        part = Part(**told, replaces=number_of(typed.values.get("replaces", "")), version=version)
        return self._done(request, asset_id, typed, lambda: self._desk.fit(asset_id, part, principal_of(request)))

    def remove(self, request: Request, asset_id: int, form: Form) -> Response:
        typed = typed_in(form, "parts/remove")
        part, on, note = (
            number_of(typed.values.get("part", "")),
            typed.values.get("on", ""),
            typed.values.get("note", ""),
        )
        who = principal_of(request)
        return self._done(request, asset_id, typed, lambda: self._desk.remove(asset_id, part, on, note, who))

    def settle(self, request: Request, asset_id: int, form: Form) -> Response:
        typed = typed_in(form, "conflicts")
        name, said = typed.values.get("field", ""), typed.values.get("said", "")
        decision, who = typed.values.get("decision"), principal_of(request)
        if decision == "exchange":
            return self._done(request, asset_id, typed, lambda: self._desk.exchange(asset_id, said, who))
        take = decision == "take"
        return self._done(request, asset_id, typed, lambda: self._desk.settle(asset_id, name, said, take=take, who=who))

    def _done(self, request: Request, asset_id: int, typed: AssetTyped, act: Callable[[], Any]) -> Response:
        self._known(request, asset_id)
        try:
            done = act()
        except AssetWrong as wrong:
            return self._shown(request, self._known(request, asset_id), refused(typed, wrong))
        # Of an exchange: the new one.
        shown = done.id if isinstance(done, Asset) else asset_id
        return RedirectResponse(f"{asset_url(shown)}?done={typed.step.partition('/')[0]}", status_code=303)

    def _known(self, request: Request, asset_id: int) -> AssetFile:
        found = self._look.one(asset_id, principal_of(request)) if 0 < asset_id < MAX_ID else None
        if found is None:
            raise no_such("asset", "asset_id")
        return found

    def _today(self, request: Request) -> date:
        return date.fromisoformat(self._site.renderer.figures(request).today(self._site.clock()))

    def _around(self, request: Request, typed: AssetTyped) -> dict[str, object]:
        """What every form needs."""
        return {
            "typed": typed,
            "words": vocabulary(),
            "kinds": ASSET_KINDS,
            "states": [each for each in AssetState if each is not AssetState.WRITTEN_OFF],
            "schools": self._look.schools(principal_of(request)),
            "groups": districts(request),
            "today": self._today(request),
        }

    def _found(self, request: Request, typed: AssetTyped) -> Response:
        school = typed.values.get("school", "")
        devices, total = self._look.found(principal_of(request), _FOUND, school)
        found = {"path": f"{PAGE}/found", "devices": devices, "total": total, "school": school}
        context = {**self._around(request, typed), **found}
        return self._site.renderer.page(request, "assets/assets_found.html", context, typed.status)

    def _form(self, request: Request, file: AssetFile | None, typed: AssetTyped) -> Response:
        path = f"{PAGE}/new" if file is None else f"{asset_url(file.asset.id)}/change"
        context = {
            **self._around(request, typed),
            "path": path,
            "file": file,
            "step": "add" if file is None else "change",
            "holds": {} if file is None else as_typed(file.asset),
            "shown_first": SHOWN_FIRST,
            "shown_then": SHOWN_THEN,
            "seldom": SELDOM,
            "group": typed.values.get("group", ""),
        }
        return self._site.renderer.page(request, "assets/asset_form.html", context, typed.status)

    def _shown(self, request: Request, file: AssetFile, typed: AssetTyped) -> Response:
        context = {
            **self._around(request, typed),
            "path": asset_url(file.asset.id),
            "file": file,
            "asset": file.asset,
            "need": self._site.office.needs.of_asset(file.asset.id),
            "holds": as_typed(file.asset),
            "device_url": device_url(
                DeviceKey(NodeKey(file.asset.group, file.asset.node_name), file.asset.device or "")
            ),
            "parts": (*PARTS, "other"),
            "disposals": list(Disposal),
            "done": request.query_params.get("done", ""),
        }
        return self._site.renderer.page(request, "assets/asset.html", context, typed.status)
