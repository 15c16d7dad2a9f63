"""The JSON API of the register of assets: the list, one with its components, its history, adding and changing."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field

from hub.assets.refusals import AssetWrong
from hub.core.people import Permission
from hub.web.api_asset_models import (
    AssetChange,
    AssetDetailModel,
    AssetEntryModel,
    AssetModel,
    NewAsset,
    Text,
)
from hub.web.api_models import Page
from hub.web.asset_pages import AssetFile
from hub.web.districts import chosen_district
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.routes.assets import MAX_ID, Asked
from hub.web.site import Site

_KEEP = needs(Permission.KEEP_ASSETS)


class Listed(Asked):
    """Which assets are asked for."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(100, ge=1, le=500)


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.SEE_ASSETS), prefix="/assets")
    api = _Assets(site)
    routes.get("")(api.some)
    routes.post("", status_code=201, dependencies=[_KEEP])(api.add)
    routes.get("/{asset_id}")(api.one)
    routes.patch("/{asset_id}", dependencies=[_KEEP])(api.change)
    routes.get("/{asset_id}/history")(api.history)
    return routes


class _Assets:
    def __init__(self, site: Site) -> None:
        self._look, self._desk = site.office.assets.look, site.office.assets.desk

    def some(self, request: Request, wanted: Annotated[Listed, Query()]) -> Page[AssetModel]:
        """Assets that you may see."""
        skipped = (wanted.page - 1) * wanted.limit
        lines, total = self._look.some(principal_of(request), wanted.wanted, wanted.limit, skipped)
        following = None
        if skipped + len(lines) < total:
            query = wanted.model_dump(exclude_defaults=True) | {"page": wanted.page + 1}
            following = f"/api/v1/assets?{urlencode(query)}"
        return Page(items=[AssetModel.of(each.asset) for each in lines], next=following)

    def one(self, request: Request, asset_id: int) -> AssetDetailModel:
        """One with its components, its repairs, and where its agent says otherwise."""
        return AssetDetailModel.of_all(self._known(request, asset_id))

    def history(self, request: Request, asset_id: int) -> Page[AssetEntryModel]:
        """Every change, the newest first: all of them at once."""
        file = self._known(request, asset_id)
        return Page(items=[AssetEntryModel.of(each) for each in file.history], next=None)

    def add(self, request: Request, wish: NewAsset) -> AssetDetailModel:
        """Put an asset into the register, and answer with it."""
        group = chosen_district(request, wish.group)
        try:
            kept = self._desk.add(group, _texts(wish.values), principal_of(request), wish.note)
        except AssetWrong as wrong:
            raise _problem(wrong) from None
        return self.one(request, kept.id)

    def change(self, request: Request, asset_id: int, wish: AssetChange) -> AssetDetailModel:
        """Change the fields that are named, and answer with what the asset is then."""
        self._known(request, asset_id)
        try:
            self._desk.change(asset_id, _texts(wish.values), wish.version, principal_of(request), wish.note)
        except AssetWrong as wrong:
            raise _problem(wrong) from None
        return self.one(request, asset_id)

    def _known(self, request: Request, asset_id: int) -> AssetFile:
        found = self._look.one(asset_id, principal_of(request)) if 0 < asset_id < MAX_ID else None
        if found is None:
            raise no_such("asset", "asset_id")
        return found


def _texts(values: Mapping[str, Text]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _problem(wrong: AssetWrong) -> Problem:
    if wrong.stale:
        return Problem(
            409,
            "stale",
            "The asset has changed since it was read.",
            "version",
            "read it again, then decide",
        )
    errors = [
        {"field": f"values.{each.field}".rstrip("."), "problem": _told(each.code, each.value)} for each in wrong.faults
    ]
    detail = "Some fields are missing or not what they should be."
    return Problem(422, "fields", detail, "values", "see errors", (("errors", errors),))


def _told(code: str, value: str) -> str:
    return f"{code} ({value})" if value else code
