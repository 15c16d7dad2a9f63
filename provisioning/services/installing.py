"""The first release of a device, from a bundle that the installer has fetched and checked; and the end of everything."""

import logging
from dataclasses import replace
from pathlib import Path

from provisioning.errors import BadRelease
from provisioning.services.identity import Identity
from provisioning.services.parts import Parts
from provisioning.services.staging import Staging
from provisioning.services.succession import Succession
from provisioning.services.updating import Updating

log = logging.getLogger(__name__)


class Installing:
    def __init__(
        self, parts: Parts, identity: Identity, staging: Staging, updating: Updating, succession: Succession
    ) -> None:
        self._parts, self._identity = parts, identity
        self._staging, self._updating, self._succession = staging, updating, succession

    def install(self, bundle: Path) -> str:
        """Says which version. Over a release that runs it is an update: on probation, with a way back."""
        files, layout, memory = self._parts.files, self._parts.layout, self._parts.memory
        self._updating.run(None, None)
        for folder in (layout.settings, layout.state, layout.own, layout.downloads):
            files.folder(folder, 0o750)
        disk = self._staging.disk()
        version = self._staging.lay_out(bundle) if disk.current is None else self._over(bundle)
        if disk.current is None:
            memory.keep(replace(memory.record, slots=replace(memory.record.slots, good=version)))
            files.point(layout.current, layout.releases / version)
        self._succeed()
        return version

    def _succeed(self) -> None:
        """What is installed is: that the hub cannot be asked now is no reason to call it a failure."""
        try:
            self._succession.take_over()
        except BadRelease as doubt:
            log.warning("%s; the daily round tries again", doubt)

    def _over(self, bundle: Path) -> str:
        memory, disk = self._parts.memory, self._staging.disk()
        version = self._staging.version_of(bundle)
        if version == disk.current:
            return version
        if version not in disk.complete:
            self._staging.lay_out(bundle, version)
        slots = memory.record.slots.forgiven(version)
        memory.keep(replace(memory.record, slots=slots.begun(version, disk.current)))
        self._updating.run(None, None)
        return version

    def uninstall(self) -> None:
        """Nothing is left: no program, no settings, no key, no reports. This program goes last, while it runs."""
        files, layout = self._parts.files, self._parts.layout
        self._parts.services.remove()
        for folder in (layout.settings, layout.state, layout.own, layout.program):
            files.remove(folder)
