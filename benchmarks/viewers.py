"""Two hundred people have the overview open while the district never rests: how soon do they see a change, and what does it take?

A real hub serves a grown district (benchmarks/grown.py). Somebody puts a ticket off and takes it up again, over and over;
each viewer holds a stream of server-sent events and fetches the part of the page that changed, as a browser does, one at a time.
"""

import argparse
import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil

from benchmarks.ceilings import against
from benchmarks.grown import grow
from benchmarks.reports import Sizes
from benchmarks.web import reader, serving

TARGET_MS = 50.0
"""p95 of an answer, as long as nobody else asks at the same moment."""
SEEN_S = 6.0
"""p95 from a change to its sight."""
_EVERY_S = 0.2
_CSRF = re.compile(r'data-csrf="([^"]+)"')


@dataclass(slots=True)
class Seen:
    """What the viewers got: when each asked, and how long the answer took; and when something changed."""

    asked: list[tuple[int, float, float]] = field(default_factory=list)
    changed: list[float] = field(default_factory=list)
    events: int = 0
    size: int = 0

    def delays(self) -> list[float]:
        """From each change to the end of the first answer that a viewer asked for after it, of each viewer."""
        found = []
        for viewer in {each[0] for each in self.asked}:
            own = [(began, began + took) for who, began, took in self.asked if who == viewer]
            found += [min(ends) - at for at in self.changed if (ends := [end for began, end in own if began >= at])]
        return found


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: the server, and the cookie of a session."""

    host: str
    port: int
    cookie: str

    async def ask(self, path: str, *headers: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        stream, writer = await asyncio.open_connection(self.host, self.port)
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Cookie: {self.cookie}", *headers]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()
        return stream, writer

    async def part(self) -> bytes:
        """The part of the overview that changed."""
        htmx = ("HX-Request: true", "HX-Target: overview", "Accept-Encoding: gzip", "Connection: close")
        stream, writer = await self.ask("/", *htmx)
        answer = await stream.read()
        writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"the hub answered {head[:200]!r}")
        return body

    async def events(self) -> AsyncIterator[str]:
        stream, writer = await self.ask("/live?topic=fleet", "Accept: text/event-stream")
        try:
            while line := await stream.readline():
                if line.startswith(b"event: "):
                    yield line[7:].decode().strip()
        finally:
            writer.close()


async def view(number: int, reader: Reader, seen: Seen) -> None:
    """One page: what is told while an answer is under way is asked for after it."""
    told = asyncio.Event()

    async def fetch() -> None:
        while True:
            await told.wait()
            told.clear()
            began = time.monotonic()
            seen.size = len(await reader.part())
            seen.asked.append((number, began, time.monotonic() - began))

    fetching = asyncio.create_task(fetch())
    try:
        async for event in reader.events():
            seen.events += 1
            if event != "beat":
                told.set()
    finally:
        fetching.cancel()


async def change(client: httpx.AsyncClient, ticket: int, version: int, seen: Seen) -> None:
    """Put a ticket off, and take it up again, for ever."""
    asleep = False
    while True:
        asleep = not asleep
        until = round(time.time() * 1000) + 86_400_000 if asleep else None
        answer = await client.post(f"/api/v1/tickets/{ticket}/snooze", json={"until": until, "version": version})
        answer.raise_for_status()
        version = answer.json()["version"]
        seen.changed.append(time.monotonic())
        await asyncio.sleep(_EVERY_S)


async def watch(url: str, client: httpx.Client, viewers: int, seconds: float) -> Seen:
    """Viewers come, then the changes; what counts begins when all are there."""
    seen, address = Seen(), urlsplit(url)
    cookie = f"session={client.cookies['session']}"
    one = Reader(address.hostname or "", address.port or 0, cookie)
    found = client.get("/api/v1/tickets").json()["items"][0]
    token = _CSRF.search(client.get("/account").text)
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": token[1] if token else ""}
    watching = [asyncio.create_task(view(number, one, seen)) for number in range(viewers)]
    await asyncio.sleep(3)
    seen.asked.clear()
    async with httpx.AsyncClient(base_url=url, headers=headers) as writer:
        changing = asyncio.create_task(change(writer, found["id"], found["version"], seen))
        await asyncio.sleep(seconds)
        changing.cancel()
        with suppress(asyncio.CancelledError):
            await changing
    await asyncio.sleep(SEEN_S)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    return seen


def cpu_of_hub() -> float:
    """Seconds that the hub has worked: the one program that this one has started."""
    (hub,) = psutil.Process().children()
    times = hub.cpu_times()
    return float(times.user + times.system)


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "hub.db"
        # The overview reads none of what devices said before their newest values.
        grow(database, round(time.time() * 1000), Sizes(schools=options.schools, rooms=4), readings=False)
        with serving(Path(folder), database) as url, reader(url) as client:
            alone = _alone(client)
            worked, began = cpu_of_hub(), time.monotonic()
            seen = asyncio.run(watch(url, client, options.viewers, options.seconds))
            share = (cpu_of_hub() - worked) / (time.monotonic() - began)
    return _tell(options.viewers, alone, seen, share)


def _alone(client: httpx.Client) -> float:
    """p95 of the whole page (ms), while nobody else looks."""
    spent = []
    for _ in range(40):
        began = time.perf_counter()
        client.get("/").raise_for_status()
        spent.append((time.perf_counter() - began) * 1000)
    return p95(spent[1:])


def _tell(viewers: int, alone: float, seen: Seen, share: float) -> int:
    delay = p95(seen.delays())
    print(f"the overview for one reader: p95 {alone:.0f} ms (wanted: {TARGET_MS:.0f})")
    print(
        f"{viewers} viewers, {len(seen.changed)} changes: {len(seen.asked)} parts of {seen.size / 1000:.1f} kB fetched, "
        f"each in {statistics.median(took for *_, took in seen.asked) * 1000:.0f} ms "
        f"(p95 {p95([took for *_, took in seen.asked]) * 1000:.0f} ms)"
    )
    middle = statistics.median(took for *_, took in seen.asked) * 1000
    print(against("the whole overview for one reader alone, p95", middle, alone, "ms"))
    print(f"from a change to its sight: p95 {delay:.1f} s (wanted: {SEEN_S:.0f}); the hub took {share:.0%} of a core")
    return 0 if delay < SEEN_S and alone < TARGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
