"""What detection has learnt of a receiver's signal, from the state that it keeps: read only, and for charts only."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.core.equipment import DeviceKey
from hub.store.tables import detection_state


@dataclass(frozen=True, slots=True)
class LearntLevel:
    """gauge: the metric that is read. base: its clear sky, dB; scatter: how far readings usually lie from it, dB."""

    gauge: str
    base: float
    scatter: float


def learnt_level(connection: Connection, key: DeviceKey) -> LearntLevel | None:
    """None where nothing was learnt, or the state is of a release that keeps it otherwise."""
    here = (detection_state.c.group == key.node.group, detection_state.c.name == key.node.school)
    state = connection.execute(select(detection_state.c.state).where(*here)).scalar()
    for each in (state or {}).get("devices", ()):
        if (each.get("node"), each.get("key")) == (key.node.name, key.device):
            return _level(each.get("level") or {})
    return None


def _level(level: dict[str, object]) -> LearntLevel | None:
    gauge, base, scatter = level.get("gauge"), level.get("base"), level.get("scatter")
    if not gauge or not isinstance(gauge, str):
        return None
    if not isinstance(base, int | float) or not isinstance(scatter, int | float):
        return None
    return LearntLevel(gauge, float(base), float(scatter))
