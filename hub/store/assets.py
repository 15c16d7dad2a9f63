"""The register of assets in the database: no row changes without a line of history, and only if nobody was quicker."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub.assets.rules import elsewhere, settled
from hub.core.assets import (
    Asset,
    AssetEntry,
    AssetFlaw,
    AssetRefused,
    AssetState,
    Component,
    Deed,
    Disposal,
)
from hub.store.asset_tables import asset, asset_component, asset_entry

_OURS = frozenset({"id", "version", "token", "told"})
"""What no line of a history tells."""
_ENTRIES = _MANY = 500


class AssetRows:
    """On one transaction. Raises AssetRefused."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, asset_id: int) -> Asset | None:
        return self._one(asset.c.id == asset_id)

    def many(self, ids: Iterable[int]) -> Mapping[int, Asset]:
        """Those of them that there are, in the order in which they are asked for."""
        wanted = tuple(dict.fromkeys(ids))
        found: dict[int, Asset] = {}
        for start in range(0, len(wanted), _MANY):
            rows = select(asset).where(asset.c.id.in_(wanted[start : start + _MANY]))
            found |= {row.id: read_asset(row) for row in self._connection.execute(rows)}
        return {each: found[each] for each in wanted if each in found}

    def at(self, group: str, school: str, device: str, node: str = "") -> Asset | None:
        """The one that a device of an agent is. node: the agent's name, where it is not the school's first."""
        node = "" if node == school else node
        place = (asset.c.group == group) & (asset.c.school == school) & (asset.c.node == node)
        return self._one(place & (asset.c.device == device))

    def by_number(self, group: str, number: str) -> Asset | None:
        return self._one((asset.c.group == group) & (asset.c.number == number))

    def by_token(self, token: str) -> Asset | None:
        return self._one(asset.c.token == token)

    def of_school(self, group: str, school: str) -> tuple[Asset, ...]:
        """Also those that are written off; in order of room and number."""
        return self._all((asset.c.group == group) & (asset.c.school == school))

    def all(self, groups: Iterable[str] | None = None) -> tuple[Asset, ...]:
        """groups  None: of every group"""
        return self._all(True if groups is None else asset.c.group.in_(list(groups)))

    def add(self, new: Asset, deed: Deed) -> Asset:
        """With its id and the token of its sticker."""
        new = settled(new)
        self._refuse_twins(new)
        new = replace(new, version=1, token=new.token or _token())
        row = insert(asset).values(**_columns(new)).returning(asset.c.id)
        new = replace(new, id=self._connection.execute(row).scalar_one())
        self.tell(new.id, deed, differences(Asset(new.group, ""), new))
        return new

    def add_all(self, new: Sequence[Asset], deed: Deed) -> None:
        """Many at once, of which the caller knows that no number and no device is there twice."""
        for start in range(0, len(new), _MANY):
            some = [replace(settled(each), version=1, token=_token()) for each in new[start : start + _MANY]]
            rows = insert(asset).returning(asset.c.id, sort_by_parameter_order=True)
            ids = self._connection.execute(rows, [_columns(each) for each in some]).scalars().all()
            told = [
                _entry_columns(asset_id, deed, differences(Asset(each.group, ""), each))
                for asset_id, each in zip(ids, some, strict=True)
            ]
            self._connection.execute(insert(asset_entry), told)

    def change(self, then: Asset, deed: Deed) -> Asset:
        """then  as it is to be, with the version that was read. Where nothing differs nothing is done."""
        now = self.get(then.id)
        if now is None:
            raise AssetRefused(AssetFlaw.NO_SUCH_ASSET)
        if now.version != then.version:
            raise AssetRefused(AssetFlaw.STALE)
        then = settled(elsewhere(now, replace(then, group=now.group, token=now.token)))
        if then == now:
            return now
        self._refuse_twins(then, now)
        then = replace(then, version=now.version + 1)
        mine = (asset.c.id == now.id) & (asset.c.version == now.version)
        if self._connection.execute(update(asset).where(mine).values(**_columns(then))).rowcount != 1:
            raise AssetRefused(AssetFlaw.STALE)
        self.tell(now.id, deed, differences(now, then))
        return then

    def touch(self, read: Asset) -> None:
        """Something around it changes: whoever read it before is told so. Raises AssetRefused where somebody was quicker."""
        mine = (asset.c.id == read.id) & (asset.c.version == read.version)
        if self._connection.execute(update(asset).where(mine).values(version=read.version + 1)).rowcount != 1:
            raise AssetRefused(AssetFlaw.STALE)

    def history(self, asset_id: int) -> tuple[AssetEntry, ...]:
        """The newest first."""
        rows = select(asset_entry).where(asset_entry.c.asset_id == asset_id).order_by(asset_entry.c.id.desc())
        return tuple(map(_entry, self._connection.execute(rows.limit(_ENTRIES))))

    def components(self, asset_id: int) -> tuple[Component, ...]:
        """Those that are fitted first, then what was removed."""
        row = asset_component.c
        rows = select(asset_component).where(row.asset_id == asset_id)
        ordered = rows.order_by(row.removed_on.is_not(None), row.fitted_on.desc(), row.id.desc())
        return tuple(map(_component, self._connection.execute(ordered)))

    def component(self, component_id: int) -> Component | None:
        found = self._connection.execute(select(asset_component).where(asset_component.c.id == component_id)).first()
        return None if found is None else _component(found)

    def fit(self, new: Component, deed: Deed) -> Component:
        row = insert(asset_component).values(**_component_columns(new)).returning(asset_component.c.id)
        new = replace(new, id=self._connection.execute(row).scalar_one())
        self.tell(new.asset, deed, differences(Component(new.asset, ""), new), new.id)
        return new

    def change_component(self, then: Component, deed: Deed) -> Component:
        now = self.component(then.id)
        if now is None:
            raise AssetRefused(AssetFlaw.NO_SUCH_ASSET)
        then = replace(then, asset=now.asset)
        if then != now:
            row = update(asset_component).where(asset_component.c.id == then.id)
            self._connection.execute(row.values(**_component_columns(then)))
            self.tell(then.asset, deed, differences(now, then), then.id)
        return then

    def tell(
        self, asset_id: int, deed: Deed, changes: Iterable[tuple[str, str, str]] = (), component: int | None = None
    ) -> None:
        """A line of its history."""
        self._connection.execute(insert(asset_entry), _entry_columns(asset_id, deed, changes, component))

    def _one(self, condition: Any) -> Asset | None:
        found = self._connection.execute(select(asset).where(condition)).first()
        return None if found is None else read_asset(found)

    def _all(self, condition: Any) -> tuple[Asset, ...]:
        order = (asset.c.group, asset.c.school, asset.c.room, asset.c.number, asset.c.id)
        return tuple(map(read_asset, self._connection.execute(select(asset).where(condition).order_by(*order))))

    def _refuse_twins(self, then: Asset, now: Asset | None = None) -> None:
        if then.number and (now is None or then.number != now.number):
            twin = self.by_number(then.group, then.number)
            if twin is not None and twin.id != then.id:
                raise AssetRefused(AssetFlaw.NUMBER_TAKEN, twin.number)
        if then.device is not None and (now is None or _spot(then) != _spot(now)):
            twin = self.at(then.group, then.school, then.device, then.node)
            if twin is not None and twin.id != then.id:
                raise AssetRefused(AssetFlaw.DEVICE_TAKEN, twin.number or f"#{twin.id}")


def differences(now: Asset | Component, then: Asset | Component) -> tuple[tuple[str, str, str], ...]:
    """As a history tells them."""
    pairs = ((each.name, getattr(now, each.name), getattr(then, each.name)) for each in fields(now))
    return tuple(
        (name, _text(before), _text(after)) for name, before, after in pairs if before != after and name not in _OURS
    )


def _spot(value: Asset) -> tuple[str | None, ...]:
    return (value.school, value.node_name, value.device)


def _token() -> str:
    """Of a sticker: nobody guesses it."""
    return secrets.token_urlsafe(9)


def _entry_columns(
    asset_id: int, deed: Deed, changes: Iterable[tuple[str, str, str]], component: int | None = None
) -> dict[str, Any]:
    said = {"what": deed.what, "who": deed.who, "name": deed.name, "at": deed.at, "note": deed.note}
    return {"asset_id": asset_id, "component_id": component, "changes": [list(each) for each in changes], **said}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value.value if isinstance(value, Enum) else value)


def _columns(value: Asset) -> dict[str, Any]:
    plain: dict[str, Any] = {each.name: getattr(value, each.name) for each in fields(value) if each.name != "id"}
    return plain | {
        "number": value.number or None,
        "node": "" if value.node == value.school else value.node,
        "state": value.state.value,
        "disposal": None if value.disposal is None else value.disposal.value,
        "told": sorted(value.told),
    }


_COLUMNS = tuple(asset.c.keys())


def read_asset(row: Sequence[Any]) -> Asset:
    """row: the columns of the register, in their order, and what else was asked for behind them."""
    told: dict[str, Any] = dict(zip(_COLUMNS, row, strict=False))
    told["number"] = told["number"] or ""
    told["state"] = AssetState(told["state"])
    told["disposal"] = None if told["disposal"] is None else Disposal(told["disposal"])
    told["told"] = frozenset(told["told"])
    return Asset(**told)


def _component_columns(value: Component) -> dict[str, Any]:
    plain = {each.name: getattr(value, each.name) for each in fields(value) if each.name not in ("id", "asset")}
    return plain | {"asset_id": value.asset}


def _component(row: Any) -> Component:
    plain = row._mapping
    told = {each.name: plain[each.name] for each in fields(Component) if each.name != "asset"}
    return Component(asset=row.asset_id, **told)


def _entry(row: Any) -> AssetEntry:
    deed = Deed(row.what, row.who, row.name, row.at, row.note)
    return AssetEntry(deed, tuple((name, a, b) for name, a, b in row.changes), row.component_id, row.id)
