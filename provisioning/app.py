"""The composition root: a place and its services into what the commands call. The only module that knows them all."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from provisioning.adapters.agent_state import StateFolder
from provisioning.adapters.files import DiskFiles
from provisioning.adapters.https_hub import HttpsHubs
from provisioning.adapters.keys import EllipticKeys
from provisioning.adapters.lock import alone
from provisioning.adapters.plain_process import PlainProcess
from provisioning.adapters.system_clock import SystemClock
from provisioning.adapters.systemd import Systemd
from provisioning.adapters.this_machine import platform_name
from provisioning.adapters.tuf_repository import TufRepositories
from provisioning.adapters.venv_workshop import VenvWorkshop
from provisioning.adapters.windows_service import WindowsService
from provisioning.core.layout import Layout
from provisioning.ports import ServiceManager
from provisioning.services.configuring import Configuring
from provisioning.services.enrolling import Enrolling
from provisioning.services.identity import Identity
from provisioning.services.installing import Installing
from provisioning.services.parts import Memory, Parts
from provisioning.services.reaching import Reaching
from provisioning.services.renewing import Renewing
from provisioning.services.round import Round
from provisioning.services.staging import Staging
from provisioning.services.succession import Succession
from provisioning.services.timekeeping import Timekeeping
from provisioning.services.updating import Updating

SERVICES = ("auto", "systemd", "process", "windows")
_SYSTEMD_RUNS = Path("/run/systemd/system")


@dataclass(frozen=True, slots=True)
class Place:
    """root: None for this machine itself; services: one of SERVICES."""

    root: Path | None = None
    services: str = "auto"

    @property
    def layout(self) -> Layout:
        if sys.platform == "win32" and self.root is None:
            return Layout.windows(Path(os.environ["PROGRAMFILES"]), Path(os.environ["PROGRAMDATA"]))
        return Layout.linux((self.root or Path("/")).absolute())


@dataclass(frozen=True, slots=True)
class Provisioning:
    """What the commands call."""

    parts: Parts
    identity: Identity
    enrolling: Enrolling
    renewing: Renewing
    staging: Staging
    updating: Updating
    installing: Installing
    round: Round


@contextmanager
def opened(place: Place) -> Iterator[Provisioning]:
    """Alone on this device, as long as it is open. Raises Busy."""
    with alone(place.layout.own):
        yield assemble(parts_of(place))


def parts_of(place: Place) -> Parts:
    layout = place.layout
    files = DiskFiles(layout.state)
    clock = SystemClock(may_set=place.root is None)
    return Parts(
        layout=layout,
        platform=platform_name(),
        files=files,
        keys=EllipticKeys(),
        clock=clock,
        hubs=HttpsHubs(clock),
        repositories=TufRepositories(layout, files, clock),
        workshop=VenvWorkshop(layout, files, _system_python(), _probe(place)),
        services=_services(place, layout, files),
        agent=StateFolder(layout.state, files),
        memory=Memory(layout, files),
    )


def assemble(parts: Parts) -> Provisioning:
    identity, reaching, time, staging = Identity(parts), Reaching(parts), Timekeeping(parts.clock), Staging(parts)
    enrolling = Enrolling(parts, identity, reaching, time)
    renewing = Renewing(parts, identity, reaching, time)
    updating = Updating(parts, staging, lambda: reaching.answers(identity.require()))
    succession = Succession(parts, staging)
    rounds = Round(
        parts,
        identity,
        reaching,
        time,
        renewing=renewing,
        updating=updating,
        configuring=Configuring(parts, identity),
        succession=succession,
    )
    installing = Installing(parts, identity, staging, updating, succession)
    return Provisioning(parts, identity, enrolling, renewing, staging, updating, installing, rounds)


def _services(place: Place, layout: Layout, files: DiskFiles) -> ServiceManager:
    kind = place.services
    if kind == "auto":
        kind = "systemd" if place.root is None and _SYSTEMD_RUNS.is_dir() else "process"
        kind = "windows" if sys.platform == "win32" else kind
    if kind == "systemd":
        return Systemd()
    return WindowsService() if kind == "windows" else PlainProcess(layout, files)


def _system_python() -> Path:
    """Not the one of the environment that this program runs in: that may be deleted one day."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def _probe(place: Place) -> list[str]:
    return ["probe"] if place.root is None else ["probe", "--root", str(place.root)]
