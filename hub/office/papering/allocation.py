"""M01 of a round of allocation: the plan, for the director to agree to; once it is submitted, what has become of it."""

from collections.abc import Sequence
from typing import Any

from hub.allocation.lines import Line, Stage, called
from hub.allocation.rounds import year_of
from hub.core.money import baht_of
from hub.documents.memoranda import begin
from hub.office.papering.facts import Facts, Values, first
from hub.store.allocation import AllocationRows
from hub.store.newcomers import SEEN
from hub.web.language import Language, load_languages

_SUBMITTED = "submitted"


def values(facts: Facts) -> Values:
    with facts.store.reading() as connection:
        rows = AllocationRows(connection)
        lines, history = rows.lines(facts.request.number), rows.history(facts.request.number)
        known = rows.round(facts.request.number)
    groups = None if known is None else known.groups
    seen = {line for line, entries in history.items() if any(each.text.code == SEEN for each in entries)}
    done = facts.request.state == _SUBMITTED
    letter = (
        begin("round-result", _result(facts, lines, seen))
        if done
        else begin("allocation-plan", _plan(facts, lines, groups))
    )
    signed, decided = facts.step("submit") if done else facts.step("propose"), facts.step("approve", "return_plan")
    return {
        **letter,
        "agency": first((facts.office.group, facts.office.name)),
        "phone": facts.office.phone or None,
        "doc_no": facts.number,
        "doc_date": facts.day(signed.at if signed is not None else facts.now),
        "to": facts.office.director_title or None,
        "author": facts.signed(signed),
        "plan": [_row(line, facts, load_languages()["th"]) for line in lines],
        "director_order": {} if done or decided is None else _decision(facts, decided.transition),
        "director": facts.director(None if done else decided),
    }


def _decision(facts: Facts, transition: str | None) -> dict[str, Any]:
    return {"verb": "concurred" if transition == "approve" else "ordered", "note": facts.text("comments")}


def _plan(facts: Facts, lines: Sequence[Line], groups: Sequence[str] | None) -> dict[str, str]:
    """Of all schools of these districts: each of their assets was weighed."""
    schools = [place for place in facts.schools if groups is None or place.partition("/")[0] in groups]
    return {
        "year": str(year_of(facts.request.values, facts.day(facts.request.opened_at))),
        "schools": str(len(schools)),
        "lines": str(len(lines)),
        "budget": f"{baht_of(sum(line.cost_satang for line in lines)):,}",
    }


def _result(facts: Facts, lines: Sequence[Line], seen: set[int]) -> dict[str, str]:
    accepted = [line for line in lines if line.reached(Stage.ACCEPTED)]
    spent = sum(line.price_satang * line.reached(Stage.ACCEPTED) for line in accepted)
    told = [line for line in accepted if line.id in seen]
    return {
        "round": facts.text("title") or facts.request.number,
        "done": str(len([line for line in lines if line.is_done])),
        "planned": str(len(lines)),
        "spent": f"{baht_of(spent):,}",
        "working": str(round(100 * len(told) / len(accepted))) if accepted else "0",
    }


def _row(line: Line, facts: Facts, words: Language) -> dict[str, Any]:
    what = called(words.gettext(f"kind.{line.kind}"), line.what)
    return {
        "school": facts.schools.get(f"{line.group}/{line.school}") or line.school or None,
        "item": f"{what} ({words.gettext(f'work.{line.work.value}')})",
        "source": words.gettext(f"source.{line.source.value}"),
        "qty": line.quantity,
        "cost": baht_of(line.cost_satang),
    }
