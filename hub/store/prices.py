"""The reference price list in the database: one price a kind and fiscal year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from hub.core.people import Principal
from hub.needs.prices import Price
from hub.store.allocation_tables import reference_price
from hub.store.audit import AuditRows

KindPrices = Mapping[int, int]
"""Of one kind: satang by fiscal year."""


class PriceRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def years(self) -> tuple[int, ...]:
        """That have a list, the newest first."""
        year = reference_price.c.fiscal_year
        return tuple(self._connection.execute(select(year).distinct().order_by(year.desc())).scalars())

    def of_year(self, year: int) -> tuple[Price, ...]:
        """In the order of kinds."""
        row = reference_price.c
        rows = select(row.kind, row.price_satang, row.name, row.source).where(row.fiscal_year == year)
        return tuple(Price(*each) for each in self._connection.execute(rows.order_by(row.kind)))

    def by_kind(self) -> Mapping[str, KindPrices]:
        row = reference_price.c
        found: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for each in self._connection.execute(select(row.kind, row.fiscal_year, row.price_satang)):
            found[each.kind][each.fiscal_year] = each.price_satang
        return dict(found)

    def put(self, year: int, prices: Iterable[Price], who: Principal, now: int) -> int:
        """Each in place of what stood there before; those that are not named stay. How many differ."""
        known = {each.kind: each for each in self.of_year(year)}
        changed = [each for each in prices if known.get(each.kind) != each]
        for each in changed:
            self._drop(year, each.kind)
            row = insert(reference_price).values(fiscal_year=year, **asdict(each), at=now, who=who.label)
            self._connection.execute(row)
            before = known.get(each.kind)
            details = {**asdict(each), "before_satang": None if before is None else before.price_satang}
            AuditRows(self._connection).write(who, "prices.changed", f"prices:{year}", details, now)
        return len(changed)

    def remove(self, year: int, kind: str, who: Principal, now: int) -> bool:
        """False: there is none."""
        if not self._drop(year, kind):
            return False
        AuditRows(self._connection).write(who, "prices.removed", f"prices:{year}", {"kind": kind}, now)
        return True

    def _drop(self, year: int, kind: str) -> bool:
        row = reference_price.c
        return bool(
            self._connection.execute(
                delete(reference_price).where((row.fiscal_year == year) & (row.kind == kind))
            ).rowcount
        )
