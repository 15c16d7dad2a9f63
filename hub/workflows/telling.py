"""Whom a definition means where it says who is told: roles and persons by name."""

from collections.abc import Iterable, Iterator

from hub.core.people import Role
from hub.workflows.request import Request
from hub.workflows.schema import PERSON_MARK, REQUESTER, Definition, LimitModel

_NOT_OF_THE_OFFICE = frozenset({REQUESTER, Role.SCHOOL.value})


def told_to(tells: Iterable[str], request: Request, actor: str) -> tuple[str, ...]:
    """Whoever gives work to themselves is not told of it as the person of a field."""

    def each_of() -> Iterator[str]:
        for each in tells:
            if each == REQUESTER:
                yield request.opened_by
            elif not each.startswith(PERSON_MARK):
                yield each
            elif (person := request.values.get(each.removeprefix(PERSON_MARK))) not in (None, "", actor):
                yield str(person)

    return tuple(dict.fromkeys(each_of()))


def warned(definition: Definition, request: Request, limit: LimitModel) -> tuple[str, ...]:
    """Before the time is over. By default who of the office can bring it further: no school, and nobody who only adds to it."""
    if limit.warns:
        return limit.warns
    leading = [each for _, each in definition.leaving(request.state) if each.to not in (None, request.state)]
    roles = dict.fromkeys(role for each in leading for role in each.roles if role not in _NOT_OF_THE_OFFICE)
    return tuple(roles) or limit.tells
