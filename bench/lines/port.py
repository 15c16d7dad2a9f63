"""What all lines and ports have in common: they open and close with plug and power, and say where they are."""

from typing import Protocol

from bench.live import Moment


class Port(Protocol):
    def open(self) -> None:
        """Raises OSError or SettingsMistake where somebody else has the place. Opening twice is harmless."""
        ...

    def close(self) -> None: ...

    def present(self, moment: Moment) -> bool:
        """Whether it should be open just now."""
        ...

    def place(self) -> str: ...
