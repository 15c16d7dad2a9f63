"""Ways through a workflow, from its definition alone: who takes a step, with which invented values, and which ways take all."""

import base64
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hub.core.people import Role
from hub.workflows.schema import (
    REQUESTER,
    AsksModel,
    ColumnModel,
    Definition,
    FieldModel,
    HeldModel,
    Kind,
    StateKind,
    TransitionModel,
)

SCHOOL, DEVICE, ITEM, PLACE, ASSET = "cpm3/30010012", "cpm3/30010012/p1-tv", "rg6", "office", "1"
ITEM, PLACE, ASSET = "LNB-U", "office", "7440-001-0001/69"
FILE = "(a file)"
"""In the place of a file, which has to be sent first."""
SIGNATURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()
_FIRST_DAY = datetime(2027, 1, 11, 9, tzinfo=ZoneInfo("Asia/Bangkok"))
"""A Monday long after what the tests take for today, with no holiday in the weeks that follow."""


class Taken(NamedTuple):
    """A step as it is taken from a state."""

    origin: str
    name: str
    to: str


def usual(definition: Definition) -> tuple[Taken, ...]:
    """The way to the end that stands first, which is the good one."""
    good = next(name for name, state in definition.states.items() if state.kind is StateKind.END)
    return tuple(_nearest(definition, definition.begin, {good}))


def covering(definition: Definition) -> Iterator[tuple[Taken, ...]]:
    """Ways from the begin to an end that together take every step from every state."""
    open_ones = {each for state in definition.states for each in _from(definition, state)}
    while open_ones:
        way, state = list[Taken](), definition.begin
        while definition.states[state].kind is not StateKind.END or open_ones & set(_from(definition, state)):
            wanted = _nearest(definition, state, {each.origin for each in open_ones})
            here = next((each for each in _from(definition, state) if each in open_ones), None)
            further = [here] if here else wanted or _nearest(definition, state, _ends(definition))
            way += further
            open_ones -= set(further)
            state = way[-1].to
        yield tuple(way)


def _from(definition: Definition, state: str) -> Iterator[Taken]:
    for name, step in definition.leaving(state):
        yield Taken(state, name, step.to or state)


def _ends(definition: Definition) -> set[str]:
    return {name for name, state in definition.states.items() if state.kind is StateKind.END}


def _nearest(definition: Definition, state: str, wanted: set[str]) -> list[Taken]:
    """The shortest way to one of these states; none where it stands in one, or none can be reached."""
    ways, seen = deque[tuple[str, list[Taken]]]([(state, [])]), {state}
    while ways:
        at, way = ways.popleft()
        if at in wanted:
            return way
        for step in _from(definition, at):
            if step.to not in seen:
                seen.add(step.to)
                ways.append((step.to, [*way, step]))
    return []


def opener(definition: Definition) -> Role:
    return Role.SCHOOL if REQUESTER in definition.opening.roles else Role(definition.opening.roles[0])


def actor(definition: Definition, step: TransitionModel) -> Role:
    """Somebody who may take it."""
    own = opener(definition)
    not_own = any(guard.check == "not_own" for guard in step.guards)
    may = [own if each == REQUESTER else Role(each) for each in step.roles]
    return next(role for role in may if not (not_own and role is own))


def stranger(definition: Definition, step: TransitionModel) -> Role | None:
    """Somebody of the office who may not; None where everybody may."""
    may = {opener(definition) if each == REQUESTER else Role(each) for each in step.roles}
    return next((role for role in Role if role not in may and role is not Role.SCHOOL), None)


def invented(definition: Definition, asks: AsksModel, turn: int, *, optional: bool = True) -> dict[str, Any]:
    """Values of all that is asked; `turn`: another day for each, so that nothing is booked twice."""
    names = asks.fields if optional else asks.asks
    day = _FIRST_DAY + timedelta(days=7 * (turn // 5) + turn % 5)
    wanted = {guard.field: guard.values[0] for guard in asks.guards if guard.check == "one_of" and guard.values}
    order = list(definition.fields)
    return {name: wanted.get(name) or _value(definition.fields[name], day, order.index(name)) for name in names}


def _value(field: FieldModel | ColumnModel, day: datetime, at: int) -> Any:
    if isinstance(field, FieldModel) and field.kind is Kind.ROWS:
        return [{name: _value(column, day, at) for name, column in field.columns.items()}]
    plain = {
        Kind.TEXT: f"{field.th} ตัวอย่าง",
        Kind.DATE: (day + timedelta(days=at)).date().isoformat(),
        Kind.MOMENT: (day + timedelta(minutes=15 * at)).strftime("%Y-%m-%dT%H:%M"),
        Kind.PERSON: "person:1",
        Kind.SCHOOL: SCHOOL,
        Kind.DEVICE: DEVICE,
        Kind.FILE: FILE,
        Kind.SIGNATURE: SIGNATURE,
        Kind.ITEM: ITEM,
        Kind.PLACE: PLACE,
        Kind.ASSET: ASSET,
    }
    if field.kind is Kind.CHOICE:
        return next(iter(field.choices))
    return _number(field) if field.kind is Kind.NUMBER else plain[field.kind]


def _number(field: HeldModel) -> int:
    least = 1 if field.least is None else int(field.least)
    most = 3 if field.most is None else int(field.most)
    return max(least, min(3, most))
