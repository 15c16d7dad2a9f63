"""A ticket or request as a help desk has it. Who asks what of whom, hub/office sequences."""

from dataclasses import dataclass, replace

LONGEST_SOLUTION, LONGEST_STATE = 2000, 48


@dataclass(frozen=True, slots=True)
class DeskCase:
    """subject   ticket:12, request:RP-2570-0001
    reference  what the help desk calls it; None: it is being made there
    state      as the help desk calls it
    done       nothing more happens there
    told       number of the last event that was told there
    telling    number of the event that is being told there: where it is more than told, nobody knows whether it was
    due_at     when something is to be done about it next
    """

    desk: str
    subject: str
    made_at: int
    told: int
    due_at: int
    reference: str | None = None
    url: str | None = None
    state: str | None = None
    done: bool = False
    solution: str = ""
    tries: int = 0
    trouble: str | None = None
    telling: int = 0
    version: int = 1
    id: int = 0


def answered(case: DeskCase, state: str, done: bool, solution: str) -> DeskCase | None:
    """As the help desk says that it stands; None where it says nothing new."""
    said = replace(case, state=state[:LONGEST_STATE], done=done, solution=solution[:LONGEST_SOLUTION] or case.solution)
    return None if said == case else said
