"""One page, asked for again and again: its times by the clock and of the processor, and whether they keep the goal.

A shared machine is taken away from its guests for tens of milliseconds, and slower for minutes; what a page costs by itself it
costs in each round. So a page above its goal is asked for again after all others, and is slow when it never kept it.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import httpx

from benchmarks.ceilings import against
from benchmarks.machine import pace, stolen_ms
from benchmarks.opened import Opened

TARGET_MS = 50.0
"""p95 of each page."""
FILE_S = 10.0
"""Of what is made to be printed or kept."""
_FILE_TIMES = 2
EMPTY = Opened("/healthz")
"""What the hub answers without looking at anything."""


@dataclass(frozen=True, slots=True)
class Paced:
    """What was asked for: p50 and p95 of its times, by the clock and of the processor (ms), and the bytes of an answer as sent.

    stolen  part of the time for which the host took the processor from this machine
    pace    of the machine meanwhile, as a part of that of the goals
    wrong   what the hub answered that is no page
    """

    asked: Opened
    clock: tuple[float, float]
    cpu: tuple[float, float]
    sent: int
    stolen: float = 0.0
    pace: float = 1.0
    wrong: str = ""

    @property
    def slow(self) -> bool:
        return self.clock[1] > self._wanted

    @property
    def slow_there(self) -> bool:
        """On the machine of the goals, if all of it swings with the processor."""
        return self.clock[1] * min(1.0, self.pace) > self._wanted

    @property
    def _wanted(self) -> float:
        return FILE_S * 1000 if self.asked.file else TARGET_MS

    def __str__(self) -> str:
        times = " ".join(f"{each:>7.1f}" for each in (*self.clock, *self.cpu))
        name = f"{self.asked.path}{' #' if self.asked.part else ''}{self.asked.part}"
        mark = f"  {self.wrong}" if self.wrong else "  SLOW" if self.slow else ""
        return f"{name[:72]:<72} {times} {self.sent / 1000:>8.1f} {self.stolen:>6.0%} {self.pace:>5.2f}{mark}"


def measure(
    client: httpx.Client, asked: Opened, times: int, worked: Callable[[], float], look: Callable[[], float] = pace
) -> Paced:
    """After one answer that nobody counts: what is read for the first time is read from the disk.

    The pace of the machine is the better one of before and after: a lucky look makes a page slower there, not faster.
    """
    htmx = {"HX-Request": "true", "HX-Target": asked.part} if asked.part else {}
    answer = client.get(asked.path, headers=htmx)
    clock, cpu, before, lost = [], [], look(), stolen_ms()
    for _ in range(_FILE_TIMES if asked.file else times):
        began, had = time.perf_counter(), worked()
        answer = client.get(asked.path, headers=htmx)
        clock.append((time.perf_counter() - began) * 1000)
        cpu.append(worked() - had)
    stolen = (stolen_ms() - lost) / sum(clock)
    sent, wrong = answer.num_bytes_downloaded, _wrong(answer, asked)
    return Paced(asked, _figures(clock), _figures(cpu), sent, stolen, max(before, look()), wrong)


def _wrong(answer: httpx.Response, asked: Opened) -> str:
    if answer.status_code != httpx.codes.OK:
        return f"answered {answer.status_code} {answer.headers.get('location', '')}"
    if asked.part and "<html" in answer.text:
        return f"the page has no part {asked.part}"
    return ""


def _figures(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1]


def in_rounds(ask: Callable[[Opened], Paced], every: Iterable[Opened], rounds: int = 1) -> list[Paced]:
    """Each as it came out best, told as it comes. The first is the answer that is no page, which others are compared with."""
    print(f"{'':<72} {'by the clock':>15} {'processor':>15}")
    print(f"{'page':<72} {'p50':>7} {'p95':>7} {'p50':>7} {'p95':>7} {'kB sent':>8} {'stolen':>6} {'pace':>5}")
    found = [_shown(ask(each)) for each in (EMPTY, *every)]
    for again in range(2, rounds + 1):
        slow = sum(map(_may_be_better, found))
        if slow:
            print(f"round {again} of {rounds}: {slow} that were slow")
        found = [_better(each, _shown(ask(each.asked))) if _may_be_better(each) else each for each in found]
    return found


def _shown(found: Paced) -> Paced:
    print(found, flush=True)
    return found


def _may_be_better(found: Paced) -> bool:
    return found.slow and not found.wrong


def _better(was: Paced, now: Paced) -> Paced:
    """A wrong answer is not made good by a right one."""
    return now if now.wrong else min(was, now, key=lambda each: each.clock[1])


def told(found: Sequence[Paced]) -> int:
    """What it came to: how many are slow, or no page."""
    bad = sum(each.slow or bool(each.wrong) for each in found)
    there = sum(each.slow_there or bool(each.wrong) for each in found)
    pages = [each.clock[1] for each in found if not each.asked.file]
    print(f"  by the pace of the machine that the goals are of, {there} would be slow or wrong")
    print(against("p95 of an answer that is no page", max(pages), pages[0], "ms"))
    print(f"{bad} slow or wrong" if bad else f"p95 of every page is below {TARGET_MS:.0f} ms")
    return bad
