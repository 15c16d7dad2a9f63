"""A school as the register has it, and what can be wrong with a row of a list."""

from dataclasses import dataclass

FIELDS = ("code", "name", "lat", "lon", "pupils")
NEEDED = ("code", "name")
MISTAKES = (
    "missing-column",
    "missing",
    "bad-code",
    "too-long",
    "no-number",
    "swapped",
    "out-of-range",
    "repeated",
)
"""What makes a row one that cannot be taken over; msgids with `import.` before them."""
DOUBTS = ("outside-thailand",)
"""What is possible, but strange."""


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """lat, lon  degrees, WGS 84; pupils  how many; None: not known"""

    code: str
    name: str
    lat: float | None = None
    lon: float | None = None
    pupils: int | None = None


@dataclass(frozen=True, slots=True)
class RowMistake:
    """row    number as the office sees it, 0 for the file as a whole
    field   one of FIELDS, or empty
    code    one of MISTAKES or DOUBTS
    value   what stands there, shortened
    """

    row: int
    field: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SchoolList:
    """What could be read of a list. With mistakes nothing of it is taken over.

    given    the fields that the list has a column for; others are left as they are
    ignored  headings that mean nothing to us
    """

    schools: tuple[SchoolRecord, ...] = ()
    given: tuple[str, ...] = ()
    mistakes: tuple[RowMistake, ...] = ()
    doubts: tuple[RowMistake, ...] = ()
    ignored: tuple[str, ...] = ()
