"""What the database knows of each school for the rules of eligibility, and which sets nobody uses."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from hub.allocation.proposing import Idle
from hub.allocation.rules import SchoolFacts
from hub.core.assets import Asset, AssetState
from hub.core.insights import RoomUse
from hub.store.asset_tables import asset_entry
from hub.store.assets import AssetRows
from hub.store.tables import device, node, room_day, room_day_lost, school

POWER = "school_power_outage"
_ENOUGH_MIN = 600.0
"""Minutes of class of which something has to be known before a share of them says anything."""
_GIVEN = frozenset({"receiver", "tv", "projector", "dish"})
"""What a set for distance learning consists of: the newest of these tells when a school was given something last."""
_COMES = ("allocated", "moved")
"""Lines of an asset's history that may bring it to another school."""
_INTERNET = "net/internet"
_PICTURE = frozenset({"receiver", "tv", "projector"})
_SPARE = frozenset({AssetState.SPARE, AssetState.IDLE})
_Place = tuple[str, str]


def school_facts(
    connection: Connection, groups: Collection[str] | None, today: date, window_days: int, zone: ZoneInfo
) -> Mapping[_Place, SchoolFacts]:
    """By (group, code), of all schools that the register, the assets or the agents know."""
    found: defaultdict[_Place, SchoolFacts] = defaultdict(SchoolFacts)
    for row in connection.execute(select(school.c.group, school.c.code, school.c.pupils)):
        found[row.group, row.code] = SchoolFacts(pupils=row.pupils)
    came = _came(connection, zone)
    for place, assets in _by_school(AssetRows(connection).all(groups)).items():
        sets = [each for each in assets if each.kind in _GIVEN]
        given = [_newest((each.acquired_on, came.get((each.id, each.school)))) for each in sets]
        known = bool(given) and all(each is not None for each in given)
        found[place] = replace(found[place], last_given=_newest(given), dates_known=known)
    first = (today - timedelta(days=window_days)).isoformat()
    for place, share in _power(connection, first).items():
        found[place] = replace(found[place], power_share=share)
    for place, has in _internet(connection).items():
        found[place] = replace(found[place], internet=has)
    return {place: facts for place, facts in found.items() if groups is None or place[0] in groups}


def idle_sets(connection: Connection, groups: Collection[str] | None, unused: Iterable[RoomUse]) -> tuple[Idle, ...]:
    """What the register calls spare or idle, and what stands in rooms that show nothing; the longest idle first.

    unused  rooms whose set works and has not been used for long
    """
    rooms = {(each.group, each.school, each.room): each.idle_days for each in unused}

    def days_of(asset: Asset) -> int | None:
        if asset.state is AssetState.IDLE and not asset.school:
            # It came back from somewhere, and nobody said that it can be given again.
            return None
        if asset.state in _SPARE:
            return rooms.get((asset.group, asset.school, asset.room), 0)
        if asset.state is not AssetState.IN_USE or asset.kind not in _PICTURE:
            return None
        return rooms.get((asset.group, asset.school, asset.room))

    found = [(each, days_of(each)) for each in AssetRows(connection).all(groups)]
    idle = [
        Idle(each.group, each.school, each.room, each.kind, days, each.id) for each, days in found if days is not None
    ]
    return tuple(sorted(idle, key=lambda each: (-each.days, each.group, each.school, each.asset or 0)))


def _came(connection: Connection, zone: ZoneInfo) -> Mapping[tuple[int, str], date]:
    """When an asset was allocated or moved to a school last, by its id and the school: what was bought long ago is new there."""
    row = asset_entry.c
    rows = select(row.asset_id, row.at, row.changes).where(row.what.in_(_COMES)).order_by(row.id)
    return {
        (each.asset_id, now): datetime.fromtimestamp(each.at / 1000, zone).date()
        for each in connection.execute(rows)
        for name, _, now in each.changes
        if name == "school"
    }


def _newest(days: Iterable[date | None]) -> date | None:
    return max((each for each in days if each is not None), default=None)


def _by_school(assets: Iterable[Asset]) -> Mapping[_Place, list[Asset]]:
    found: defaultdict[_Place, list[Asset]] = defaultdict(list)
    for each in assets:
        if each.school and each.is_there:
            found[each.group, each.school].append(each)
    return found


def _power(connection: Connection, first: str) -> Mapping[_Place, float]:
    """The share of class time that was lost to power cuts, where enough is known."""
    used = _sums(connection, room_day, room_day.c.used, first)
    lost = _sums(connection, room_day_lost, room_day_lost.c.minutes, first)
    away = _sums(connection, room_day_lost, room_day_lost.c.minutes, first, POWER)
    known = {place: used.get(place, 0.0) + lost.get(place, 0.0) for place in {*used, *lost}}
    return {place: away.get(place, 0.0) / minutes for place, minutes in known.items() if minutes >= _ENOUGH_MIN}


def _sums(
    connection: Connection, table: Any, minutes: Any, first: str, cause: str | None = None
) -> dict[_Place, float]:
    place = (table.c.group, table.c.school)
    rows = select(*place, func.sum(minutes)).where(table.c.date >= first).group_by(*place)
    if cause is not None:
        rows = rows.where(table.c.cause == cause)
    return {(row[0], row[1]): row[2] or 0.0 for row in connection.execute(rows)}


def _internet(connection: Connection) -> Mapping[_Place, bool]:
    """As the agents said last; one that has internet is enough."""
    rows = select(node.c.group, node.c.school, device.c.latest).join(node, node.c.id == device.c.node_id)
    found: dict[_Place, bool] = {}
    for row in connection.execute(rows.where(device.c.key == "")):
        said = row.latest.get(_INTERNET, [None])[0]
        if isinstance(said, bool):
            found[row.group, row.school] = found.get((row.group, row.school), False) or said
    return found
