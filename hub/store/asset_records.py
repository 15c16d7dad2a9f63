"""What tickets, repairs and telemetry tell of each asset over some months: faults, downtime, costs, wear, and lessons lost.

A ticket belongs to the asset that its agent's device is; one of a dish to the dish, its LNB or its cable.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, bindparam, func, or_, select

from hub.core.assets import Asset
from hub.core.money import satang_from
from hub.needs.facts import Record, Standing
from hub.store.assets import AssetRows
from hub.store.repair_tables import repair
from hub.store.tables import device, node, room_day_lost, ticket
from hub.store.workflow_tables import request

NOT_ITS_FAULT = frozenset(
    {
        *("rain_fade", "sun_outage", "satellite_outage"),
        *("area_outage", "school_power_outage", "school_link_outage", "school_offline"),
    }
)
"""What befalls a school from outside: no asset is worse for it."""
_OF_DISH: Mapping[str, frozenset[str]] = {
    "dish": frozenset({"dish_misaligned", "signal_degrading"}),
    "lnb": frozenset({"lnb_failed", "signal_degrading"}),
    "cable": frozenset({"signal_degrading"}),
}
_LAMP, _DISK = "lamp/life_used_pct", "host/disk_life_used_pct"
_Fault = tuple[str, str, str]
"""Group, node, and device or dish."""
Room = tuple[str, str, str]


class _Ticket(NamedTuple):
    """What is asked of a ticket, and of the agent that it is of."""

    group: str
    name: str
    device: str
    dish: str
    cause: str
    open: bool
    onset_at: int
    recovered_at: int | None
    closed_at: int | None


@dataclass(slots=True)
class AssetRecords:
    """What is asked of it asset by asset, read at once."""

    since: int
    now: int
    zone: ZoneInfo
    devices: dict[_Fault, list[_Ticket]] = field(default_factory=lambda: defaultdict(list))
    dishes: dict[tuple[str, str], list[_Ticket]] = field(default_factory=lambda: defaultdict(list))
    costs: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    wear: dict[_Fault, Mapping[str, Any]] = field(default_factory=dict)
    lost: Mapping[Room, float] = field(default_factory=dict)

    def record(self, asset: Asset) -> Record:
        key = (asset.group, asset.node_name, asset.device or "")
        heard = asset.device is not None
        tickets = list(self._of_dish(asset)) if asset.kind in _OF_DISH else self.devices[key] if heard else []
        latest = self.wear.get(key, {}) if heard else {}
        return Record(
            faults=len(tickets),
            down_ms=sum(max(0, self._end(each) - max(each.onset_at, self.since)) for each in tickets),
            repair_satang=self.costs[asset.id],
            standing=self._standing(tickets),
            lamp_pct=_pct(latest, _LAMP),
            disk_pct=_pct(latest, _DISK),
        )

    def lost_min(self, asset: Asset) -> float:
        """Of its room, or of the school where it serves all of them."""
        if asset.room:
            return self.lost.get((asset.group, asset.school, asset.room), 0.0)
        own = (asset.group, asset.school)
        return sum(minutes for place, minutes in self.lost.items() if place[:2] == own)

    def _of_dish(self, asset: Asset) -> Iterator[Any]:
        for each in self.dishes[asset.group, asset.node_name]:
            if each.cause in _OF_DISH[asset.kind] and asset.dish in ("", each.dish):
                yield each

    def _end(self, each: Any) -> int:
        known = (at for at in (each.recovered_at, each.closed_at) if at is not None)
        return int(min(known, default=self.now))

    def _standing(self, tickets: Iterable[Any]) -> Standing | None:
        lasting = sorted((each.onset_at, each.cause) for each in tickets if each.open and each.recovered_at is None)
        if not lasting:
            return None
        onset, cause = lasting[0]
        return Standing(cause, datetime.fromtimestamp(onset / 1000, self.zone).date())


def read_records(
    connection: Connection, since: int, now: int, zone: ZoneInfo, only: Asset | None = None
) -> AssetRecords:
    """since  in ms: what began before counts where it was open then

    only  what concerns this asset is enough
    """
    found = AssetRecords(since, now, zone, lost=_lost(connection, since, zone, only))
    for each in _tickets(connection, since, only):
        if each.dish:
            found.dishes[each.group, each.name].append(each)
        else:
            found.devices[each.group, each.name, each.device].append(each)
    for asset_id, satang in _costs(connection, since, only):
        found.costs[asset_id] += satang
    for group, name, key, latest in connection.execute(_latest(one=only is not None), _place_of(only)).all():
        found.wear[group, name, key] = latest
    return found


def mending_costs(connection: Connection, since: int) -> Mapping[str, int]:
    """What repairs of one have cost since then, in satang, by kind: the mean of those of which it is known."""
    spent: defaultdict[int, int] = defaultdict(int)
    for asset_id, satang in _costs(connection, since, None):
        spent[asset_id] += satang
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for one in AssetRows(connection).many(spent).values():
        by_kind[one.kind].append(spent[one.id])
    return {kind: round(sum(each) / len(each)) for kind, each in by_kind.items()}


def _tickets(connection: Connection, since: int, only: Asset | None) -> Iterable[_Ticket]:
    given = {**_place_of(only), "since": since}
    return map(_Ticket._make, connection.execute(_recent(one=only is not None), given).all())


@lru_cache
def _recent(*, one: bool) -> Select[Any]:
    """What `_Ticket` is made of, in its order. one: of the agent of one asset. Kept, for the page of every asset asks."""
    columns = (ticket.c.device, ticket.c.dish, ticket.c.cause, ticket.c.open, ticket.c.onset_at)
    ends, since = (ticket.c.recovered_at, ticket.c.closed_at), bindparam("since", type_=BigInteger)
    rows = select(node.c.group, node.c.name, *columns, *ends).join(node, node.c.id == ticket.c.node_id)
    recent = or_(ticket.c.open, ticket.c.closed_at >= since, ticket.c.opened_at >= since)
    own = ticket.c.merged_into.is_(None) & ticket.c.cause.not_in(NOT_ITS_FAULT) & (ticket.c.state != "cancelled")
    return rows.where(recent, own, *_at_node(one=one))


def _costs(connection: Connection, since: int, only: Asset | None) -> Iterator[tuple[int, int]]:
    """Of repairs that name an asset: its id, and satang."""
    given = {"since": since, "asset": None if only is None else only.id}
    for asset_id, values in connection.execute(_mended(one=only is not None), given).all():
        cost = satang_from(values.get("cost"))
        if cost is not None:
            yield asset_id, cost


@lru_cache
def _mended(*, one: bool) -> Select[Any]:
    rows = select(repair.c.asset_id, request.c["values"]).join(request, request.c.number == repair.c.number)
    named = repair.c.asset_id == bindparam("asset") if one else repair.c.asset_id.is_not(None)
    return rows.where(named, request.c.opened_at >= bindparam("since"))


@lru_cache
def _latest(*, one: bool) -> Select[Any]:
    rows = select(node.c.group, node.c.name, device.c.key, device.c.latest).join(node, node.c.id == device.c.node_id)
    return rows.where(device.c.kind.in_(("projector", "computer")), *_at_node(one=one))


def _at_node(*, one: bool) -> tuple[ColumnElement[bool], ...]:
    return (node.c.group == bindparam("group"), node.c.name == bindparam("node")) if one else ()


def _place_of(only: Asset | None) -> dict[str, Any]:
    return {} if only is None else {"group": only.group, "node": only.node_name, "school": only.school}


def _lost(connection: Connection, since: int, zone: ZoneInfo, only: Asset | None) -> Mapping[Room, float]:
    first = datetime.fromtimestamp(since / 1000, zone).date().isoformat()
    rows = connection.execute(_lessons_lost(one=only is not None), {**_place_of(only), "first": first}).all()
    return {(group, code, room): minutes for group, code, room, minutes in rows}


@lru_cache
def _lessons_lost(*, one: bool) -> Select[Any]:
    lost = room_day_lost.c
    place, bound = (lost.group, lost.school, lost.room), lost.date >= bindparam("first")
    rows = select(*place, func.sum(lost.minutes)).where(bound, lost.cause.not_in(NOT_ITS_FAULT))
    here = (lost.group == bindparam("group"), lost.school == bindparam("school")) if one else ()
    return rows.where(*here).group_by(*place)


def _pct(latest: Mapping[str, Any], metric: str) -> float | None:
    value = latest.get(metric, [None])[0]
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
