"""A device that loses its power: this program, ended by SIGKILL before its n-th change to the disk, then started again.

Every change is counted that Python makes (audit events), whoever's code makes it. On stdin comes an order as JSON, then a line
for each case. The cases run in forks of one process that has everything imported already; what each leaves is printed as JSON.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from provisioning.core.contract import read_code
from provisioning.services.enrolling import Slip
from tests.provisioning.simulators import HARDWARE, Device

CHANGES = {
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.remove",
    "os.symlink",
    "os.link",
    "os.chmod",
    "os.chown",
    "os.truncate",
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ENOUGH = 5000


def die_before(change: int) -> None:
    """Nobody has a chance to clean up."""
    left = change

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING):
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def was_killed(run: Callable[[], object], change: int | None) -> bool:
    """In a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            if change is not None:
                die_before(change)
            run()
        except BaseException as error:  # noqa: BLE001  whatever it is, the parent tells it
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
            os._exit(3)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, f"it ended by itself with {os.WEXITSTATUS(status)}"
    return False


def main() -> None:
    # A killed process loses nothing of what it wrote, so nothing waits for the disk. What is flushed, test_files.py says.
    os.fsync = lambda _: None
    # What Python compiles on the way is no change of the device's.
    sys.dont_write_bytecode = True
    order = json.loads(sys.stdin.readline())
    for change in range(1, ENOUGH):
        sys.stdin.readline()
        device = fresh(order)
        run = action(order, device)
        killed = was_killed(run, change)
        between = survey(device, enrolled=order["do"] != "enrol")
        was_killed(run, None)
        found = {"change": change, "between": between, "after": survey(device, enrolled=True)}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        if not killed:
            return


def fresh(order: dict[str, str]) -> Device:
    """As the test has prepared it."""
    root = Path(order["root"])
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(order["prepared"], root, symlinks=True)
    device = Device(root)
    device.clock.utc = int(order["now"])
    return device


def action(order: dict[str, str], device: Device) -> Callable[[], object]:
    match order["do"]:
        case "enrol":
            slip = Slip(order["hub"], order["pin"], read_code(order["code"]))
            return lambda: device.opened().enrolling.enrol(slip, HARDWARE)
        case "renew":
            return lambda: renew(device)
    return lambda: go_round(device)


def go_round(device: Device) -> None:
    """The record is read in the run that may be killed."""
    device.opened().round.go()


def renew(device: Device) -> None:
    program = device.opened()
    program.renewing.renew(program.identity.require(), new_key=True)


def survey(device: Device, *, enrolled: bool) -> dict[str, object]:
    record = device.opened().parts.memory.record
    return {
        "works": device.works if enrolled else None,
        "release": device.release,
        "releases": sorted(device.releases),
        "trial": record.slots.trial is not None,
        "outbox": len(record.outbox),
        "identities": len(list(device.layout.identities.glob("*"))),
        "new": sorted(str(path) for path in device.root.rglob("*.new")),
    }


if __name__ == "__main__":
    main()
