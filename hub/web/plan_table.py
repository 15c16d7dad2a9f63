"""The plan of a round as a table of words and numbers: for the workbook."""

from hub.allocation.lines import Line
from hub.allocation.rounds import RoundView
from hub.web.figures import Figures
from hub.web.language import Language

HEADING = (
    *("place", "school", "code", "kind", "what", "work", "quantity", "price", "cost", "source", "from"),
    *("reason", "stage", "accepted"),
)
"""Columns; `plan_column.<name>` in the catalogues."""
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
