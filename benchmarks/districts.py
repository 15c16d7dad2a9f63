"""How long does the hub take for the page of all districts of a country, and what does it cost to count them?

A real hub serves 245 districts with 13,400 schools of six rooms each, a month of lessons lost, and tickets; one reader asks for
the page in each of its forms over loopback. Times are of the whole answer, gzip and all. What the counting takes is told in CPU
time, which other work on the machine changes little.
"""

import argparse
import csv
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import Connection, insert

from benchmarks.asking import in_rounds, measure, told
from benchmarks.opened import Opened
from benchmarks.web import HTTP, cpu_of, reader, rested, running
from hub.config import HubSettings
from hub.judging import make_calendars
from hub.office.class_time import Bells
from hub.office.country import Country
from hub.store.opening import open_store
from hub.store.tables import device, node, room_day, room_day_lost, school, ticket
from hub.store.workflow_tables import request

ZONE = ZoneInfo("Asia/Bangkok")
DISTRICTS, PROVINCES, SCHOOLS, ROOMS = 245, 77, 13_400, 6
_CAUSES = ("tv_failed", "receiver_failed", "tv_no_signal", "lnb_failed", "rain_fade", "school_power_outage")
_DAY_MS = 86_400_000
_AT_ONCE = 20_000
PROVINCE = "จังหวัดสมมติที่ 7"


class Land:
    """Writes the rows. The same seed writes the same."""

    def __init__(self, connection: Connection, now: int, schools: int, seed: int = 7) -> None:
        self._connection, self._now, self._schools, self._chance = connection, now, schools, random.Random(seed)

    def write(self) -> None:
        self._add(school, ({"group": group, "code": code, "name": f"โรงเรียน {code}"} for _, group, code in self._all()))
        self._add(node, (self._node(number, group, code) for number, group, code in self._all()))
        self._add(device, (each for number, _, _ in self._all() for each in self._devices(number)))
        days = list(self._lost_days())
        self._add(room_day, ({**each, "used": 120.0} for each in days))
        self._add(room_day_lost, ({**each, "cause": self._cause(), "minutes": 25.0} for each in days))
        self._add(ticket, (self._ticket(number) for number, _, _ in self._all() if number % 4 == 0))
        self._add(
            request, (self._request(number, group, code) for number, group, code in self._all() if number % 5 == 0)
        )

    def _all(self) -> Iterator[tuple[int, str, str]]:
        for number in range(1, self._schools + 1):
            yield number, groups()[number % DISTRICTS], f"{30_000_000 + number}"

    def _cause(self) -> str:
        return self._chance.choice(_CAUSES)

    def _node(self, number: int, group: str, code: str) -> dict[str, Any]:
        online = self._chance.random() < 0.94
        told = {"agent_version": "0.1.0", "os": "Debian GNU/Linux 12", "hardware": "Raspberry Pi 4 Model B"}
        place = {"id": number, "group": group, "name": code, "school": code, "properties": told}
        return {**place, "online": online, "status_since": self._now, "heard_at": self._now}

    def _devices(self, number: int) -> Iterator[dict[str, Any]]:
        told: dict[str, Any] = {"node_id": number, "profile": None, "properties": {}, "stale": False}
        yield {**told, "key": "", "kind": "computer", "room": None, "latest": {"host/cpu_pct": [7.0, self._now]}}
        for room in range(1, ROOMS + 1):
            seen = {"signal/lock": [True, self._now]}
            yield {**told, "key": f"{room}-receiver", "kind": "receiver", "room": f"ป.{room}", "latest": seen}

    def _lost_days(self) -> Iterator[dict[str, Any]]:
        today = datetime.fromtimestamp(self._now / 1000, ZONE).date()
        for _, group, code in self._all():
            for ago in range(60):
                if self._chance.random() < 0.15:
                    day = (today - timedelta(days=ago)).isoformat()
                    yield {"group": group, "school": code, "room": f"ป.{ago % ROOMS + 1}", "date": day}

    def _ticket(self, number: int) -> dict[str, Any]:
        at = self._now - round(self._chance.expovariate(1 / 3) * _DAY_MS)
        place = {"node_id": number, "device": "1-receiver", "cause": self._cause(), "state": "reported", "version": 1}
        return {**place, "open": number % 8 == 0, "onset_at": at, "opened_at": at, "signs": []}

    def _request(self, number: int, group: str, code: str) -> dict[str, Any]:
        due = self._now + self._chance.randrange(-3, 9) * _DAY_MS
        told = {
            "number": f"RP-2570-{number:05}",
            "type": "repair",
            "state": "reported",
            "is_open": True,
            "version": 1,
            "reminded": [],
        }
        who = {"opened_by": "person:1", "opened_name": "x", "opened_at": self._now, "entered_at": self._now}
        return {**told, **who, "group": group, "school": code, "due_at": due, "values": {}, "spent": {}, "worked": 0}

    def _add(self, table: Any, rows: Iterator[dict[str, Any]]) -> None:
        waiting: list[dict[str, Any]] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) == _AT_ONCE:
                self._connection.execute(insert(table), waiting)
                waiting.clear()
        if waiting:
            self._connection.execute(insert(table), waiting)


def groups() -> tuple[str, ...]:
    return _GROUPS


_GROUPS = tuple(f"area-{number:03}" for number in range(1, DISTRICTS + 1))


def write_names(path: Path) -> None:
    """Invented names, as long as real ones."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("code", "th", "en", "province_th", "province_en"))
        for number, group in enumerate(_GROUPS):
            province = number % PROVINCES + 1
            th, en = f"จังหวัดสมมติที่ {province}", f"Invented Province {province}"
            area = number // PROVINCES + 1
            names = (f"สำนักงานเขตพื้นที่การศึกษาประถมศึกษาสมมติ {province} เขต {area}", f"Invented {province} Area {area}")
            rows.writerow((group, *names, th, en))


def configured(folder: Path, database: Path) -> Path:
    """The hub.toml of such a hub."""
    names, config = folder / "districts.csv", folder / "hub.toml"
    write_names(names)
    listed = ", ".join(f'"{each}"' for each in _GROUPS)
    config.write_text(
        f'groups = [{listed}]\nhost_id = "hub-country"\ndata_dir = "{folder}"\n'
        f'[store]\nurl = "sqlite:///{database}"\n[districts]\nnames = "{names}"\n'
    )
    return config


def count_them(database: Path, now: int) -> None:
    """What the chore takes: the first time, then again and again."""
    settings = HubSettings(groups=_GROUPS)
    with closing(open_store(f"sqlite:///{database}")) as store:
        country = Country(store, _GROUPS, Bells(make_calendars(settings, None), ZONE), ZONE)
        spent = []
        for turn in range(4):
            began = time.process_time()
            country.tick(now + turn * 10 * 60_000)
            spent.append(time.process_time() - began)
    print(f"counting: {spent[0]:.2f} s of CPU the first time in an hour, {min(spent[1:]):.2f} s each time after that")


def _ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while any(each["counted_at"] is None for each in client.get("/api/v1/districts").json()["items"]):
        if time.monotonic() > deadline:
            raise SystemExit("the districts are not counted after a minute")
        time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=SCHOOLS)
    parser.add_argument("--times", type=int, default=60, help="each page is asked for so often")
    options = parser.parse_args()
    now = round(time.time() * 1000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database, began = folder / "hub.db", time.monotonic()
        with closing(open_store(f"sqlite:///{database}")) as store, store.begin() as work:
            Land(work.connection, now, options.schools).write()
        print(f"{DISTRICTS} districts, {options.schools} schools, made in {time.monotonic() - began:.0f} s", flush=True)
        count_them(database, now)
        with running(configured(folder, database)) as hub, reader(f"http://{HTTP}") as client:
            _ready(client)
            # The chores of a country never quite end.
            rested(lambda: cpu_of(hub.pid), share=0.25)
            pages = ("", "?by=district", "?by=district&sort=month", f"?province={quote(PROVINCE)}", "?q=12")
            asked = (*(f"/country{each}" for each in pages), "/api/v1/districts", "/country/export.csv")
            found = in_rounds(
                lambda each: measure(client, each, options.times, lambda: cpu_of(hub.pid)), map(Opened, asked)
            )
    return 1 if told(found) else 0


if __name__ == "__main__":
    sys.exit(main())
