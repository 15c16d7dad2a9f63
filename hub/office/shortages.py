"""Who hears that a plan takes from the stock what is not there."""

from hub.allocation.lines import Line
from hub.core.people import Role
from hub.store.messages import Param, tell
from hub.store.unit_of_work import UnitOfWork
from hub.web.addresses import round_url


def tell_short(work: UnitOfWork, line: Line, now: int) -> None:
    """Supply, who fills the stock, and the group, which may plan another source."""
    params: dict[str, Param] = {"number": line.round, "line": line.place, "school": line.school}
    tell(
        work.connection,
        "allocation.not_in_stock",
        {**params, "path": f"{round_url(line.round)}#line-{line.id}"},
        (Role.SUPPLY.value, Role.GROUP_HEAD.value),
        now,
        group=line.group,
        school=line.school,
        key=f"allocation:{line.id}:not_in_stock:{now}",
    )
