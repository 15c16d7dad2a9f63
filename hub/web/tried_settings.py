"""Settings as a form: every figure of detection by its path, with its unit and the reason for its value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from hub.detection.settings import DetectionSettings

_UNITS = (
    ("_class_min", "class_min"),
    ("_min", "min"),
    ("_h", "h"),
    ("_s", "s"),
    ("_days", "d"),
    ("_db", "dB"),
    ("_km", "km"),
    ("_deg", "°"),
)
"""How a setting's name ends, and its unit: a word of the catalogues, or a sign."""


@dataclass(frozen=True, slots=True)
class TriedSetting:
    """path: as it stands in hub.toml under [detection]; part: the table that it stands in, "" for [detection] itself."""

    path: str
    part: str
    unit: str
    why: str
    value: float


class NoSuchValue(Exception):
    """A value that a setting cannot have. `path` names it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def tried_settings(settings: BaseModel, part: str = "") -> Iterator[TriedSetting]:
    """All figures, in the order in which they are declared."""
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from tried_settings(value, name)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            path = f"{part}.{name}" if part else name
            yield TriedSetting(path, part, _unit(name), info.description or "", float(value))


def with_values(settings: DetectionSettings, values: Mapping[str, float]) -> DetectionSettings:
    """The same settings but for these. Raises NoSuchValue."""
    told = settings.model_dump()
    for path, value in values.items():
        part, _, name = path.rpartition(".")
        (told[part] if part else told)[name] = value
    try:
        return DetectionSettings.model_validate(told)
    except ValidationError as error:
        raise NoSuchValue(".".join(str(step) for step in error.errors()[0]["loc"])) from None


def _unit(name: str) -> str:
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), "")
