"""The plan of a round, and the needs of each school, as tables of words and numbers: for workbooks."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from hub.allocation.lines import Line
from hub.allocation.rounds import RoundView
from hub.core.needs import Advice, Need
from hub.web.figures import Figures
from hub.web.language import Language

HEADING = (
    *("place", "school", "code", "kind", "what", "work", "quantity", "price", "cost", "source", "from"),
    *("reason", "stage", "accepted"),
)
"""Columns; `plan_column.<name>` in the catalogues."""
SUMMARY = ("school", "code", "pupils", "replace", "repair", "watch", "keep", "price", "lost", "what")
"""Columns of the summary of needs; `need_column.<name>` in the catalogues."""
Cell = str | int | float | None


def plan_table(view: RoundView, words: Language, figures: Figures) -> list[list[Cell]]:
    """A row for each line, and one with the sum."""
    rows = [_row(line, view, words, figures) for line in view.lines]
    total: list[Cell] = [None] * len(HEADING)
    total[HEADING.index("what")] = words.gettext("plan_column.total")
    total[HEADING.index("cost")] = view.total_satang / 100
    return [*rows, total]


def _row(line: Line, view: RoundView, words: Language, figures: Figures) -> list[Cell]:
    stage = "planned" if line.stage is None else line.stage.value
    giver = view.assets.get(line.giver) if line.giver is not None else None
    why = "; ".join([*filter(None, [line.reason]), *(figures.text(each) for each in line.reasons)])
    return [
        line.place,
        view.names.get((line.group, line.school), line.school),
        line.school,
        words.gettext(f"kind.{line.kind}"),
        line.what,
        words.gettext(f"work.{line.work.value}"),
        line.quantity,
        line.price_satang / 100,
        line.cost_satang / 100,
        words.gettext(f"source.{line.source.value}"),
        (giver.number or giver.serial) if giver is not None else line.order or line.from_school,
        why,
        words.gettext(f"stage.{stage}"),
        line.reached(line.stages[-1]),
    ]


def needs_by_school(needs: Iterable[Need], words: Language) -> list[list[Cell]]:
    """A row for each school, in the order of its most urgent need; and one with the sums."""
    schools: defaultdict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in needs:
        schools[need.group, need.school].append(need)
    rows = [_school(code, found, words) for (_, code), found in schools.items()]
    total: list[Cell] = [words.gettext("need_column.total"), None]
    total += [sum(value for row in rows if isinstance(value := row[at], int | float)) for at in range(2, 9)]
    return [*rows, [*total, None]]


def _school(code: str, needs: list[Need], words: Language) -> list[Cell]:
    counts = Counter(each.advice for each in needs)
    asks = Counter((each.advice, each.kind) for each in needs if each.advice in (Advice.REPLACE, Advice.REPAIR))
    what = ", ".join(
        f"{words.gettext(f'advice.{advice}')} {words.gettext(f'kind.{kind}')} {count}"
        for (advice, kind), count in asks.items()
    )
    price = sum(each.price_satang or 0 for each in needs if each.advice is Advice.REPLACE)
    name = needs[0].school_name or code
    lost = round(max(each.lost_min for each in needs))
    return [name, code, needs[0].pupils, *(counts[each] for each in Advice), price / 100, lost, what]
