"""Configurations and profiles: signed targets that take effect without a restart, unless the agent refuses them.

Each is tried by the agent's own check before anything is put in place; a refusal is told, and the version is not asked for again.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from provisioning.core.agent_toml import NoToml
from provisioning.core.contract import Kind, Outcome, Result
from provisioning.core.record import Given
from provisioning.errors import BadRelease
from provisioning.ports import Repository
from provisioning.services.identity import MAX_CONFIG_BYTES, SHARED, Held, Identity
from provisioning.services.parts import Parts

log = logging.getLogger(__name__)

MAX_PROFILES_BYTES = 20_000_000


class Configuring:
    def __init__(self, parts: Parts, identity: Identity) -> None:
        self._parts, self._identity = parts, identity

    def config(self, version: str, held: Held, repository: Repository) -> None:
        """Raises NotTrusted, HubUnreachable, DiskFull."""
        self._install(Kind.CONFIG, version, lambda: self._config(version, held, repository))

    def profiles(self, version: str, held: Held, repository: Repository) -> None:
        self._install(Kind.PROFILES, version, lambda: self._profiles(version, held, repository))

    def _install(self, kind: Kind, version: str, install: Callable[[], None]) -> None:
        try:
            install()
        except BadRelease as error:
            log.error("%s %s is refused: %s", kind, version, error)
            self._keep(kind, version, str(error))
        else:
            self._parts.services.reload()
            self._keep(kind, version, None)

    def _config(self, version: str, held: Held, repository: Repository) -> None:
        told = held.enrolled
        target = f"config/{told.group}/{told.node}/{version}.toml"
        data = self._fetched(target, "config.toml", repository, MAX_CONFIG_BYTES)
        try:
            settings = self._identity.settings(held, data.decode("utf-8"))
        except (UnicodeDecodeError, NoToml) as error:
            raise BadRelease(f"it is no TOML: {error}") from None
        self._require(settings)
        self._identity.put_settings(settings)

    def _profiles(self, version: str, held: Held, repository: Repository) -> None:
        files, layout = self._parts.files, self._parts.layout
        archive, folder = layout.downloads / "profiles.zip", layout.profile_sets / version
        self._fetch(f"profiles/{version}.zip", archive, repository, MAX_PROFILES_BYTES)
        files.remove(folder)
        files.folder(folder)
        files.extract(archive, folder, MAX_PROFILES_BYTES)
        files.remove(archive)
        settings = self._identity.settings(held).decode().replace(str(layout.profiles), str(folder))
        try:
            self._require(settings.encode())
        except BadRelease:
            files.remove(folder)
            raise
        files.settle()
        files.point(layout.profiles, folder)
        for name in files.names(layout.profile_sets):
            if name != version:
                files.remove(layout.profile_sets / name)

    def _require(self, settings: bytes) -> None:
        """The agent that runs says whether it can live with them. Where none runs yet, the next one will."""
        files, layout = self._parts.files, self._parts.layout
        running = files.target(layout.current)
        if running is None:
            return
        candidate = layout.settings / "agent.toml.candidate"
        files.folder(layout.settings, 0o750)
        files.write(candidate, settings, SHARED)
        objection = self._parts.workshop.objection(running, candidate)
        files.remove(candidate)
        if objection is not None:
            raise BadRelease(objection.replace(str(candidate), str(layout.config)))

    def _fetched(self, target: str, name: str, repository: Repository, most: int) -> bytes:
        path = self._parts.layout.downloads / name
        self._fetch(target, path, repository, most)
        data = self._parts.files.read(path, most) or b""
        self._parts.files.remove(path)
        return data

    def _fetch(self, target: str, into: Path, repository: Repository, most: int) -> None:
        length = repository.length(target)
        if length is None:
            raise BadRelease(f"there is no {target}")
        if length > most:
            raise BadRelease(f"{target} has {length} bytes, which is too much")
        repository.fetch(target, into)

    def _keep(self, kind: Kind, version: str, refusal: str | None) -> None:
        record = self._parts.memory.record
        before = record.config if kind is Kind.CONFIG else record.profiles
        now = Given(version) if refusal is None else Given(before.version, version)
        result = Result.HEALTHY if refusal is None else Result.REFUSED
        outcome = Outcome(kind, version, result, refusal or "")
        changed = replace(record, config=now) if kind is Kind.CONFIG else replace(record, profiles=now)
        self._parts.memory.keep(changed.to_tell(outcome))
