"""A small district, its recording, and replays of it on real databases."""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from hub.config import HubSettings
from hub.core.texts import Text
from hub.replay.run import Replay, Wish
from hub.store.scratch import open_scratch

BANGKOK = ZoneInfo("Asia/Bangkok")
MONDAY = int(datetime(2026, 6, 8, tzinfo=BANGKOK).timestamp() * 1000)
MINUTE = 60_000
SCHOOLS = ("36030001", "36030002", "36030003")
Told = dict[str, Any]


def at(clock: str, day: int = 0) -> int:
    """The time of a day of that week, in ms."""
    hours, minutes = clock.split(":")
    return MONDAY + (day * 1440 + int(hours) * 60 + int(minutes)) * MINUTE


def inventory() -> Told:
    devices = [
        {"school": code, "device": f"p{room}-{kind}", "kind": kind, "room": f"p{room}", "dish": "d1"}
        for code in SCHOOLS
        for room in (1, 2)
        for kind in ("receiver", "tv")
    ]
    return {
        "district": {"code": "cpm3", "name": "ชัยภูมิ เขต 3", "timezone": "Asia/Bangkok"},
        "schools": [
            {"code": code, "name": f"โรงเรียน {code}", "lat": 15.8 + number / 50, "lon": 102.0}
            for number, code in enumerate(SCHOOLS)
        ],
        "devices": devices,
    }


def line(t: int, kind: str, node: str, device: str = "", *, historical: bool = False, **metrics: object) -> Told:
    told: Told = {
        "t": t,
        "type": kind,
        "node": node,
        "metrics": [[_name(name), each] for name, each in metrics.items()],
    }
    return told | ({"device": device} if device else {}) | ({"historical": True} if historical else {})


def _name(name: str) -> str:
    return name.replace("__", "/", 1)


def births(node: str, t: int) -> list[Told]:
    told = [line(t, "NBIRTH", node, host__uptime_s=86_400, host__cpu_pct=11.0)]
    for room in (1, 2):
        told.append(
            line(t, "DBIRTH", node, f"p{room}-receiver", device__reachable=True, signal__lock=True, signal__cnr_db=13.4)
        )
        told.append(line(t, "DBIRTH", node, f"p{room}-tv", device__reachable=True, power__on=True, input__signal=True))
    return told


def school_day(node: str, seed: int, day: int = 0) -> list[Told]:
    """A day of a school: one fault or another, an absence with history, and a heartbeat every ten minutes."""
    rng = random.Random(f"{node} {seed}")
    told = births(node, at("07:30", day))
    away = (at("10:00", day), at("10:40", day)) if rng.random() < 0.5 else None
    silent = rng.choice([None, "p1-tv", "p2-receiver"])
    dark = rng.choice(["", "p1-receiver", "p2-receiver", "p1-receiver p2-receiver"])
    came_back = False
    late: list[Told] = []
    for t in range(at("07:35", day) + rng.randrange(MINUTE), at("15:40", day), 10 * MINUTE):
        beat = [line(t, "NDATA", node, host__uptime_s=86_400 + (t - at("07:30", day)) // 1000)]
        for room in (1, 2):
            name = f"p{room}-receiver"
            if not (silent == name and t > at("08:40", day)):
                lock = not (name in dark and t > at("09:00", day))
                beat.append(
                    line(
                        t,
                        "DDATA",
                        node,
                        name,
                        signal__lock=lock,
                        signal__cnr_db=round(13 + rng.random(), 1) if lock else None,
                    )
                )
        if silent and at("08:40", day) < t <= at("08:50", day):
            beat.append(line(t, "DDATA", node, silent, device__reachable=False))
            beat.append(line(t, "DDEATH", node, silent))
        if away and away[0] <= t < away[1]:
            late += [{**each, "historical": True} for each in beat if each["type"] == "DDATA"]
        elif away and not came_back and t >= away[1]:
            came_back = True
            told += [line(away[0], "NDEATH", node), *births(node, t), *late]
        else:
            told += beat
    return told


def mixed(schools: Iterable[Sequence[Told]], rng: random.Random) -> list[Told]:
    """One recording of all, in any order across the nodes."""
    rest = [list(reversed(each)) for each in schools if each]
    told = []
    while rest:
        one = rng.choice(rest)
        told.append(one.pop())
        if not one:
            rest.remove(one)
    return told


def by_time(schools: Iterable[Sequence[Told]]) -> list[Told]:
    """One recording of all, as it comes in."""
    newest: dict[str, int] = {}
    placed = []
    for number, told in enumerate(each for school in schools for each in school):
        newest[told["node"]] = max(told["t"], newest.get(told["node"], 0))
        placed.append((newest[told["node"]], number, told))
    return [told for _, _, told in sorted(placed, key=lambda each: each[:2])]


class Stage:
    """A directory to replay in. empty: a database without anything in it, so that not each replay has to make one."""

    def __init__(self, place: Path, empty: Path) -> None:
        self.place, self._empty = place, empty
        self.heard: list[str] = []
        (place / "inventory.json").write_bytes(orjson.dumps(inventory()))

    def wish(self, lines: Iterable[Told | bytes], **wish: Any) -> Wish:
        recording = self.place / "recording.ndjson"
        recording.write_bytes(
            b"".join((each if isinstance(each, bytes) else orjson.dumps(each)) + b"\n" for each in lines)
        )
        out = self.place / "result.json"
        settings = HubSettings()
        if "keep" not in wish:
            wish["keep"] = self.fresh("replay.db")
        usual = {"inventory": self.place / "inventory.json", "recording": recording, "out": out, "settings": settings}
        return Wish(**{**usual, **wish})

    def fresh(self, name: str) -> Path:
        """A database of its own for one replay, or for one that is stopped and goes on."""
        fresh = self.place / name
        for suffix in ("-wal", "-shm"):
            fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
        return Path(copyfile(self._empty, fresh))

    def replay(
        self,
        lines: Iterable[Told | bytes],
        progress: Callable[[str, float, int], None] = lambda *_: None,
        **wish: Any,
    ) -> Told:
        """The result, without the time that it took."""
        found = Replay(self.wish(lines, **wish), _words, progress, self.heard.append).run()
        assert orjson.loads((self.place / "result.json").read_bytes()) == found
        return {name: each for name, each in found.items() if name != "counts"}


def _words(text: Text) -> str:
    return f"{text.code} {sorted(text.params.items())}"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A replay's database as it is before the first line."""
    path = tmp_path_factory.mktemp("empty") / "replay.db"
    open_scratch(path).close()
    return path


@pytest.fixture
def stage(tmp_path: Path, empty: Path) -> Stage:
    return Stage(tmp_path, empty)


@pytest.fixture
def stages(tmp_path_factory: pytest.TempPathFactory, empty: Path) -> Callable[[], Stage]:
    """For tests with many examples."""
    return lambda: Stage(tmp_path_factory.mktemp("replay"), empty)


class Days:
    """What the tests make recordings of."""

    SCHOOLS = SCHOOLS
    at = staticmethod(at)
    line = staticmethod(line)
    births = staticmethod(births)
    school_day = staticmethod(school_day)
    mixed = staticmethod(mixed)
    by_time = staticmethod(by_time)
    inventory = staticmethod(inventory)


@pytest.fixture(scope="session")
def days() -> type[Days]:
    return Days
