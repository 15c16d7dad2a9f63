"""Lays a release out beside the one that runs: fetched as signed, unpacked, built, asked what it says to the settings.

A release that is not whole has no mark, and is begun anew. Nothing that runs is touched.
"""

import logging
from pathlib import Path

from provisioning.core.bundle import (
    AGENT,
    MAX_BUNDLE_BYTES,
    MAX_RELEASE_BYTES,
    PROVISIONER,
    RELEASE,
    BadBundle,
    Release,
    target_of,
)
from provisioning.core.layout import COMPLETE
from provisioning.core.slots import Disk
from provisioning.errors import BadRelease, DiskFull
from provisioning.ports import Repository
from provisioning.services.parts import Parts

log = logging.getLogger(__name__)

ROOM = 8
"""A release takes about so many times what its bundle has: the bundle, unpacked, and installed."""
SPARE_BYTES = 50_000_000
"""Is left to the agent's journal."""


class Staging:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def disk(self) -> Disk:
        files, layout = self._parts.files, self._parts.layout
        names = files.names(layout.releases)
        whole = {name for name in names if files.read(layout.releases / name / COMPLETE, 100) is not None}
        there = files.target(layout.current)
        return Disk(None if there is None else there.name, frozenset(whole), frozenset(names) - whole)

    def fetch(self, version: str, repository: Repository) -> None:
        """Raises NotTrusted, BadRelease, DiskFull, HubUnreachable."""
        target = target_of(version, self._parts.platform)
        length = repository.length(target)
        if length is None:
            raise BadRelease(f"there is no release {version} for this kind of computer ({self._parts.platform})")
        files, downloads = self._parts.files, self._parts.layout.downloads
        if length > MAX_BUNDLE_BYTES:
            raise BadRelease(f"the bundle has {length} bytes, which is too much")
        if files.free_bytes(downloads) < length * ROOM + SPARE_BYTES:
            raise DiskFull(
                f"release {version} needs {length * ROOM // 1_000_000} MB: make room; it is tried again later"
            )
        archive = downloads / f"{version}.zip"
        for name in files.names(downloads):
            if name != archive.name:
                files.remove(downloads / name)
        repository.fetch(target, archive)
        self.lay_out(archive, version)
        files.remove(archive)

    def lay_out(self, archive: Path, version: str | None = None) -> str:
        """From a bundle that is trusted already. Says of which version it is, which is to be `version` where that is given."""
        files, bundle = self._parts.files, self._parts.layout.downloads / "unpacked"
        files.remove(bundle)
        try:
            found = self._unpack(archive, bundle)
            if found != (version or found):
                raise BadRelease(f"the bundle is {found}, and not what it is called")
            self._build(found, bundle)
        finally:
            files.remove(bundle)
        return found

    def version_of(self, archive: Path) -> str:
        bundle = self._parts.layout.downloads / "unpacked"
        self._parts.files.remove(bundle)
        version = self._unpack(archive, bundle)
        self._parts.files.remove(bundle)
        return version

    def remove(self, *versions: str) -> None:
        """The mark first: half a release is none. This program does not delete itself."""
        files, layout = self._parts.files, self._parts.layout
        for version in versions:
            files.remove(layout.releases / version / COMPLETE)
            files.remove(layout.releases / version)
            if files.target(layout.provisioner) != (layout.provisioners / version).resolve():
                files.remove(layout.provisioners / version)

    def _unpack(self, archive: Path, bundle: Path) -> str:
        files = self._parts.files
        files.folder(bundle)
        files.extract(archive, bundle, MAX_BUNDLE_BYTES)
        try:
            release = Release.decode(files.read(bundle / RELEASE, MAX_RELEASE_BYTES))
        except BadBundle as error:
            raise BadRelease(f"the bundle is not whole: {error}") from None
        if release.platform != self._parts.platform:
            raise BadRelease(f"the bundle is for {release.platform}, and this computer is {self._parts.platform}")
        return release.version

    def _build(self, version: str, bundle: Path) -> None:
        files, layout, workshop = self._parts.files, self._parts.layout, self._parts.workshop
        self.remove(version)
        release, provisioner = layout.releases / version, layout.provisioners / version
        for folder in (layout.releases, layout.provisioners):
            files.folder(folder)
        try:
            workshop.build(bundle, AGENT, release)
            if files.target(layout.provisioner) != provisioner.resolve():
                workshop.build(bundle, PROVISIONER, provisioner)
            self._try(release)
        except (BadRelease, DiskFull):
            self.remove(version)
            raise
        # What the builder wrote is on the disk before the mark says so.
        files.settle()
        files.write(release / COMPLETE, b"")

    def _try(self, release: Path) -> None:
        """A mistake in the settings that the running release finds too is no reason to stay with it."""
        layout, workshop = self._parts.layout, self._parts.workshop
        if self._parts.files.read(layout.config, 1 << 20) is None:
            return
        objection = workshop.objection(release, layout.config)
        running = self._parts.files.target(layout.current)
        if objection is None or (running is not None and workshop.objection(running, layout.config) is not None):
            return
        raise BadRelease(f"its self-test failed: {objection}")
