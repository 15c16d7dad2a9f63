"""A hub's process that takes in reports while its chores fold, pack and prune them, as fast as they can: URL.

It goes on where the database ends, and says each offset as it is committed: whoever kills it knows what must be there.
"""

import sys
import threading
import time

from sqlalchemy import update

from hub.store.engine import open_engine, upgrade
from hub.store.packing import Packing
from hub.store.pruning import Pruning
from hub.store.tables import epoch
from tests.hub.store.reporting import NODE, START, DyingStore, Hub, one

DAYS = 35.0
APART_MS = 22 * 60_000
_LINGER_S = 0.05
AT_ONCE = 40
"""More than half a day in a transaction."""
KEPT_MS = 40 * 86_400_000
"""So long after it was told the oldest half of what there is is too old."""


def main(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    hub = Hub(DyingStore(engine))
    hub.journals = dict(hub.intake.load().journals.get(NODE, {}))
    newest = hub.journals["e1"].newest if hub.journals else 0
    threading.Thread(target=do_chores, args=(DyingStore(open_engine(url)),), daemon=True).start()
    while True:
        hub.commit(
            [one(number, told_at(number), cnr=float(number % 20)) for number in range(newest + 1, newest + 1 + AT_ONCE)]
        )
        newest += AT_ONCE
        sys.stdout.write(f"{newest}\n")
        sys.stdout.flush()
        time.sleep(_LINGER_S)


def told_at(number: int) -> int:
    return START + number * APART_MS


def do_chores(store: DyingStore) -> None:
    while True:
        with store.begin() as work:
            newest = max(
                work.connection.execute(
                    update(epoch).values(judged=epoch.c.newest).returning(epoch.c.newest)
                ).scalars(),
                default=0,
            )
        chores(store, told_at(newest // 2) + KEPT_MS)


def chores(store: DyingStore, now: int) -> None:
    Hub(store).fold(now, batch=1000)
    for chore in (Packing(store, DAYS), Pruning(store, DAYS)):
        while chore.step(now):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
