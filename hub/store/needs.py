"""Needs of all assets, weighed from what the database knows; and those that a repair opened."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from hub.core.assets import USEFUL_LIFE, Asset, AssetState
from hub.core.needs import Advice, Need
from hub.needs.facts import Facts
from hub.needs.settings import NeedSettings
from hub.needs.weighing import Weighed, weigh
from hub.store.allocation_tables import opened_need
from hub.store.asset_records import AssetRecords, read_records
from hub.store.assets import AssetRows
from hub.store.prices import KindPrices, PriceRows
from hub.store.tables import school

_UNFIT = frozenset({Advice.REPAIR, Advice.REPLACE})
_USUAL_LIFE = 8
_DAYS_A_MONTH = 30.4375
_DAY_MS = 86_400_000


class Place(NamedTuple):
    """Where something stands that cannot be repaired. device: its key at the school's agent"""

    group: str
    school: str
    kind: str
    device: str | None = None
    asset: int | None = None


@dataclass(frozen=True, slots=True)
class Weighing:
    """By what needs are weighed. groups: None: of every district"""

    settings: NeedSettings
    now: int
    zone: ZoneInfo
    groups: Collection[str] | None = None

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.now / 1000, self.zone).date()

    @property
    def since(self) -> int:
        return self.now - round(self.settings.months * _DAYS_A_MONTH) * _DAY_MS


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all."""

    asked: Weighing
    records: AssetRecords
    prices: Mapping[str, KindPrices]
    schools: Mapping[tuple[str, str], Any]

    def weigh(self, facts: Facts) -> tuple[Weighed, int | None]:
        found = weigh(facts, self.asked.settings, self.asked.today)
        return found, facts.price(found.fiscal_year)


class NeedRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, asked: Weighing) -> tuple[Need, ...]:
        """Of everything that is in use or under repair, in their rank."""
        known = self._known(asked)
        opened = [each for each in self._opened() if asked.groups is None or each.group in asked.groups]
        by_asset = {each.asset_id: each for each in opened if each.asset_id is not None}
        assets = {each.id: each for each in AssetRows(self._connection).all(asked.groups)}
        found = [_need_of(each, by_asset.get(each.id), known) for each in assets.values() if _is_missed(each)]
        found += [_need_alone(each, known) for each in opened if each.asset_id not in assets]
        return tuple(sorted(found, key=lambda need: need.rank))

    def of_asset(self, asset: Asset, asked: Weighing) -> Need | None:
        """None: it is not in use."""
        if not _is_missed(asset):
            return None
        opened = next((each for each in self._opened() if each.asset_id == asset.id), None)
        return _need_of(asset, opened, self._known(asked, asset))

    def unfit(self, asked: Weighing, among: Iterable[int]) -> frozenset[int]:
        """Those of these assets, used or not, that are to be repaired or replaced."""
        there = [each for each in AssetRows(self._connection).many(among).values() if each.is_there]
        if not there:
            return frozenset()
        known, opened = self._known(asked), {each.asset_id: each for each in self._opened()}
        weighed = [_need_of(each, opened.get(each.id), known) for each in there]
        return frozenset(each.asset for each in weighed if each.asset is not None and each.advice in _UNFIT)

    def open(self, place: Place, request: str, now: int) -> None:
        """By a repair, once."""
        row = opened_need.c
        if self._connection.execute(select(row.id).where(row.request == request)).first() is not None:
            return
        told = {"group": place.group, "school": place.school, "kind": place.kind, "device": place.device}
        values = {**told, "asset_id": place.asset, "request": request, "opened_at": now}
        self._connection.execute(insert(opened_need).values(**values))

    def close(self, need: int | None, asset: int | None, line: int, now: int) -> None:
        """By a line of allocation that was accepted: the need itself, and any other of the same asset."""
        row = opened_need.c
        met = (row.id == need) | (row.asset_id == asset) if asset is not None else row.id == need
        closing = update(opened_need).where(met, row.closed_at.is_(None))
        self._connection.execute(closing.values(closed_at=now, closed_by=line))

    def _opened(self) -> list[Any]:
        row = opened_need.c
        return list(self._connection.execute(select(opened_need).where(row.closed_at.is_(None)).order_by(row.id)))

    def _known(self, asked: Weighing, only: Asset | None = None) -> _Known:
        schools = select(school.c.group, school.c.code, school.c.name, school.c.pupils)
        if only is not None:
            schools = schools.where(school.c.group == only.group, school.c.code == only.school)
        rows = self._connection.execute(schools).all()
        return _Known(
            asked,
            read_records(self._connection, asked.since, asked.now, asked.zone, only),
            PriceRows(self._connection).by_kind(),
            {(row.group, row.code): row for row in rows},
        )


def _is_missed(asset: Asset) -> bool:
    """Somebody uses it, or would if it were repaired; what came back and stands nowhere is missed by nobody."""
    stands = bool(asset.school and (asset.room or asset.dish or asset.device))
    return asset.state is AssetState.IN_USE or (asset.state is AssetState.IN_REPAIR and stands)


def _need_of(asset: Asset, opened: Any, known: _Known) -> Need:
    facts = Facts(
        kind=asset.kind,
        profile=asset.profile or None,
        acquired_on=asset.acquired_on,
        life_years=asset.life_years,
        prices=known.prices.get(asset.kind, {}),
        record=known.records.record(asset),
        irreparable=None if opened is None else opened.request,
    )
    need = _need(f"asset:{asset.id}", (asset.group, asset.school, asset.kind), facts, known)
    return replace(
        need,
        asset=asset.id,
        number=asset.number or None,
        name=asset.name or asset.model,
        room=asset.room or None,
        device=asset.device,
        lost_min=known.records.lost_min(asset),
        request=facts.irreparable,
        opened=None if opened is None else opened.id,
    )


def _need_alone(opened: Any, known: _Known) -> Need:
    """Of something that the register does not have, or that another district keeps."""
    life = USEFUL_LIFE.get(opened.kind, _USUAL_LIFE)
    facts = Facts(opened.kind, None, None, life, known.prices.get(opened.kind, {}), irreparable=opened.request)
    need = _need(f"opened:{opened.id}", (opened.group, opened.school, opened.kind), facts, known)
    return replace(need, device=opened.device, request=opened.request, opened=opened.id)


def _need(key: str, place: tuple[str, str, str], facts: Facts, known: _Known) -> Need:
    group, code, kind = place
    weighed, price = known.weigh(facts)
    there = known.schools.get((group, code))
    return Need(
        key=key,
        group=group,
        school=code,
        kind=kind,
        advice=weighed.advice,
        score=weighed.score,
        reasons=weighed.reasons,
        fiscal_year=weighed.fiscal_year,
        price_satang=price,
        school_name=None if there is None else there.name,
        pupils=None if there is None else there.pupils,
    )
