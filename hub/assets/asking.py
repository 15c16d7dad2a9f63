"""Which assets are asked for. Without a value, any."""

from dataclasses import dataclass
from typing import Literal

Sort = Literal["place", "number", "kind", "oldest", "newest", "price", "warranty"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """search     in number, serial number, name, model, room, school's name and code; or how a kind begins
    group, school  school: the code, or "-" for what stands at the office
    state      one of AssetState; "there": all that are not written off; "all": those as well
    conflict   only where an agent says otherwise and nobody has looked
    """

    search: str = ""
    group: str = ""
    school: str = ""
    kind: str = ""
    state: str = "there"
    conflict: bool = False
    sort: Sort = "place"


@dataclass(frozen=True, slots=True)
class Conflict:
    """field  one of filling.SAID; kept_at  when somebody said that the register is right"""

    asset: int
    field: str
    said: str
    since: int
    kept_at: int | None = None
