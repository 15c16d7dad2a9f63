"""Other settings take effect while the agent runs: what they name is polled, what they no longer name is given up.

Settings with a mistake change nothing; the line in the log names it. A device that stays as it is goes on without a break, and
so does one that was found, unless the settings now give its key or its line to another. What does not concern the devices takes
effect at the next start. Where settings and profiles are read from is not known here.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.core.devices import DeviceSettings
from agent.core.identities import Identities
from agent.errors import OperatorError
from agent.services.devices import Device
from agent.services.newcomers import Newcomers
from agent.services.polling import Polling
from agent.services.publishing import Arranged
from agent.services.watching import Watching
from firmware_profiles.schema import Profile
from firmware_profiles.toml_model import TomlMistake

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Configured:
    """One device as it is configured, and as it is polled."""

    settings: DeviceSettings
    device: Device

    @property
    def what(self) -> tuple[DeviceSettings, Profile]:
        """A device is the same as before when this is."""
        return self.settings, self.device.profile


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the settings say.

    host     the agent's own computer
    devices  by their keys
    lasting  what takes effect at the next start only, by the names of the settings
    """

    host: Device
    devices: Mapping[str, Configured]
    lasting: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Lookout:
    """Who watches for new equipment, and who remembers what was found."""

    watching: Watching
    newcomers: Newcomers


Watch = Callable[[Mapping[str, DeviceSettings]], Lookout]


class Reloading:
    """For the main loop's thread.

    read    the settings as they are now; raises OperatorError and TomlMistake
    watch   a new lookout around these devices, not yet started
    """

    def __init__(
        self, now: Arrangement, read: Callable[[], Arrangement], watch: Watch, polling: Polling, identities: Identities
    ) -> None:
        self._now, self._read, self._watch = now, read, watch
        self._polling, self._identities = polling, identities
        self._lookout = watch({key: each.settings for key, each in now.devices.items()})

    def start(self) -> None:
        self._lookout.watching.start()

    def stop(self) -> None:
        self._lookout.watching.stop()

    def reload(self) -> Arranged | None:
        """What is polled otherwise from now on; None where the settings are wrong."""
        try:
            new = self._read()
        except (OperatorError, TomlMistake) as mistake:
            log.error("%s; the settings stay as they were", mistake)
            return None
        self._note(new)
        self._lookout.watching.stop()
        found = self._found(new)
        change = self._difference(new, found)
        self._carry_out(change)
        self._look_out(new, found)
        self._now = new
        log.info("the settings were read anew: %d devices given up, %d begun", len(change.gone), len(change.fresh))
        return change

    def _note(self, new: Arrangement) -> None:
        changed = [name for name, value in new.lasting.items() if value != self._now.lasting.get(name)]
        if changed:
            log.warning("%s: what is changed there takes effect at the next start", ", ".join(changed))

    def _found(self, new: Arrangement) -> dict[str, DeviceSettings]:
        """Of those that were found, the ones for which the new settings leave room."""
        taken = {each.settings.address for each in new.devices.values()}
        known = self._lookout.newcomers.settings
        strangers = {key: each for key, each in known.items() if key not in self._now.devices}
        return {key: each for key, each in strangers.items() if key not in new.devices and each.address not in taken}

    def _difference(self, new: Arrangement, found: Mapping[str, DeviceSettings]) -> Arranged:
        before = self._now.devices
        gone = [key for key in self._lookout.newcomers.settings if key not in new.devices and key not in found]
        fresh = [each.device for key, each in new.devices.items() if key not in before or before[key].what != each.what]
        if _is_another(self._now.host, new.host):
            fresh.insert(0, new.host)
        return Arranged(tuple(gone), tuple(fresh))

    def _carry_out(self, change: Arranged) -> None:
        for key in change.gone:
            self._identities.forget(key)
        for each in change.fresh:
            self._identities.declare(each.equipment)
        self._polling.rearrange(change.gone, change.fresh)

    def _look_out(self, new: Arrangement, found: Mapping[str, DeviceSettings]) -> None:
        """A device that is the same may have moved meanwhile, and stays where it was found."""
        known, before = self._lookout.newcomers.settings, self._now.devices
        configured = {
            key: known.get(key, each.settings) if key in before and before[key].what == each.what else each.settings
            for key, each in new.devices.items()
        }
        self._lookout = self._watch({**configured, **found})
        self._lookout.watching.start()


def _is_another(old: Device, new: Device) -> bool:
    return (old.equipment, old.profile, old.pace) != (new.equipment, new.profile, new.pace)
