"""Which requests somebody may see, and which of them they ask for."""

from dataclasses import dataclass
from typing import Literal

from hub.core.people import Permission, Principal
from hub.workflows.request import Request

RequestOrder = Literal["newest", "oldest", "due", "waiting", "type", "school"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which requests are asked for; without a value, any.

    overdue   a limit has run out
    mine      opened by whoever asks
    before    with a lower id, to go on with a list
    order     in which they stand; where the oldest stand first, `before` goes on with a higher id
    skip      so many of the first are left out, where they do not stand by age
    """

    type: str | None = None
    state: str | None = None
    is_open: bool | None = True
    mine: bool = False
    overdue: bool = False
    before: int | None = None
    order: RequestOrder = "newest"
    skip: int = 0


def may_see(who: Principal, request: Request) -> bool:
    """One's own, those of one's school, and all of one's districts for whoever may see everybody's."""
    if request.opened_by == who.label:
        return True
    if who.groups is not None and request.group is not None and request.group not in who.groups:
        return False
    if who.may(Permission.SEE_REQUESTS):
        return True
    return who.may(Permission.MAKE_REQUESTS) and request.school is not None and request.school == who.school
