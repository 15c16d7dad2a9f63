"""Report by exception: what has changed by more than its dead band, or was not told for a heartbeat.

The words of a line are made here, since nearly all the time of a simulation goes into them.
"""

import json

HEARTBEAT_S = 300.0
ROUNDING = 1e-9
Figure = bool | int | float | str | None
Figures = dict[str, Figure]


def spelled(value: Figure) -> str:
    """As JSON."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def metrics_text(figures: Figures) -> str:
    return ",".join(f'["{name}",{spelled(value)}]' for name, value in figures.items())


class Teller:
    """What one device has told, and so what it has to tell now."""

    __slots__ = ("_bands", "_due", "_heartbeats", "_told")

    def __init__(self, bands: dict[str, float], heartbeats: dict[str, float]) -> None:
        self._bands, self._heartbeats = bands, heartbeats
        self._told: Figures = {}
        self._due: dict[str, float] = {}

    def start(self, t: float, figures: Figures) -> None:
        """A birth tells everything."""
        self._told = dict(figures)
        self._due = {name: t + self._heartbeats.get(name, HEARTBEAT_S) for name in figures}

    def news(self, t: float, figures: Figures) -> Figures:
        """What of `figures` goes out now."""
        told, due = self._told, self._due
        fresh: Figures = {}
        for name, value in figures.items():
            if t >= due.get(name, 0.0) or self._moved(name, value, told.get(name)):
                fresh[name] = value
                told[name] = value
                due[name] = t + self._heartbeats.get(name, HEARTBEAT_S)
        return fresh

    def next_due(self) -> float:
        return min(self._due.values(), default=0.0)

    def _moved(self, name: str, value: Figure, old: Figure) -> bool:
        if value == old:
            return False
        band = self._bands.get(name)
        if band is None or value is None or old is None or isinstance(value, str) or isinstance(old, str):
            return True
        return abs(value - old) > band + ROUNDING
