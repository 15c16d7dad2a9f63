"""`python -m hub.apart`: for a hub to start, which says on its input what to do, and hears on its output what came of it."""

import gc
import logging
import os
import signal
import sys

from pydantic import ValidationError

from hub.apart.judge import Judge
from hub.apart.lines import read_settings
from hub.store.errors import StoreError
from hub.store.inventory import InventoryMistake

log = logging.getLogger("hub.apart")
_GARBAGE = (50_000, 20, 50)
_NICENESS = 5
"""Where there is too much to do for the machine, taking in what comes goes before judging it."""


def main() -> int:
    # A signal to all processes of a service is for the hub, which then ends this one in its turn.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    said = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever prints: only lines of ours go to the hub.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    settings = sys.stdin.buffer.readline()
    if not settings:
        return 0
    os.nice(_NICENESS)
    gc.set_threshold(*_GARBAGE)
    try:
        judge = Judge(read_settings(settings), sys.stdin.buffer, said)
    except (StoreError, InventoryMistake) as mistake:
        log.error("%s", mistake)
        return 2
    except ValidationError as error:
        # Its text would tell what was handed over, secrets included.
        log.error("settings that were handed over are not understood: %s", [each["loc"] for each in error.errors()])
        return 2
    gc.freeze()
    if judge.run():
        return 0
    # A step hangs: what it has not committed is judged again.
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
