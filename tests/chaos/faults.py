"""What can happen to a district, each with its beginning and its end. What is drawn decides where and how."""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.chaos.clocks import DAY_S
from tests.chaos.district import District

NEVER_SET_S = -20 * 365 * DAY_S
"""A Pi without a clock of its own begins years ago."""
THIN_LINE_S = 900.0
Fault = Callable[[District, random.Random], Iterator[str]]
"""Breaks something and says what; what follows the `yield` mends it."""


def agent_killed(district: District, chance: random.Random) -> Iterator[str]:
    district.agent.kill()
    yield "the agent is killed"
    district.up(district.agent)


def hub_killed(district: District, chance: random.Random) -> Iterator[str]:
    district.hub.kill()
    yield "the hub is killed"
    district.up(district.hub)


def broker_killed(district: District, chance: random.Random) -> Iterator[str]:
    district.broker.kill()
    yield "the broker is killed"
    if not district.broker.running:
        district.broker.start()


def database_killed(district: District, chance: random.Random) -> Iterator[str]:
    """On SQLite the hub is the database."""
    if district.database is None:
        yield from hub_killed(district, chance)
        return
    district.database.kill(one=chance.random() < 0.3)
    yield "PostgreSQL is killed"
    district.tend()


def school_disk_full(district: District, chance: random.Random) -> Iterator[str]:
    district.school.fill()
    yield "the agent's disk is full"
    district.school.free()


def office_disk_full(district: District, chance: random.Random) -> Iterator[str]:
    district.office.fill()
    yield "the hub's disk is full"
    district.office.free()


def journal_damaged(district: District, chance: random.Random) -> Iterator[str]:
    """As a memory card that goes bad is found after a power cut."""
    district.agent.kill()
    district.note()
    file = chance.choice([each for each in sorted(district.journal.glob("journal.*")) if "corrupt" not in each.name])
    what = _cut(file, chance) if chance.random() < 0.4 else _flip(file, chance)
    yield f"{file.name} is {what}"
    district.up(district.agent)


def _cut(file: Path, chance: random.Random) -> str:
    left = chance.randrange(file.stat().st_size + 1)
    os.truncate(file, left)
    return f"cut to {left} bytes"


def _flip(file: Path, chance: random.Random) -> str:
    data = bytearray(file.read_bytes())
    places = [chance.randrange(len(data)) for _ in range(chance.choice((1, 1, 5, 40)))] if data else []
    for place in places:
        data[place] ^= 1 << chance.randrange(8)
    with file.open("r+b") as damaged:
        damaged.write(data)
    return f"flipped in {len(places)} bits"


def clock_jumped(district: District, chance: random.Random) -> Iterator[str]:
    whose, days = chance.choice(("agent", "agent", "hub")), chance.choice((-1, 1))
    district.clocks[whose].set(days * DAY_S)
    yield f"the {whose}'s clock jumps by {days:+} day"
    district.clocks[whose].set(0)


def clock_never_set(district: District, chance: random.Random) -> Iterator[str]:
    district.agent.kill()
    district.clocks["agent"].set(NEVER_SET_S)
    district.up(district.agent)
    yield "the agent starts without a clock"
    district.clocks["agent"].set(0)


def line_cut(district: District, chance: random.Random) -> Iterator[str]:
    district.line.cut()
    yield "the line is cut"
    district.line.mend()


def fortnight_away(district: District, chance: random.Random) -> Iterator[str]:
    """Two weeks of reports wait, and the line that comes back is thin: still, in the end all are there."""
    district.agent.kill()
    district.line.cut()
    newest = district.write_history(time.time_ns() // 1_000_000)
    yield f"the school is away for 14 days, up to report {newest}"
    district.line.thin()
    district.up(district.agent)
    district.until("all of it over the thin line", lambda: district.whole_up_to(newest), THIN_LINE_S)
    district.line.mend()


def hub_restored(district: District, chance: random.Random) -> Iterator[str]:
    district.hub.kill()
    district.restore()
    yield "the hub is what it was in its backup"
    district.up(district.hub)


FAULTS: tuple[Fault, ...] = (
    agent_killed,
    hub_killed,
    broker_killed,
    database_killed,
    school_disk_full,
    office_disk_full,
    journal_damaged,
    clock_jumped,
    clock_never_set,
    line_cut,
    fortnight_away,
    hub_restored,
)
