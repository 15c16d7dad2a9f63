"""`dltv-agent check`: what is wrong with the settings, by file and line, and which lines that they name are not there now."""

from collections.abc import Callable, Iterable
from pathlib import Path

from agent.adapters.surroundings import is_absent
from agent.core.devices import DeviceSettings
from agent.services.devices import Mistake
from firmware_profiles.toml_lines import line_of

DEVICE = "device"
Say = Callable[[str], None]


def tell(config: Path | None, devices: Iterable[DeviceSettings], mistakes: Iterable[Mistake], say: Say) -> None:
    """A line each. A place that is not there is no mistake: it may be plugged in later."""
    text = config.read_text("utf-8") if config is not None else ""
    wrong = {mistake.index: mistake for mistake in mistakes}
    for index, settings in enumerate(devices):
        if mistake := wrong.get(index):
            say(f"{_where(config, text, index, mistake.key)}{mistake}")
        elif is_absent(settings.address):
            what = f"device {settings.key}: address: {settings.address} is not there now; is it plugged in?"
            say(f"{_where(config, text, index, 'address')}{what}")


def _where(config: Path | None, text: str, index: int, key: str) -> str:
    """Nothing where it does not stand in the file: the environment may have said it."""
    line = line_of(text, (DEVICE, index, key))
    return f"{config}:{line}: " if line is not None else ""
