"""Lists of assets, what agents say of them, and equipment that reports and is not in the register."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from hub.assets.asking import Conflict, Wanted
from hub.assets.vocabulary import vocabulary
from hub.core.assets import Asset, AssetState
from hub.core.equipment import DeviceKey, NodeKey
from hub.store.asset_tables import asset, asset_conflict
from hub.store.assets import read_asset
from hub.store.repair_tables import repair
from hub.store.spelled import held, spelled
from hub.store.tables import device, node, registered, school
from hub.store.workflow_tables import request
from wire.metrics import Value

AT_THE_OFFICE = "-"
_REPAIRS = 50
_LEAST_OF_A_KIND = 2
"""Letters of a word by which a kind is searched."""
_OF_DEVICE = and_(
    asset.c.group == node.c.group,
    asset.c.school == node.c.school,
    asset.c.node == case((node.c.name == node.c.school, ""), else_=node.c.name),
    asset.c.device == device.c.key,
)
_HEARD = device.join(node)
_UNKNOWN = ~exists(select(asset.c.id).where(_OF_DEVICE))
"""Equipment that is no asset."""
_BIRTHS = (
    select(device.c.properties, node.c.properties)
    .select_from(_HEARD)
    .where(*(node.c.group == bindparam("group"), node.c.name == bindparam("node")), device.c.key == bindparam("device"))
)
_WITH_SCHOOL = asset.outerjoin(school, and_(school.c.group == asset.c.group, school.c.code == asset.c.school))
_ORDER: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "place": (asset.c.group, asset.c.school, asset.c.room, asset.c.kind),
    "number": (asset.c.number.is_(None), asset.c.number),
    "kind": (asset.c.kind, asset.c.school, asset.c.room),
    "oldest": (asset.c.acquired_on.is_(None), asset.c.acquired_on),
    "newest": (asset.c.acquired_on.is_(None), asset.c.acquired_on.desc()),
    "price": (asset.c.price_satang.is_(None), asset.c.price_satang.desc()),
    "warranty": (asset.c.warranty_until.is_(None), asset.c.warranty_until),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Equipment that reports and that no asset is; own and of_node are the properties of its births."""

    key: DeviceKey
    school: str
    school_name: str
    kind: str
    profile: str
    room: str
    dish: str
    own: Mapping[str, Value]
    of_node: Mapping[str, Value]


class AssetLook:
    """Reads on one connection. groups  those that whoever asks may see; None: all"""

    def __init__(self, connection: Connection, groups: Collection[str] | None) -> None:
        self._connection, self._groups = connection, groups

    def some(self, wanted: Wanted, limit: int, offset: int = 0) -> tuple[tuple[Asset, str], ...]:
        """With the names of their schools."""
        rows = self._chosen(select(asset, school.c.name.label("school_name")), wanted)
        rows = rows.order_by(*_ORDER[wanted.sort], asset.c.id).limit(limit).offset(offset)
        return tuple((read_asset(row), row[-1] or "") for row in self._connection.execute(rows).all())

    def picked(self, ids: Collection[int]) -> tuple[tuple[Asset, str], ...]:
        """These, in the order of their places, with the names of their schools."""
        rows = self._chosen(select(asset, school.c.name.label("school_name")), Wanted(state=""))
        rows = rows.where(asset.c.id.in_(list(ids))).order_by(*_ORDER["place"], asset.c.id)
        return tuple((read_asset(row), row[-1] or "") for row in self._connection.execute(rows).all())

    def count(self, wanted: Wanted) -> int:
        # Only words are looked for in the names of schools.
        counted = self._chosen(select(func.count()), wanted, _WITH_SCHOOL if wanted.search else asset)
        return int(self._connection.execute(counted).scalar_one())

    def kinds(self) -> tuple[str, ...]:
        """That there are any of."""
        rows = select(asset.c.kind).distinct().where(*self._visible(asset.c.group)).order_by(asset.c.kind)
        return tuple(self._connection.execute(rows).scalars())

    def schools(self) -> Mapping[str, str]:
        """All that can be named, as fields hold them, with their names; also those that only an agent names."""
        heard = select(node.c.group, node.c.school).distinct().where(*self._visible(node.c.group))
        names = {f"{group}/{code}": "" for group, code in self._connection.execute(heard).all()}
        rows = select(school.c.group, school.c.code, school.c.name).where(*self._visible(school.c.group))
        names |= {f"{group}/{code}": name for group, code, name in self._connection.execute(rows).all()}
        return dict(sorted(names.items()))

    def school_name(self, group: str, code: str) -> str:
        found = select(school.c.name).where(school.c.group == group, school.c.code == code)
        return self._connection.execute(found).scalar_one_or_none() or ""

    def conflicts(self, asset_id: int) -> tuple[Conflict, ...]:
        """That nobody has looked at yet, and those in which somebody kept what the register says."""
        rows = select(asset_conflict).where(asset_conflict.c.asset_id == asset_id).order_by(asset_conflict.c.field)
        return tuple(
            Conflict(each.asset_id, each.field, each.said, each.since, each.kept_at)
            for each in self._connection.execute(rows)
        )

    def found(self, limit: int, only: DeviceKey | None = None, school_key: str = "") -> tuple[Found, ...]:
        """Equipment that reports and that no asset is, by school. school_key  `group/code`"""
        rows = _found_rows().where(*self._visible(node.c.group), *_at_school(school_key)).limit(limit)
        if only is not None:
            its = (node.c.group == only.node.group) & (node.c.name == only.node.name) & (device.c.key == only.device)
            rows = rows.where(its)
        return tuple(map(_found, self._connection.execute(rows)))

    def count_found(self, school_key: str = "") -> int:
        rows = select(func.count()).select_from(_HEARD).where(_UNKNOWN)
        rows = rows.where(*self._visible(node.c.group), *_at_school(school_key))
        return int(self._connection.execute(rows).scalar_one())

    def _chosen(self, query: Select[Any], wanted: Wanted, there: FromClause = _WITH_SCHOOL) -> Select[Any]:
        return query.select_from(there).where(*self._visible(asset.c.group), *_wanted(self._connection, wanted))

    def _visible(self, group: Any) -> Iterator[ColumnElement[bool]]:
        if self._groups is not None:
            yield group.in_(list(self._groups))


def reported(connection: Connection) -> Iterator[tuple[Asset, Mapping[str, Value], Mapping[str, Value]]]:
    """Assets that an agent hears, with the properties of the device's birth and of its node's."""
    columns = select(asset, device.c.properties.label("own"), node.c.properties.label("of_node"))
    for row in connection.execute(columns.select_from(device.join(node).join(asset, _OF_DEVICE))):
        yield read_asset(row), row.own or {}, row.of_node or {}


def births_of(connection: Connection, its: Asset) -> tuple[Mapping[str, Value], Mapping[str, Value]] | None:
    """The properties of its device's birth and of its node's; None where none was ever heard."""
    if its.device is None:
        return None
    named = {"group": its.group, "node": its.node_name, "device": its.device}
    row = connection.execute(_BIRTHS, named).first()
    return None if row is None else (row[0] or {}, row[1] or {})


def all_conflicts(connection: Connection) -> dict[int, dict[str, str]]:
    """What agents say otherwise: by asset and field."""
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(select(asset_conflict)):
        found.setdefault(row.asset_id, {})[row.field] = row.said
    return found


def note_conflicts(connection: Connection, asset_id: int, said: Mapping[str, str], now: int) -> int:
    """These and no others; where somebody kept the register against the same words, that stays. How many are new."""
    mine = asset_conflict.c.asset_id == asset_id
    rows = connection.execute(select(asset_conflict).where(mine)).all()
    known = {row.field: row.said for row in rows}
    gone = [name for name, words in known.items() if said.get(name) != words]
    if gone:
        connection.execute(delete(asset_conflict).where(mine, asset_conflict.c.field.in_(gone)))
    fresh = [name for name, words in said.items() if known.get(name) != words]
    for name in fresh:
        connection.execute(insert(asset_conflict).values(asset_id=asset_id, field=name, said=said[name], since=now))
    return len(fresh)


def keep_register(connection: Connection, asset_id: int, name: str, who: str, now: int) -> bool:
    """Somebody looked at what an agent says, and the register is right."""
    its = (asset_conflict.c.asset_id == asset_id) & (asset_conflict.c.field == name)
    return connection.execute(update(asset_conflict).where(its).values(kept_at=now, kept_by=who)).rowcount == 1


def repairs_of(connection: Connection, its: Asset) -> tuple[tuple[str, str, bool], ...]:
    """The newest first: (number, what was wrong, whether it is open)."""
    named = {"asset": its.id, "group": its.group, "node": its.node_name, "device": its.device}
    found = connection.execute(_repairs(heard=its.device is not None), named).all()
    return tuple((number, str(values.get("symptom") or ""), is_open) for number, values, is_open in found)


@lru_cache
def _repairs(*, heard: bool) -> Select[Any]:
    mine: ColumnElement[bool] = repair.c.asset_id == bindparam("asset")
    if heard:
        spot = and_(*(repair.c[name] == bindparam(name) for name in ("group", "node", "device")), repair.c.dish == "")
        mine = or_(mine, spot & repair.c.asset_id.is_(None))
    # Its few repairs are found first: joined, every request would be looked at, the newest first.
    numbers = request.c.number.in_(select(repair.c.number).where(mine))
    rows = select(request.c.number, request.c["values"], request.c.is_open).where(numbers)
    return rows.order_by(request.c.id.desc()).limit(_REPAIRS)


@lru_cache
def _found_rows() -> Select[Any]:
    its_dish = and_(
        registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key
    )
    its_school = and_(school.c.group == node.c.group, school.c.code == node.c.school)
    columns = (node.c.group, node.c.name, node.c.school, node.c.properties.label("of_node"))
    own = (device.c.key, device.c.kind, device.c.profile, device.c.room, device.c.properties.label("own"))
    rows = select(*columns, *own, registered.c.dish, school.c.name.label("school_name"))
    there = _HEARD.outerjoin(registered, its_dish).outerjoin(school, its_school)
    return rows.select_from(there).where(_UNKNOWN).order_by(node.c.group, node.c.name, device.c.key)


def _at_school(key: str) -> Iterator[ColumnElement[bool]]:
    group, slash, code = key.partition("/")
    if slash:
        yield (node.c.group == group) & (node.c.school == code)


def _found(row: Any) -> Found:
    return Found(
        DeviceKey(NodeKey(row.group, row.name), row.key),
        row.school,
        row.school_name or "",
        row.kind,
        row.profile or "",
        row.room or "",
        str(row.dish or (row.own or {}).get("dish") or ""),
        row.own or {},
        row.of_node or {},
    )


def _wanted(connection: Connection, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for column, value in ((asset.c.group, wanted.group), (asset.c.kind, wanted.kind)):
        if value:
            yield column == value
    if wanted.school:
        yield asset.c.school == ("" if wanted.school == AT_THE_OFFICE else wanted.school)
    if wanted.state == "there":
        yield asset.c.state != AssetState.WRITTEN_OFF.value
    elif wanted.state and wanted.state != "all":
        yield asset.c.state == wanted.state
    if wanted.conflict:
        open_ones = select(asset_conflict.c.asset_id).where(asset_conflict.c.kept_at.is_(None))
        yield asset.c.id.in_(open_ones)
    for word in wanted.search.split()[:5]:
        found = held(word, asset.c.number, asset.c.serial, asset.c.model, asset.c.room, asset.c.school)
        kinds = vocabulary().codes("kind", word) if len(word) >= _LEAST_OF_A_KIND else ()
        named = (spelled(connection, column, word) for column in (asset.c.name, school.c.name))
        yield or_(asset.c.kind.in_(kinds), found, *named)
