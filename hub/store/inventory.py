"""The register of schools and equipment, read from a JSON file, and what of it stands in the database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.equipment import DeviceKey, NodeKey
from hub.detection.settings import CalendarSettings, SchoolCalendar
from hub.store.tables import school
from hub.store.unit_of_work import Store
from wire.metrics import Value

MAX_BYTES = 64 * 1024 * 1024
_Name = Annotated[str, Field(min_length=1, max_length=200)]


class InventoryMistake(Exception):
    """A register that cannot be used; `str` is one line that names the file, the place and the way out."""


class _Part(BaseModel):
    """What we do not know yet is let through: registers are made by other programs, and grow."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class District(_Part):
    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,32}$")]
    name: _Name
    timezone: str | None = None


class School(_Part):
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,32}$")]
    name: _Name
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    pupils: Annotated[int, Field(ge=0)] | None = None
    calendar: SchoolCalendar | None = None


class Device(_Part):
    """`node` where a school has several agents; else it is the school's code."""

    school: str
    device: _Name
    kind: Annotated[str, Field(max_length=32)] | None = None
    profile: Annotated[str, Field(max_length=200)] | None = None
    room: Annotated[str, Field(max_length=200)] | None = None
    node: str | None = None
    dish: Annotated[str, Field(max_length=200)] | None = None
    installed_on: str | None = None


class Satellite(_Part):
    """The one that the district's dishes look at."""

    name: _Name | None = None
    orbital_position_deg_east: Annotated[float, Field(ge=-180, le=360)]


_TOLD = ("kind", "profile", "room", "dish", "installed_on")


class Inventory(_Part):
    district: District
    satellite: Satellite | None = None
    schools: tuple[School, ...] = ()
    devices: tuple[Device, ...] = ()
    calendar: CalendarSettings | None = None

    @property
    def calendars(self) -> Mapping[str, SchoolCalendar]:
        """By code, what schools do differently from the district's calendar."""
        return {each.code: each.calendar for each in self.schools if each.calendar is not None}

    @property
    def register(self) -> Mapping[DeviceKey, Mapping[str, Value]]:
        """What it knows of devices. It stands over what they say of themselves."""
        return {
            DeviceKey(NodeKey(self.district.code, each.node or each.school), each.device): {
                name: value for name in _TOLD if (value := getattr(each, name))
            }
            for each in self.devices
        }


def read_inventory(path: Path) -> Inventory:
    """Raises InventoryMistake."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InventoryMistake(
            f"{path}: cannot be read ({error.strerror}); name the right file with inventory = …"
        ) from None
    if len(data) > MAX_BYTES:
        raise InventoryMistake(f"{path}: is larger than {MAX_BYTES} bytes; is it the right file?")
    try:
        return Inventory.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise InventoryMistake(f"{path}: {place or 'the file'}: {first['msg'].lower()}; correct it there") from None


def register_schools(store: Store, inventory: Inventory) -> None:
    """Schools as the register names them now. Those that it names no more stay: they have a history."""
    rows = [{"group": inventory.district.code, **each.model_dump(exclude={"calendar"})} for each in inventory.schools]
    if not rows:
        return
    with store.begin() as work:
        dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(school)
        changing = {name: statement.excluded[name] for name in ("name", "lat", "lon", "pupils")}
        work.connection.execute(
            statement.on_conflict_do_update(index_elements=[school.c.group, school.c.code], set_=changing), rows
        )
