"""Whatever a receiver answers and wherever the hub is killed: nobody is told twice what they could not know again."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.core.notices import Letter
from hub.messages.deliveries import BACK_OFF_MS, Outcome, State
from hub.messages.views import KeptWay
from hub.messaging.courier import Courier, Reply
from hub.messaging.sealing import Seal
from hub.office.sending import Sending
from hub.store.deliveries import DeliveryRows
from hub.store.engine import open_engine
from hub.store.message_ways import WayRows
from hub.store.messages import tell
from hub.store.unit_of_work import Store
from hub.web.message_words import MessageWords
from tests.stores import brief_database

NOON = 1_795_150_800_000
ZONE = ZoneInfo("Asia/Bangkok")
WORDS = MessageWords(ZONE, None)
SEAL = Seal(b"0" * 32)


class Killed(BaseException):
    """The hub is no more."""


class Receiver:
    """The world beyond the hub: what it truly got, and what it answers. `dies`: the hub is killed then."""

    has_mail = True

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.gets, self.answer, self.dies = True, Outcome.TAKEN, ""

    def courier(self) -> Courier:
        return Courier()

    def give(self, _courier: Courier, address: str, letter: Letter, _now: int) -> Reply:
        if self.dies == "before":
            raise Killed
        if self.gets:
            self.got.append((letter.message_id if address.startswith("email:") else address, letter.body))
        if self.dies == "after":
            raise Killed
        return Reply(self.answer)


STEPS = st.one_of(
    st.tuples(st.just("tell"), st.sampled_from(["one", "two"])),
    st.tuples(st.just("time"), st.sampled_from([0, *BACK_OFF_MS])),
    # What it answers, and whether it truly got it: without an answer nobody knows.
    st.tuples(
        st.just("send"),
        st.sampled_from(
            [
                (Outcome.TAKEN, True),
                (Outcome.LATER, False),
                (Outcome.REFUSED, False),
                (Outcome.UNSURE, True),
                (Outcome.UNSURE, False),
            ]
        ),
    ),
    st.tuples(st.just("kill"), st.sampled_from(["before", "after"])),
)


def opened() -> Iterator[Store]:
    with brief_database() as url:
        store = Store(open_engine(url))
        yield store
        store.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=12), st.sampled_from(["line://a/b", "email:a@b.example"]))
def test_nobody_is_told_the_same_twice(steps: list[tuple[str, Any]], address: str) -> None:
    for store in opened():
        world, now, told = Receiver(), NOON, 0
        with store.begin() as work:
            way = KeptWay(0, "technician", "", address.partition(":")[0], SEAL.close(address), None, NOON)
            WayRows(work.connection).add(way)
        for step, what in [*steps, ("kill", ""), ("time", 24 * 3_600_000), ("send", (Outcome.TAKEN, True))]:
            sending = Sending(store, world, lambda: SEAL, WORDS, ZONE)  # type: ignore[arg-type]
            world.dies = what if step == "kill" else ""
            if step == "tell":
                told += 1
                with store.begin() as work:
                    tell(work.connection, "request.moved", {"number": f"N{told:04}"}, ("technician",), now)
            elif step == "time":
                now += what
            else:
                world.answer, world.gets = what if step == "send" else (Outcome.TAKEN, True)
                sending.spread(now)
                with suppress(Killed):
                    sending.send(lambda at=now: at, threading.Event())  # type: ignore[misc]
                if step == "kill":
                    sending.recover(now)
        check(world, store, told)


def check(world: Receiver, store: Store, told: int) -> None:
    letters: dict[str, set[str]] = {}
    for name, body in world.got:
        letters.setdefault(name, set()).add(body)
    for number in range(1, told + 1):
        holding = [name for name, body in world.got if f"N{number:04}" in body]
        if holding and not holding[0].startswith("line:"):
            # The same letter again, and always with the same words: it is known again.
            assert len(set(holding)) == 1
            assert all(len(bodies) == 1 for bodies in letters.values())
        else:
            assert len(holding) <= 1
    with store.reading() as connection:
        counts = Counter(DeliveryRows(connection).counts())
    assert counts.total() == told
    assert counts[State.SENDING] == 0
