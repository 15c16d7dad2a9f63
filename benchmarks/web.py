"""How long does the hub take for each of its pages in a grown district, and what does it send?

A real hub serves a district of 200 schools, 1,600 devices and ninety days of history (benchmarks/grown.py); somebody who may
asks for each page (benchmarks/opened.py) again and again over loopback. Times are of the whole answer, gzip and all: by the
clock, and of the processor, all threads of the hub together, which tells about the same on a machine that does other work.
What is above its goal is asked for again after all others (benchmarks/asking.py).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import furniture
from benchmarks.asking import Paced, in_rounds, measure, told
from benchmarks.grown import grow
from benchmarks.machine import Paces
from benchmarks.opened import Opened, addresses, opened
from benchmarks.reports import GROUP, Sizes
from hub.core.people import Role
from hub.store.opening import open_store, open_there
from hub.web.csrf import token_of

HTTP, MQTT = "127.0.0.1:8580", "127.0.0.1:8583"
_READY_S = 60.0
_SETTLED_S = 300.0


class Readers:
    """People at a hub that shows itself, each signed in by one click."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._clients: dict[Role | None, httpx.Client] = {}

    def __call__(self, role: Role | None) -> httpx.Client:
        if role not in self._clients:
            client = self._clients[role] = httpx.Client(base_url=self._url, timeout=60)
            client.headers["Sec-Fetch-Site"] = "same-origin"
            if role is not None:
                client.post("/sign-in/demo", data={"role": role.value, "next": "/account"})
                client.headers["X-CSRF-Token"] = token_of(client.cookies["session"])
        return self._clients[role]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def cpu_of(pid: int) -> float:
    """What all threads of a process have had of the processor, ms."""
    spent = 0
    for each in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        # A thread may end between the two.
        try:
            spent += int(each.read_text().split()[0])
        except OSError:
            continue
    return spent / 1e6


@contextmanager
def hub_of(folder: Path, database: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A hub that shows itself, once it is ready."""
    config = folder / "hub.toml"
    config.write_text(f'groups = ["{GROUP}"]\ndata_dir = "{folder}"\n[store]\nurl = "sqlite:///{database}"\n')
    with running(config) as process:
        yield process


@contextmanager
def running(config: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The same, configured otherwise."""
    folder = config.parent
    command = [sys.executable, "-m", "hub", "serve", "--demo", "--config", str(config), "--http", HTTP, "--mqtt", MQTT]
    log = (folder / "hub.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(f"http://{HTTP}", process, folder / "hub.log")
        yield process
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@contextmanager
def serving(folder: Path, database: Path) -> Iterator[str]:
    """Such a hub, by its address."""
    with hub_of(folder, database):
        yield f"http://{HTTP}"


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _READY_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"the hub is not ready: {log.read_text()[-2000:]}")


@contextmanager
def reader(url: str) -> Iterator[httpx.Client]:
    """The head of the group, signed in by the one click of a demonstration."""
    with closing(Readers(url)) as readers:
        yield readers(Role.GROUP_HEAD)


def rested(worked: Callable[[], float], done: Callable[[], object] = lambda: True, *, share: float = 0.1) -> None:
    """Until it is done with what every hub does after its start, and what is asked for besides: it then takes less of a core."""
    deadline = time.monotonic() + _SETTLED_S
    while time.monotonic() < deadline:
        had, began = worked(), time.perf_counter()
        time.sleep(2)
        if done() and worked() - had < 1000 * share * (time.perf_counter() - began):
            return
    raise SystemExit("the hub does not come to rest")


def _settled(readers: Readers, worked: Callable[[], float]) -> None:
    """Once it has made a repair of each ticket, and its pages ready, for which it takes a tenth of a core."""
    technician = readers(Role.TECHNICIAN)
    rested(worked, lambda: technician.get("/api/v1/repairs").json()["items"], share=0.05)


def furnish(database: Path, now: int) -> str:
    """Before the hub runs. Hands back what stands in the link of somebody who is invited."""
    with closing(open_store(f"sqlite:///{database}")) as store:
        return furniture.before(store, now)


@dataclass(frozen=True, slots=True)
class Furnished:
    """A hub at rest whose pages have something to show. worked: of the processor, ms."""

    readers: Readers
    things: furniture.Things
    worked: Callable[[], float]


@contextmanager
def furnished(folder: Path, database: Path, link: str, now: int) -> Iterator[Furnished]:
    with hub_of(folder, database) as hub, closing(Readers(f"http://{HTTP}")) as readers:

        def worked() -> float:
            return cpu_of(hub.pid)

        _settled(readers, worked)
        furniture.Senders(readers).over(now)
        with closing(open_there(f"sqlite:///{database}")) as store:
            found = furniture.things(store, link)
        _settled(readers, worked)
        yield Furnished(readers, found, worked)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--times", type=int, default=30, help="each page is asked for so often")
    parser.add_argument(
        "--rounds", type=int, default=3, help="a page above its goal is asked for again later, up to so often in all"
    )
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="PATH", help="these addresses, as the table names them"
    )
    options = parser.parse_args()
    now = round(time.time() * 1000)
    with tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.monotonic()
        database = folder / "hub.db"
        reports = grow(database, now, Sizes(schools=options.schools, rooms=4))
        link = furnish(database, now)
        size = sum(each.stat().st_size for each in folder.iterdir()) / 1e6
        print(
            f"{options.schools} schools, {options.schools * 8} devices, {reports:,} reports, {size:,.0f} MB, "
            f"made in {time.monotonic() - began:.0f} s",
            flush=True,
        )
        with furnished(folder, database, link, now) as hub:
            every = opened(addresses(hub.things, now))
            asked = [each for each in every if not options.only or each.path in options.only]
            paces = Paces()

            def ask(each: Opened) -> Paced:
                return measure(hub.readers(each.role), each, options.times, hub.worked, paces.look)

            found = in_rounds(ask, asked, options.rounds)
    print(paces)
    return 1 if told(found) else 0


if __name__ == "__main__":
    sys.exit(main())
