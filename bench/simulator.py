"""What a module in bench/simulators declares of itself: its name in bench.toml, its settings, how it hangs on its lines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.live import Unit
from bench.settings import DeviceSettings, OnEither
from bench.stations import Plug, SerialPlug, Session, TcpPlug


@dataclass(frozen=True, slots=True)
class Simulator:
    speaks: str
    title: str
    """What a person calls the protocol."""
    settings: type[DeviceSettings]
    attach: Callable[[Unit[Any]], tuple[Plug, ...]]


def either(settings: OnEither, session: Callable[[], Session], idle_s: float = 300.0) -> tuple[Plug, ...]:
    """The same bytes on a serial line or on TCP, as the settings say."""
    if settings.port is None:
        return (SerialPlug(settings.line or settings.key, session),)
    return (TcpPlug(settings.host, settings.port, session, idle_s),)
