"""What the services ask of the world. Adapters match by shape; each maps what its world raises into provisioning.errors."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from provisioning.core.contract import Assigned, Enrolled, EnrolRequest, Letter, Trust
from provisioning.core.renewal import Validity
from wire.handoff import Health


class Clock(Protocol):
    def utc_ms(self) -> int: ...

    def mono_s(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def is_synchronised(self) -> bool:
        """Whether something keeps it right, such as NTP."""

    def set_utc_ms(self, now: int) -> bool:
        """False where this is not allowed."""


class Files(Protocol):
    """Each change is on the disk on return, and either all of it or nothing. May raise DiskFull and OperatorError."""

    def read(self, path: Path, most: int) -> bytes | None:
        """None where there is no such file, or one that is longer."""

    def write(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        """With the owner of the folder that it stands in."""

    def folder(self, path: Path, mode: int = 0o755) -> None:
        """Make it, and those above it, where they are missing."""

    def point(self, link: Path, target: Path) -> None:
        """Let a link lead to a folder beside it or below."""

    def target(self, link: Path) -> Path | None:
        """Where it leads; None where it leads to no folder."""

    def remove(self, path: Path) -> None:
        """A file, a link or a whole folder; nothing where there is none."""

    def names(self, folder: Path) -> list[str]:
        """What stands in it."""

    def extract(self, archive: Path, into: Path, most: int) -> None:
        """A zip archive. Raises BadRelease for one that is none, leads outside, or would become longer than `most`."""

    def free_bytes(self, path: Path) -> int: ...

    def settle(self) -> None:
        """What other programs wrote is on the disk on return."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What this program has to know of one."""

    serial: str
    validity: Validity
    public: bytes


class Keys(Protocol):
    """Keys and certificates as PEM. What cannot be read raises OperatorError."""

    def make(self) -> bytes: ...

    def request(self, key: bytes) -> str:
        """A certificate request. It names nobody: who this is, the hub says."""

    def sign(self, key: bytes, data: bytes) -> str: ...

    def public(self, key: bytes) -> bytes: ...

    def certificate(self, pem: bytes) -> Certificate: ...

    def fingerprint(self, pem: str) -> str:
        """SHA-256 of the certificate, as hexadecimal digits."""


class Hub(Protocol):
    """The hub at one address, known by its roots. May raise HubUnreachable, HubBusy, NotOurHub and Turned."""

    def trust(self) -> Trust: ...

    def enrol(self, request: EnrolRequest) -> Enrolled: ...

    def renew(self, letter: Letter) -> Enrolled: ...

    def tell(self, letter: Letter) -> None: ...

    def assigned(self, letter: Letter) -> Assigned: ...


class Hubs(Protocol):
    def strangers_trust(self, address: str) -> Trust:
        """What somebody at this address says of himself: to be believed only if the pin says so."""

    def at(self, address: str, roots: tuple[str, ...]) -> Hub: ...


class Repository(Protocol):
    """Signed targets. May raise HubUnreachable, and NotTrusted for anything that the signatures do not vouch for."""

    def refresh(self) -> None:
        """Learn what is offered now. Before anything else, once."""

    def length(self, target: str) -> int | None:
        """None: nothing of this name is signed for."""

    def fetch(self, target: str, into: Path) -> None:
        """Raises NotTrusted where there is none."""


class Repositories(Protocol):
    def at(
        self, address: str, roots: tuple[str, ...], now: int, letter: Callable[[str], Letter] | None = None
    ) -> Repository:
        """`now`: what is out of date by then is not trusted. `letter`: shown for what is this node's alone, to its path."""


class Workshop(Protocol):
    """Turns a bundle into environments, and tries them out."""

    def build(self, bundle: Path, requirements: str, into: Path) -> None:
        """`requirements`: which of the bundle's two. Raises BadRelease and DiskFull."""

    def objection(self, release: Path, config: Path) -> str | None:
        """What the agent of this release says against the settings; None: nothing."""

    def doubt(self, provisioner: Path) -> str | None:
        """What keeps this program, as it stands there, from reaching the hub and reading what it offers; None: nothing."""


class ServiceManager(Protocol):
    """The agent as a service of this machine. May raise OperatorError."""

    def start(self) -> None:
        """It runs from now on, also after the next start of the machine."""

    def restart(self) -> None: ...

    def reload(self) -> None:
        """It reads its settings again without a restart, where it runs."""

    def is_running(self) -> bool: ...

    def remove(self) -> None:
        """It stops, and the machine forgets it."""


class AgentState(Protocol):
    """What the agent says of itself."""

    def health(self) -> Health | None: ...

    def forget_health(self) -> None: ...
