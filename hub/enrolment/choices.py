"""Which schools need a code: each school of the register, with its computers and the codes that wait for one. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from hub.core.equipment import NodeKey
from hub.core.spelling import holds
from hub.enrolment.views import AgentState, AgentView


class Coverage(Enum):
    """How far a school has come."""

    NOTHING = "nothing"
    """no computer, and no code that waits for one"""
    WAITING = "waiting"
    """a code was made, nobody has used it yet"""
    SHUT_OUT = "shut_out"
    """every computer that it had was shut out"""
    ENROLLED = "enrolled"


class Show(Enum):
    """Which schools are looked at."""

    NEED_CODE = "need_code"
    WITHOUT = "without"
    ALL = "all"


_SHOWN = {
    Show.NEED_CODE: {Coverage.NOTHING, Coverage.SHUT_OUT},
    Show.WITHOUT: {Coverage.NOTHING, Coverage.SHUT_OUT, Coverage.WAITING},
    Show.ALL: set(Coverage),
}


@dataclass(frozen=True, slots=True)
class SchoolChoice:
    """A school. `computers`: names of those that were ever enrolled."""

    code: str
    name: str
    coverage: Coverage
    computers: tuple[str, ...] = ()

    def matches(self, wanted: str) -> bool:
        """Whether every word of a search stands in its name or code."""
        return holds(wanted, (self.name, self.code))


def choices(
    schools: Iterable[tuple[str, str]], agents: Iterable[AgentView], waiting: Iterable[NodeKey]
) -> tuple[SchoolChoice, ...]:
    """schools: code and name; waiting: nodes with a code that can be used."""
    of_school: dict[str, list[AgentView]] = {}
    for agent in agents:
        of_school.setdefault(agent.node.school, []).append(agent)
    expected = {node.school for node in waiting}
    return tuple(
        SchoolChoice(code, name, _coverage(found, code in expected), tuple(each.node.name for each in found))
        for code, name in schools
        for found in [of_school.get(code, [])]
    )


def _coverage(agents: Sequence[AgentView], waiting: bool) -> Coverage:
    if any(each.state is not AgentState.REVOKED for each in agents):
        return Coverage.ENROLLED
    if waiting:
        return Coverage.WAITING
    return Coverage.SHUT_OUT if agents else Coverage.NOTHING


def shown(schools: Iterable[SchoolChoice], show: Show, wanted: str) -> tuple[SchoolChoice, ...]:
    return tuple(each for each in schools if each.coverage in _SHOWN[show] and each.matches(wanted))
