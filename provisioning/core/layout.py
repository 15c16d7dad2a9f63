"""Where everything stands on a device. Two programs share it: what is the agent's, and what is this program's own.

Linux: below a root, which is / but in tests. Windows: below the two folders that Windows has for programs and for their data.
"""

from dataclasses import dataclass
from pathlib import Path

NAME, OWN_NAME = "dltv-agent", "dltv-provision"


@dataclass(frozen=True, slots=True)
class Layout:
    """program: releases and this program; settings: agent.toml; state: the agent's own; own: this program's own."""

    program: Path
    settings: Path
    state: Path
    own: Path
    binaries: str = "bin"

    @classmethod
    def linux(cls, root: Path) -> "Layout":
        return cls(root / "opt" / NAME, root / "etc" / NAME, root / "var/lib" / NAME, root / "var/lib" / OWN_NAME)

    @classmethod
    def windows(cls, programs: Path, data: Path) -> "Layout":
        state = data / NAME
        return cls(programs / NAME, state / "settings", state / "state", data / OWN_NAME, binaries="Scripts")

    @property
    def releases(self) -> Path:
        return self.program / "releases"

    @property
    def current(self) -> Path:
        """A link to the release that runs."""
        return self.program / "current"

    @property
    def provisioners(self) -> Path:
        return self.program / "provisioners"

    @property
    def provisioner(self) -> Path:
        """A link to the environment that this program runs in."""
        return self.program / "provisioner"

    @property
    def config(self) -> Path:
        return self.settings / "agent.toml"

    @property
    def identities(self) -> Path:
        return self.state / "identities"

    @property
    def identity(self) -> Path:
        """A link to the folder with the key, the certificate and the trust that count: they change together."""
        return self.state / "identity"

    @property
    def profile_sets(self) -> Path:
        return self.state / "profile-sets"

    @property
    def profiles(self) -> Path:
        """A link to the set of profiles that the agent reads over those it has built in."""
        return self.state / "profiles"

    @property
    def metadata(self) -> Path:
        return self.own / "metadata"

    @property
    def downloads(self) -> Path:
        return self.own / "downloads"

    @property
    def record(self) -> Path:
        return self.own / "record.json"

    def python(self, environment: Path) -> Path:
        return environment / self.binaries / ("python" if self.binaries == "bin" else "python.exe")


KEY, CERTIFICATE, TRUST = "key.pem", "certificate.pem", "trust.pem"
COMPLETE = ".complete"
"""Stands in a release, and in an identity, that has all it needs: written last."""
