"""The yearly plan of maintenance that the regulation on supplies asks for (2560, rule 212), as a memorandum to the director."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hub.core.fiscal import BUDDHIST_ERA, fiscal_year
from hub.core.needs import Advice, Need
from hub.core.people import Principal
from hub.documents.catalogue import load_forms
from hub.documents.memoranda import MEMO, begin
from hub.office.needing import Needs
from hub.office.papering.fitting import fitted
from hub.office.papers import Papers
from hub.store.asset_records import mending_costs
from hub.store.unit_of_work import Store
from hub.web.language import load_languages

_UNKNOWN = "–"
_KEPT_UP = (Advice.REPAIR, Advice.WATCH)
_BREAKS = (("april", (5, 15)), ("october", (10, 31)))
"""Holidays of the schools, in which rooms are free for work, and the last day of each."""


class Upkeep:
    """Fills hub.web.need_pages.UpkeepPages."""

    def __init__(self, store: Store, needs: Needs, papers: Papers, clock: Callable[[], int]) -> None:
        self._store, self._needs, self._papers, self._clock = store, needs, papers, clock
        self._words = load_languages()["th"]

    def plan(self, groups: Collection[str] | None, who: Principal) -> bytes | None:
        """None: nothing asks for it."""
        now = self._clock()
        needs = [each for each in self._needs.all(groups) if each.advice in _KEPT_UP and each.school]
        if not needs:
            return None
        today = self._needs.weighing(groups).today
        year, costs = fiscal_year(today), self._costs(groups)
        rows = self._rows(needs, today, costs)
        facts = {
            "year": str(year),
            "devices": f"{len(needs):,}",
            "schools": f"{len({(each.group, each.school) for each in needs}):,}",
            "budget": _sum(rows),
        }
        subject = f"maintenance:{year}:{'+'.join(sorted(groups or ()))}"
        papers = self._papers.of_all({each.group for each in needs})
        head = papers.memo_head(subject=subject, who=who, now=now)
        values = fitted(load_forms()[MEMO].declaration, {**begin("maintenance-plan", facts), "plan": rows})
        return papers.print_paper(MEMO, {**values, **head}, subject=subject, who=who, now=now)

    def _costs(self, groups: Collection[str] | None) -> Mapping[str, int]:
        with self._store.reading() as connection:
            return mending_costs(connection, self._needs.weighing(groups).since)

    def _rows(self, needs: Collection[Need], today: date, costs: Mapping[str, int]) -> list[dict[str, Any]]:
        """One for each school, kind and kind of work; what has to be mended first."""
        counts = Counter((each.advice, each.school_name or each.school, each.kind) for each in needs)
        ordered = sorted(counts.items(), key=lambda it: (_KEPT_UP.index(it[0][0]), it[0][1], it[0][2]))
        return [
            {
                "school": school,
                "item": f"{self._words.gettext(f'kind.{kind}')} ({self._words.gettext(f'upkeep.{advice}')})",
                "source": self._when(advice, today),
                "qty": pieces,
                "cost": _baht(costs.get(kind), pieces),
            }
            for (advice, school, kind), pieces in ordered
        ]

    def _when(self, advice: Advice, today: date) -> str:
        if advice is Advice.REPAIR:
            return self._words.gettext("upkeep.at_once")
        name, _ = next((each for each in _BREAKS if (today.month, today.day) <= each[1]), _BREAKS[0])
        year = today.year + ((today.month, today.day) > _BREAKS[-1][1])
        return self._words.gettext(f"upkeep.{name}") % {"year": year + BUDDHIST_ERA}


def _baht(satang: int | None, pieces: int) -> Decimal | None:
    return None if satang is None else Decimal(satang * pieces).scaleb(-2)


def _sum(rows: Collection[Mapping[str, Any]]) -> str:
    """As long as nobody knows what one of them costs, nobody knows the sum."""
    costs = [row["cost"] for row in rows]
    return _UNKNOWN if None in costs else f"{sum(costs):,.2f}"
