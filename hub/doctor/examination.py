"""All that is looked at, in the order of the report."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from hub.config import HubSettings
from hub.doctor.broker import broker
from hub.doctor.certificates import certificates, revocations
from hub.doctor.clock import clock
from hub.doctor.database import database
from hub.doctor.files import data_directory, room, settings_file
from hub.doctor.findings import Finding, doubtful
from hub.doctor.listeners import devices, pages
from hub.doctor.safety import backups, mail


def examine(settings: HubSettings, config: Path | None, now: int) -> Iterator[Finding]:
    """What one look cannot see must not hide what the others see."""
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        partial(settings_file, config),
        partial(data_directory, settings),
        partial(room, settings),
        clock,
        partial(database, settings),
        partial(certificates, settings, now),
        partial(revocations, settings, now),
        partial(broker, settings),
        partial(pages, settings),
        partial(devices, settings),
        partial(backups, settings, now),
        partial(mail, settings),
    )
    for look in looks:
        try:
            yield from look()
        except PermissionError as error:
            yield doubtful("doctor", f"may not look at {error.filename}", "run it as the hub's user, or as root")
        except OSError as error:
            yield doubtful("doctor", f"could not look: {error}", "run it again; if it stays, tell the developers")
