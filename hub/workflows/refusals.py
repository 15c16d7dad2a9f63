"""Why something cannot be done with a request. Codes and parameters: words are found at the edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from enum import StrEnum

from hub.core.words import Words


class Refusal(StrEnum):
    NO_SUCH_TYPE = "no_such_type"
    NO_SUCH_REQUEST = "no_such_request"
    NO_SUCH_STEP = "no_such_step"
    NO_SUCH_ENTRY = "no_such_entry"
    NOT_ALLOWED = "not_allowed"
    """not for this role"""
    NOT_FROM_HERE = "not_from_here"
    STALE = "stale"
    FIELDS = "fields"
    """missing, or not what they should be"""
    GUARD = "guard"


FLAWS = (
    *("missing", "too_long", "no_number", "too_small", "too_large", "no_date", "no_moment", "no_choice"),
    *(
        "unknown_person",
        "unknown_school",
        "unknown_device",
        "no_file",
        "many_files",
        "no_signature",
        "not_asked",
        "control",
        "not_own_school",
        *("no_rows", "too_many_rows", "not_whole", "unknown_item", "unknown_place", "unknown_asset"),
    ),
)
"""What can be wrong with what somebody gave for a field."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and with which field. words: those of the definition, where it has some; row: from 1, of a field of rows."""

    code: str
    field: str | None = None
    params: Mapping[str, str | int | float] = made_by(default_factory=dict)
    words: Words | None = None
    row: int | None = None
    column: str | None = None


class Refused(Exception):
    """Nothing was done."""

    def __init__(self, refusal: Refusal, faults: Sequence[Fault] = ()) -> None:
        super().__init__(refusal.value, *(fault.code for fault in faults))
        self.refusal, self.faults = refusal, tuple(faults)
