"""How soon does somebody with a phone and a poor signal see a page, and what does it cost them?

A real hub serves a grown district (benchmarks/grown.py, without the readings of months) to Chromium as a phone of 360 pixels,
slowed down as Lighthouse does it for mobile: 1.6 Mbit/s, 150 ms there and back, a processor four times as slow. Seen is what
the browser calls the largest contentful paint. The worker that keeps pages on a phone is left out: it would be quicker.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.asking import EMPTY
from benchmarks.grown import grow
from benchmarks.opened import DEVICE, SCHOOL, Opened
from benchmarks.reports import GROUP, Sizes
from benchmarks.web import HTTP, Furnished, furnish, furnished
from tools.test_services import browser_path

TARGET_MS = 1500.0
MOST_BYTES = 150_000
_PATIENCE_MS = 60_000
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
_SEEN = """() => new Promise((seen) => {
    new PerformanceObserver((list) => seen(list.getEntries().at(-1).startTime))
        .observe({ type: "largest-contentful-paint", buffered: true });
})"""
_COST = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map((each) => each.transferSize).filter((size) => size > 0)"""
_ANSWERED = "() => performance.getEntriesByType('navigation')[0].responseEnd"
_QUIET = "() => document.fonts.ready.then(() => true)"


@dataclass(frozen=True, slots=True)
class Slowness:
    """kbit: a second; latency: ms, there and back; cpu: how many times as slow."""

    kbit: float
    latency: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Seen:
    """lcp: ms since it was asked for; sent: bytes over the line; requests: so many of them"""

    lcp: float
    sent: int
    requests: int


def pages(hub: Furnished) -> Iterator[tuple[str, str]]:
    here = f"/schools/{GROUP}/{SCHOOL}"
    yield from (("overview", "/"), ("ticket", "/tickets/1"), ("my day", "/trips/mine"), ("school", here))
    yield "device", f"{here}/devices/{DEVICE}"
    yield from (("sticker", f"/e/{hub.things.sticker}"), ("report", f"/r/{hub.things.told}"))


class Phone:
    """One whose browser has nothing yet. `person`: the session in its cookie."""

    def __init__(self, browser: Browser, slowness: Slowness, person: str) -> None:
        self._slowness = slowness
        self.context: BrowserContext = browser.new_context(
            base_url=f"http://{HTTP}",
            viewport={"width": 360, "height": 740},
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="th-TH",
            service_workers="block",
        )
        self.context.set_default_timeout(_PATIENCE_MS)
        if person:
            self.context.add_cookies([{"name": "session", "value": person, "url": f"http://{HTTP}"}])

    def visit(self, path: str) -> Seen:
        page = self.context.new_page()
        try:
            self._slow_down(page)
            page.goto(path, wait_until="load")
            page.evaluate(_QUIET)
            page.wait_for_load_state("networkidle")
            sizes = page.evaluate(_COST)
            return Seen(page.evaluate(_SEEN), sum(sizes), len(sizes))
        finally:
            page.close()

    def answered(self, path: str) -> float:
        """ms until the last byte of an answer that is no page: there is nothing to be seen. The phone is done then."""
        page = self.context.new_page()
        try:
            self._slow_down(page)
            page.goto(path, wait_until="load")
            return float(page.evaluate(_ANSWERED))
        finally:
            self.context.close()

    def _slow_down(self, page: Page) -> None:
        line = self._slowness
        devtools = self.context.new_cdp_session(page)
        rate = line.kbit * 1000 / 8
        network = {"offline": False, "latency": line.latency, "downloadThroughput": rate, "uploadThroughput": rate / 2}
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", network)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": line.cpu})


def measure(browser: Browser, slowness: Slowness, person: str, path: str, times: int) -> tuple[list[Seen], list[Seen]]:
    """First visits, and the next ones of the same phones."""
    first, again = [], []
    for _ in range(times):
        phone = Phone(browser, slowness, person)
        first.append(phone.visit(path))
        again.append(phone.visit(path))
        phone.context.close()
    return first, again


def watch(hub: Furnished, slowness: Slowness, times: int) -> int:
    """How many pages are seen too late, or cost too much."""
    bad = 0
    print(
        f"{'page':<12} {'first LCP':>10} {'worst':>8} {'kB':>6} {'requests':>9} {'again LCP':>10} {'kB':>6} {'requests':>9}"
    )
    with sync_playwright() as playwright:
        # As people have it, where it is there.
        chromium = shutil.which("chromium") or browser_path()
        browser = playwright.chromium.launch(executable_path=chromium, args=_SWITCHES)
        nothing = statistics.median(Phone(browser, slowness, "").answered(EMPTY.path) for _ in range(times))
        print(
            f"an answer of a few letters is there after {nothing:.0f} ms; each line ends with how many times that it takes"
        )
        for name, path in pages(hub):
            role = Opened(path).role
            person = hub.readers(role).cookies["session"] if role else ""
            first, again = measure(browser, slowness, person, path, times)
            bad += _told(name, first, again, nothing)
        browser.close()
    return bad


def _told(name: str, first: Sequence[Seen], again: Sequence[Seen], nothing: float) -> bool:
    seen, once_more = statistics.median(each.lcp for each in first), statistics.median(each.lcp for each in again)
    cost, worst = first[0], max(each.lcp for each in first)
    late, heavy = max(seen, once_more) > TARGET_MS, cost.sent > MOST_BYTES
    mark = ("  LATE" if late else "") + ("  HEAVY" if heavy else "")
    print(
        f"{name:<12} {seen:>8.0f}ms {worst:>6.0f}ms {cost.sent / 1000:>6.0f} {cost.requests:>9} "
        f"{once_more:>8.0f}ms {again[0].sent / 1000:>6.0f} {again[0].requests:>9} {seen / nothing:>5.1f}{mark}",
        flush=True,
    )
    return bool(mark)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--times", type=int, default=3, help="so many phones open each page")
    parser.add_argument("--kbit", type=float, default=1638.4, help="a second")
    parser.add_argument("--latency", type=float, default=150.0, help="ms, there and back")
    parser.add_argument("--cpu", type=float, default=4.0, help="how many times as slow")
    options = parser.parse_args()
    now = round(time.time() * 1000)
    with tempfile.TemporaryDirectory() as name:
        folder, database = Path(name), Path(name) / "hub.db"
        grow(database, now, Sizes(schools=options.schools, rooms=4), readings=False)
        link = furnish(database, now)
        with furnished(folder, database, link, now) as hub:
            bad = watch(hub, Slowness(options.kbit, options.latency, options.cpu), options.times)
    print(f"{bad} too late or too heavy" if bad else f"every page is seen within {TARGET_MS / 1000:g} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
