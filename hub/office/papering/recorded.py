"""What stands on the form that a type of request has by itself: what was asked, each step with what was said in it, who signs."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.office.papering.facts import Facts, Values
from hub.office.papering.record import ASKED
from hub.web.figures import Figures
from hub.web.language import load_languages
from hub.workflows.request import Entry, Told, Value
from hub.workflows.schema import FieldModel, HeldModel, Kind, TransitionModel

_SUPERIORS = frozenset({"group_head", "director"})
_VERBS = {"approve": "approved", "reject": "rejected", "refuse": "rejected", "decline": "rejected"}
"""What a superior decided, by the transition that says so."""


def values(facts: Facts) -> Values:
    decided, done = _last(facts, by_superior=True), _last(facts, by_superior=False)
    fields = facts.definition.fields
    opened = (name for name in dict.fromkeys(facts.definition.opening.fields) if name in facts.request.values)
    return {
        "request": facts.request.number,
        "opened_on": facts.day(facts.request.opened_at),
        **{f"{ASKED}{name}": _held(facts, fields[name], facts.request.values[name]) for name in opened},
        "steps": list(_steps(facts)),
        "requester": facts.opened(),
        "officer": facts.signed(done),
        "order": _order(decided),
        "superior": facts.signed(decided),
    }


def _order(decided: Entry | None) -> dict[str, Any]:
    verb = None if decided is None else _VERBS.get(decided.transition or "")
    return {} if decided is None or verb is None else {"verb": verb, "note": decided.note}


def _last(facts: Facts, *, by_superior: bool) -> Entry | None:
    """The last step that only superiors take, or that others do."""
    moved = (each for each in reversed(facts.entries) if each.told is Told.MOVED)
    return next((each for each in moved if _is_superiors(facts, each) is by_superior), None)


def _is_superiors(facts: Facts, entry: Entry) -> bool:
    step = _transition(facts, entry)
    return step is not None and set(step.roles) <= _SUPERIORS and entry.transition in _VERBS


def _transition(facts: Facts, entry: Entry) -> TransitionModel | None:
    return facts.definition.transitions.get(entry.transition or "")


def _steps(facts: Facts) -> Iterator[dict[str, Any]]:
    for entry in facts.entries:
        step = _transition(facts, entry)
        if entry.told is Told.MOVED and step is not None:
            told = "\n".join(_told(facts, entry))
            yield {"day": facts.day(entry.at), "step": step.th, "who": entry.name, "told": told}


def _told(facts: Facts, entry: Entry) -> Iterator[str]:
    for name, value in entry.values.items():
        field = facts.definition.fields.get(name)
        if field is not None and field.kind not in (Kind.SIGNATURE, Kind.ROWS):
            yield f"{field.th}: {_in_words(facts, field, value)}"
    if entry.note:
        yield entry.note


def _held(facts: Facts, field: FieldModel, value: Value) -> Any:
    """As the form takes it: choices and numbers as they are, all else in words."""
    if field.kind is Kind.ROWS:
        return [_row(facts, field, row) for row in value] if isinstance(value, list | tuple) else None
    if field.kind is Kind.SIGNATURE:
        return {"picture": value}
    if field.kind is Kind.MOMENT and isinstance(value, int):
        return facts.time(value)
    as_it_is = field.kind in (Kind.NUMBER, Kind.DATE) or (field.kind is Kind.CHOICE and value in field.choices)
    return value if as_it_is else _in_words(facts, field, value)


def _row(facts: Facts, field: FieldModel, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _cell(facts, field.columns[name], cell) for name, cell in row.items() if name in field.columns}


def _cell(facts: Facts, column: HeldModel, value: Any) -> Any:
    return value if column.kind in (Kind.NUMBER, Kind.DATE, Kind.CHOICE) else _in_words(facts, column, value)


def _in_words(facts: Facts, held: HeldModel, value: Value) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    figures = Figures(load_languages()["th"], facts.zone)
    if held.kind is Kind.MOMENT and isinstance(value, int):
        return figures.moment(value)
    if held.kind is Kind.DATE:
        return figures.day(str(value))
    if held.kind is Kind.NUMBER and isinstance(value, int | float):
        return figures.number(value, 0 if value == int(value) else 2)
    if value in held.choices:
        return held.choices[str(value)].th
    return facts.people.get(str(value)) or facts.schools.get(str(value)) or str(value)
