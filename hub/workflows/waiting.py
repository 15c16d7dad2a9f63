"""For whom requests wait: whose the usual next step is. Everything else that may be done to one is no reason to tell somebody."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hub.core.overview import Pending, Waiting
from hub.core.people import Principal
from hub.workflows.schema import REQUESTER, Definition, StateKind


@dataclass(frozen=True, slots=True)
class Standing:
    """Open requests of a type that stand in a state. mine: opened by whoever looks; late: over a limit."""

    type: str
    state: str
    mine: bool
    count: int
    since: int | None
    late: int


def steps_for(
    who: Principal, standing: Iterable[Standing], definitions: Mapping[str, Definition]
) -> tuple[Waiting, ...]:
    """What waits for a step of somebody, one for each type and state; what is late first, then the oldest."""
    found: dict[tuple[str, str], Waiting] = {}
    for told in standing:
        definition = definitions.get(told.type)
        each = told if definition is None else _in_our_hands(told, definition)
        if each.count and _is_theirs(who, each, definition):
            key = (each.type, each.state)
            found[key] = _with(found.get(key, Waiting(Pending.STEP, 0, None, 0, *key)), each)
    return tuple(sorted(found.values(), key=lambda waiting: waiting.order))


def _in_our_hands(each: Standing, definition: Definition) -> Standing:
    """What waits for somebody outside is asked after when it is late."""
    state = definition.states.get(each.state)
    return replace(each, count=each.late) if state is not None and state.kind is StateKind.WAITING else each


def _is_theirs(who: Principal, each: Standing, definition: Definition | None) -> bool:
    if definition is None or each.state not in definition.states:
        return False
    roles = next(_leading_on(definition, each.state), ())
    return any(role.value in roles for role in who.roles) or (each.mine and REQUESTER in roles)


def _leading_on(definition: Definition, state: str) -> Iterator[tuple[str, ...]]:
    return (step.roles for _, step in definition.leaving(state) if step.to not in (None, state))


def _with(waiting: Waiting, more: Standing) -> Waiting:
    known = [t for t in (waiting.since, more.since) if t is not None]
    return Waiting(
        waiting.why,
        waiting.count + more.count,
        min(known, default=None),
        waiting.late + more.late,
        waiting.type,
        waiting.state,
    )
