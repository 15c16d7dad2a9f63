"""The bench's settings as validated values: one table of the TOML file each. Reading the file is left to config.py."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Text32 = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[ -~]+$")]


class Table(BaseModel):
    """One table of the file: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RoomSettings(Table):
    """`[room]`: which classroom this is, and how warm it is in there."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}$")] = "p1"
    ambient_c: Annotated[float, Field(ge=-20, le=60)] = 31.0


class MorningSettings(Table):
    """`[morning]`: everything starts in standby; after so many seconds somebody switches it on (negative: nobody does)."""

    receiver_on_after_s: float = 15.0
    tv_on_after_s: float = 18.0
    projector_on_after_s: float = 21.0


class TvSettings(Table):
    """`[tv]`: an LG commercial set on a serial line. `link` is a file name inside the bench's directory."""

    link: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")] = "p1-tv"
    set_id: Annotated[str, Field(pattern=r"^[0-9a-f]{2,3}$")] = "01"
    model: Text32 = "55BENCH-TV"
    serial_number: Text32 = "BENCHTV0001"
    software: Annotated[str, Field(pattern=r"^[0-9]{6}$")] = "041350"
    hours: Annotated[int, Field(ge=0)] = 7210
    warm_c: Annotated[float, Field(ge=0, le=60)] = 14.0
    slow_s: Seconds = 4.0


class ProjectorSettings(Table):
    """`[projector]`: PJLink on TCP. An empty password switches its authentication off."""

    host: str = "127.0.0.1"
    port: Port = 4352
    password: Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9]*$")] = ""
    pjlink_class: Annotated[int, Field(ge=1, le=2)] = 2
    name: Annotated[str, Field(max_length=64)] = "P1 projector"
    maker: Text32 = "Bench Optics"
    model: Text32 = "BX-320"
    info: Text32 = "simulated"
    serial_number: Text32 = "BENCHPJ0001"
    software: Text32 = "1.04"
    lamp_hours: Annotated[int, Field(ge=0, le=99_000)] = 1234
    filter_hours: Annotated[int, Field(ge=0, le=99_000)] = 640
    warm_up_s: Seconds = 20.0
    cooling_s: Seconds = 30.0
    idle_s: Annotated[float, Field(gt=0, le=3600)] = 30.0


class ReceiverSettings(Table):
    """`[receiver]`: an Enigma2 box with OpenWebif on HTTP, and the dish behind it."""

    host: str = "127.0.0.1"
    port: Port = 8352
    brand: Text32 = "Bench"
    model: Text32 = "sat-one"
    image_version: Text32 = "9.1"
    service: Text32 = "DLTV 1"
    lock_after_s: Seconds = 4.0
    clear_sky_cnr_db: Annotated[float, Field(ge=0, le=30)] = 13.4
    locks_above_db: Annotated[float, Field(ge=0, le=30)] = 8.0
    shower_s: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    shower_depth_db: Annotated[float, Field(ge=0, le=30)] = 7.0


class BenchSettings(Table):
    """The whole file. Every table may be left out; its defaults then hold."""

    room: RoomSettings = RoomSettings()
    morning: MorningSettings = MorningSettings()
    tv: TvSettings = TvSettings()
    projector: ProjectorSettings = ProjectorSettings()
    receiver: ReceiverSettings = ReceiverSettings()
