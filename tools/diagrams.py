"""Draws the tables of states as diagrams: `python -m tools.diagrams` writes docs/states.md; a test keeps it true."""

from collections.abc import Iterable
from pathlib import Path

from hub.detection.progress import STEPS, Phase, Step
from hub.tickets.machine import State
from hub.workflows.loading import load_definitions

PAGE = Path(__file__).parents[1] / "docs" / "states.md"
_LEADS_TO = {
    Step.BEGIN: Phase.PENDING.value,
    Step.CLEAR: Phase.CLEARING.value,
    Step.STAND: Phase.STANDING.value,
    Step.DROP: "[*]",
}


def page() -> str:
    return "\n".join(
        (
            "# Tables of states, drawn",
            "",
            "Made by `python -m tools.diagrams` from the tables in the code; do not edit.",
            "",
            "## A repair ticket",
            "",
            "Its states are those of its repair, whose steps people take: `hub/workflows/definitions/repair.toml`. Telemetry",
            "adds evidence, corrections, recovery and recurrence to an open ticket and moves none (`hub/tickets/machine.py`);",
            "only a fault that comes back after it was gone for long closes its old ticket. Putting one off is no state.",
            "",
            *_diagram(_ticket_moves()),
            "",
            "## A sign of a fault",
            "",
            "From `hub/detection/progress.py`. A sign that has waited long enough in pending stands and opens or joins a ticket;",
            "one that has waited long enough in clearing is gone.",
            "",
            *_diagram(_sign_steps()),
            "",
        )
    )


def _ticket_moves() -> Iterable[str]:
    yield f"[*] --> {State.REPORTED.value}"
    for name, transition in load_definitions()["repair"].transitions.items():
        for origin in transition.origins if transition.to else ():
            yield f"{origin} --> {transition.to}: {name}"
    yield from (f"{state.value} --> [*]" for state in State if not state.is_open)


def _sign_steps() -> Iterable[str]:
    for (phase, verdict), step in STEPS.items():
        origin = "[*]" if phase is None else phase.value
        if step in _LEADS_TO:
            yield f"{origin} --> {_LEADS_TO[step]}: {verdict.value}"
    yield f"{Phase.PENDING.value} --> {Phase.STANDING.value}: held"
    yield f"{Phase.CLEARING.value} --> [*]: held"


def _diagram(lines: Iterable[str]) -> list[str]:
    return ["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```"]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
