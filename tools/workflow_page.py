"""Draws every workflow that is shipped: `python -m tools.workflow_page` writes docs/workflows.md; a test keeps it true."""

from collections.abc import Iterator
from pathlib import Path

from hub.workflows.guards import GUARDS
from hub.workflows.loading import load_definitions
from hub.workflows.schema import AsksModel, Definition, Kind, LimitModel, StateKind

PAGE = Path(__file__).parents[1] / "docs" / "workflows.md"
_ABOUT = """# The office's workflows

Made by `python -m tools.workflow_page` from `hub/workflows/definitions/`; do not edit.

Each type of request is one TOML file: states, transitions, roles, fields, guards, forms, time limits, names in Thai
and English. One engine takes them all (`hub/workflows/engine.py`, pure), `hub/requesting.py` carries a step out in
one transaction. Definitions are checked as a whole when the hub starts (`hub/workflows/checking.py`); a mistake names
the file, the place and the way out.

## Adding a type

1. Write `hub/workflows/definitions/<id>.toml`; what may stand in it is `hub/workflows/schema.py`. The smallest has a
   begin, an end and a transition between them.
2. Write `test_<id>.py` in `tests/hub/workflows/walks/`: walk it from the opening to an end. A type without such a
   test fails the suite.
3. `python -m tools.workflow_page`.

No Python is needed: pages, forms, API, the picture on the page (`hub/workflows/drawing.py`) and a walk of every step
through API and browser follow from the file. A field is one of {kinds}. A guard is one of {guards}.
`hooks` name behaviour of the hub; a type that is offered may only name what is attached, else the hub does not start.

Time limits count working hours of the office (`[office]` of [the settings](settings.md)), half-open. The time of the
whole request stands still in states of kind `waiting`; a state that a request comes back to from waiting goes on with
the time that it had used. A warning goes to those of the office who can bring it
further, or to whom `warns` names; the end to those whom `tells` names: roles, `requester`, or `@` and a field with a person.
`[office] limits` replaces hours without touching a file.

Histories are only added to; triggers of the database see to it. A mistake is corrected by a further entry, by whoever
wrote the wrong one or the head of the group.

## What is outside

Which job of the offices' manuals is done by which type, report, survey or page, and what stays outside and why, stands in
[what the manuals ask for](manuals.md).
"""


def page() -> str:
    kinds = ", ".join(f"`{kind.value}`" for kind in Kind)
    guards = ", ".join(f"`{name}`" for name in GUARDS)
    parts = [_ABOUT.replace("{kinds}", kinds).replace("{guards}", guards)]
    for definition in load_definitions().values():
        parts.append("\n".join(_section(definition)))
    return "\n".join(parts)


def _section(definition: Definition) -> Iterator[str]:
    yield f"## {definition.en} — {definition.th}"
    yield ""
    offered = "" if definition.offered else " Not offered yet."
    numbered = f"{definition.prefix}-year-0001 by {definition.numbered_by.replace('_', ' ')}"
    yield f"`{definition.id}`, {numbered}.{offered} {definition.about.en}"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f"    {line}" for line in _diagram(definition))
    yield "```"
    yield ""
    yield "| step | roles | asks | may | forms |"
    yield "|---|---|---|---|---|"
    yield _row("(opening)", definition.opening)
    yield from (_row(each.en, each) for each in definition.transitions.values())
    yield ""
    limits = [(each.en, each.limit) for each in definition.states.values()] + [("the whole", definition.limit)]
    told = [f"{name}: {_limit(limit)}" for name, limit in limits if limit is not None]
    if told:
        yield f"Limits: {'; '.join(told)}."
        yield ""


def _diagram(definition: Definition) -> Iterator[str]:
    for name, state in definition.states.items():
        yield f'state "{state.en}" as {name}'
    yield f"[*] --> {definition.begin}"
    for transition in definition.transitions.values():
        for origin in transition.origins:
            yield f"{origin} --> {transition.to or origin}: {transition.en.replace(':', ',')}"
    yield from (f"{name} --> [*]" for name, state in definition.states.items() if state.kind is StateKind.END)


def _row(name: str, asks: AsksModel) -> str:
    cells = (asks.roles, asks.asks, asks.may, asks.documents)
    return f"| {name} | {' | '.join(', '.join(cell) for cell in cells)} |"


def _limit(limit: LimitModel) -> str:
    ends = f"until {limit.until}" if limit.until else f"{limit.hours:g} h"
    return f"{ends}, then told to {', '.join(limit.tells)}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
