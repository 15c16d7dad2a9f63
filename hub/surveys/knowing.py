"""What the hub knows of a school before it is asked, and the names under which a survey may use it.

Leaves to the store where the facts come from, and to prefilling.py which question takes which.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hub.core.fiscal import fiscal_year


class Shape(StrEnum):
    """How a piece of equipment is."""

    WORKS = "works"
    MENDABLE = "mendable"
    LOST = "lost"
    """not worth mending, or written off but still there"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment. troubles: codes of the causes of its open tickets."""

    kind: str
    shape: Shape = Shape.WORKS
    model: str = ""
    number: str = ""
    acquired_on: date | None = None
    life_years: int | None = None
    fund: str = ""
    room: str | None = None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A room over the class days that were looked at.

    hours      of use in a week of five class days
    received   the share of class in which its lesson could have been shown
    """

    name: str
    hours: float
    received: float | None


@dataclass(frozen=True, slots=True)
class Known:
    """A school as the hub knows it. Shares are of class time, 0 to 1; None: nobody has measured it."""

    group: str
    code: str
    name: str
    pupils: int | None = None
    rooms: tuple[Room, ...] = ()
    pieces: tuple[Piece, ...] = ()
    received: float | None = None
    powerless: float | None = None
    cnr_db: float | None = None
    internet: bool | None = None


SCALARS = frozenset(
    {
        "school.name",
        "school.code",
        "school.pupils",
        "rooms.count",
        "rooms.use",
        "power.state",
        "power.loss_pct",
        "internet.state",
        "signal.cnr_db",
        "signal.received_pct",
        "equipment.whole",
        "equipment.obstacles",
    }
)
COUNTED = frozenset(
    {
        "count.all",
        "count.works",
        "count.mendable",
        "count.lost",
        "count.broken",
        "count.old",
        "count.models",
        "count.numbers",
        "count.year",
        "count.troubles",
        "count.need",
        "count.need_qty",
    }
)
"""Of the pieces that a row counts."""
OF_ROOMS = frozenset({"room.hours", "room.reception"})
_STEADY, _FULL_HOURS, _GOOD, _FAIR = 0.05, 15.0, 0.95, 0.6


def scalar(known: Known, source: str) -> str | float | int | None:
    """What a source says of a school; None: it is not known."""
    family, _, name = source.partition(".")
    if family in ("school", "rooms"):
        return _school(known, source)
    if family in ("power", "internet", "signal"):
        return _measured(known, source)
    return _equipment(known, name)


def counted(pieces: tuple[Piece, ...], source: str, today: date) -> str | int | tuple[str, ...] | None:
    """What a source says of pieces; codes of causes as a tuple, for whoever has the words."""
    shapes = [piece.shape for piece in pieces]
    broken = len(shapes) - shapes.count(Shape.WORKS)
    match source:
        case "count.all":
            return len(pieces)
        case "count.works" | "count.mendable" | "count.lost":
            return shapes.count(Shape(source.partition(".")[2]))
        case "count.broken":
            return broken
        case "count.old":
            return sum(_is_old(piece, today) for piece in pieces)
        case "count.need":
            return None if not broken else "replace" if Shape.LOST in shapes else "repair"
        case "count.need_qty":
            return broken or None
        case "count.troubles":
            return tuple(dict.fromkeys(each for piece in pieces for each in piece.troubles)) or None
    return _named(pieces, source)


def of_room(room: Room, source: str) -> str | float | None:
    if source == "room.hours":
        return round(room.hours, 1)
    if room.received is None:
        return None
    return "good" if room.received >= _GOOD else "fair" if room.received >= _FAIR else "none"


def _school(known: Known, source: str) -> str | int | None:
    match source:
        case "school.name":
            return known.name or None
        case "school.code":
            return known.code
        case "school.pupils":
            return known.pupils
        case "rooms.count":
            return len(known.rooms) or None
    hours = [room.hours for room in known.rooms]
    if not hours:
        return None
    mean = sum(hours) / len(hours)
    return "full" if mean >= _FULL_HOURS else "some" if mean >= 1 else "extra" if mean > 0 else "none"


def _measured(known: Known, source: str) -> str | float | None:
    match source:
        case "power.state":
            return None if known.powerless is None else "steady" if known.powerless < _STEADY else "failing"
        case "power.loss_pct":
            return _percent(known.powerless)
        case "internet.state":
            return None if known.internet is None else "yes" if known.internet else "no"
        case "signal.received_pct":
            return _percent(known.received)
    return None if known.cnr_db is None else round(known.cnr_db, 1)


def _equipment(known: Known, name: str) -> str | None:
    if not known.pieces:
        return None
    broken = any(piece.shape is not Shape.WORKS for piece in known.pieces)
    if name == "whole":
        return "lacking" if broken else "whole"
    return "equipment" if broken else None


def _named(pieces: tuple[Piece, ...], source: str) -> str | None:
    if source == "count.year":
        days = sorted(piece.acquired_on for piece in pieces if piece.acquired_on is not None)
        years = dict.fromkeys(str(fiscal_year(day)) for day in days)
        return ", ".join(years) or None
    said = (piece.model if source == "count.models" else piece.number for piece in pieces)
    return ", ".join(sorted({each for each in said if each})) or None


def _is_old(piece: Piece, today: date) -> bool:
    if piece.acquired_on is None or piece.life_years is None:
        return False
    return (today - piece.acquired_on).days > piece.life_years * 365.25


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)
