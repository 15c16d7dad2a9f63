"""The bench's settings as validated values. What only one kind or simulator has stands with it (kinds/, simulators/); reading
the file is left to config.py.
"""

from collections import Counter
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bench.faults import GENERIC, Fault

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Hours = Annotated[int, Field(ge=0, le=99_000)]
Text32 = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[ -~]+$")]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=32)]
LineName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]


class Kind(StrEnum):
    """What the morning and the picture's way through the room distinguish."""

    TV = "tv"
    PROJECTOR = "projector"
    RECEIVER = "receiver"
    OTHER = "other"


class Table(BaseModel):
    """One table of the file: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RoomSettings(Table):
    """`[[room]]`: how warm it is in there. A room that has no table of its own has these defaults."""

    key: Key = "p1"
    ambient_c: Annotated[float, Field(ge=-20, le=60)] = 31.0


class DishSettings(Table):
    """`[[dish]]`: an antenna, and the weather above it. Receivers hang on the first one unless they say otherwise."""

    key: Key = "dish"
    clear_sky_cnr_db: Annotated[float, Field(ge=0, le=30)] = 13.4
    shower_s: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    shower_depth_db: Annotated[float, Field(ge=0, le=30)] = 7.0


class MorningSettings(Table):
    """`[morning]`: everything starts in standby; after so many seconds somebody switches it on (negative: nobody does)."""

    receiver_on_after_s: float = 15.0
    tv_on_after_s: float = 18.0
    projector_on_after_s: float = 21.0
    other_on_after_s: float = 0.0

    def on_after_s(self, kind: Kind) -> float:
        after: float = getattr(self, f"{kind.value}_on_after_s")
        return after


class DeviceSettings(Table):
    """`[[device]]`: what every one has. `speaks` names its simulator, whose further keys stand beside these."""

    kind: ClassVar[Kind] = Kind.OTHER
    faults: ClassVar[tuple[Fault, ...]] = GENERIC

    key: Key
    room: Key
    speaks: str
    on_after_s: float | None = None
    """When somebody switches this one on, if not when the morning says so for its kind."""
    slow_s: Seconds = 4.0
    standby: Literal["answers", "silent"] = "answers"
    """Whether it listens at all while it is switched off with its remote."""
    reboot_s: Annotated[float, Field(gt=0, le=3600)] = 20.0


class OnLine(DeviceSettings):
    """On a serial line: `line` is a file name inside the bench's directory, the device's key unless it is given."""

    line: LineName | None = None


class OnPort(DeviceSettings):
    """On a port of this machine; 0 takes any free one."""

    host: str = "127.0.0.1"
    port: Port = 0


class OnEither(DeviceSettings):
    """On a serial line or, where `port` is given, on TCP."""

    line: LineName | None = None
    host: str = "127.0.0.1"
    port: Port | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "OnEither":
        if self.line is not None and self.port is not None:
            raise ValueError("give either 'line' or 'port'")
        return self


class BenchSettings(Table):
    """The whole file: any number of rooms and devices, one sky."""

    morning: MorningSettings = MorningSettings()
    room: tuple[RoomSettings, ...] = ()
    dish: Annotated[tuple[DishSettings, ...], Field(min_length=1)] = (DishSettings(),)
    device: Annotated[tuple[DeviceSettings, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_clear(self) -> "BenchSettings":
        keys = Counter([*(each.key for each in self.device), *(each.key for each in self.dish)])
        doubled = [key for key, count in keys.items() if count > 1]
        if doubled:
            raise ValueError(f"two devices or dishes are called {doubled[0]!r}")
        dishes = {dish.key for dish in self.dish}
        for device in self.device:
            dish = getattr(device, "dish", None)
            if dish is not None and dish not in dishes:
                raise ValueError(f"{device.key} hangs on the dish {dish!r}, which is not there")
            fed = getattr(device, "feeds", None)
            if fed is not None and fed not in keys.keys() - dishes:
                raise ValueError(f"{device.key} feeds the device {fed!r}, which is not there")
        return self

    def room_called(self, key: str) -> RoomSettings:
        return next((room for room in self.room if room.key == key), RoomSettings(key=key))

    def dish_called(self, key: str | None) -> DishSettings:
        return next((dish for dish in self.dish if dish.key == key), self.dish[0])

    def device_called(self, key: str) -> DeviceSettings:
        return next(device for device in self.device if device.key == key)
