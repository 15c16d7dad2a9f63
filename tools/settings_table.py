"""Writes docs/settings.md, what may be set about judging and accounts: python -m tools.settings_table. A test keeps it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hub.accounts.settings import AccountsSettings
from hub.config import DeviceSettings
from hub.core.districts import DistrictSettings
from hub.core.maps import MapSettings
from hub.core.processes import JudgingSettings
from hub.core.usage import UsageSettings
from hub.detection.settings import CalendarSettings, DetectionSettings, Maintenance, SchoolCalendar
from hub.enrolment.settings import EnrolmentSettings
from hub.helpdesks.settings import DeskSettings
from hub.historian.settings import HistorianSettings
from hub.messages.settings import MessagesSettings
from hub.needs.settings import NeedSettings
from hub.reports.settings import ReportSettings
from hub.rollouts.settings import RolloutSettings
from hub.tickets.settings import TicketSettings
from hub.trips.settings import TripSettings
from hub.watching.settings import WatchSettings
from hub.workflows.settings import DistrictOffice, OfficeSettings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[detection]", DetectionSettings),
    ("[judging]", JudgingSettings),
    ("[tickets]", TicketSettings),
    ("[usage]", UsageSettings),
    ("[needs]", NeedSettings),
    ("[reports]", ReportSettings),
    ("[calendar]", CalendarSettings),
    ("[calendar.schools.CODE]", SchoolCalendar),
    ("[[maintenance]]", Maintenance),
    ("[accounts]", AccountsSettings),
    ("[devices]", DeviceSettings),
    ("[enrolment]", EnrolmentSettings),
    ("[trips]", TripSettings),
    ("[map]", MapSettings),
    ("[districts]", DistrictSettings),
    ("[rollouts]", RolloutSettings),
    ("[office]", OfficeSettings),
    ("[office.districts.GROUP]", DistrictOffice),
    ("[historian]", HistorianSettings),
    ("[watch]", WatchSettings),
    ("[messages]", MessagesSettings),
    ("[[help_desks]]", DeskSettings),
)
_UNITS = (
    ("_class_min", "min of class"),
    ("_class_days", "days of class"),
    ("_min", "min"),
    ("_h", "h"),
    ("_s", "s"),
    ("_days", "days"),
    ("_points_per_db", "% per dB"),
    ("_db", "dB"),
    ("_km", "km"),
    ("_deg", "°"),
    ("_share", "share of 1"),
)
"""How a setting's name ends, and its unit."""
_HEAD = (
    "# Settings of judging and of accounts",
    "",
    "Made by `python -m tools.settings_table` from the models in the code; do not edit.",
    "",
    "They stand in hub.toml, in the tables that the headings name; in the environment with two underscores for each dot:",
    "`DLTV_HUB_DETECTION__LEVEL__ENTER_DB=2`. What another value would do to the last weeks, `dltv-hub whatif` and the page of",
    "trials tell without touching anything ([detection](detection.md#trying-another-threshold)). Limits of one model, such as",
    "temperatures or the life of a lamp, stand in its profile, with their own times ([devices](devices.md)).",
)


def page() -> str:
    """The whole page."""
    lines = [*_HEAD]
    for table, model in TABLES:
        lines += _section(table, model)
    return "\n".join(lines) + "\n"


def _section(table: str, model: type[BaseModel]) -> Iterator[str]:
    """A table of hub.toml, then those within it."""
    inner = []
    yield from (
        "",
        f"## `{table}`",
        "",
        _told(model.__doc__),
        "",
        "| setting | unit | default | why |",
        "|---|---|---|---|",
    )
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            inner.append((table.replace("]", f".{name}]"), info.annotation))
        else:
            yield f"| `{info.alias or name}` | {_unit(name)} | {_default(info)} | {_told(info.description)} |"
    for each in inner:
        yield from _section(*each)


def _unit(name: str) -> str:
    return next((unit for end, unit in _UNITS if f"_{name}".endswith(end)), "")


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "must be given"
    value: Any = info.get_default(call_default_factory=True)
    return "" if value is None or value in ((), {}) else f"`{_as_toml(value)}`"


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_as_toml, value))}]"
    if hasattr(value, "strftime"):
        return f'"{value:%H:%M}"'
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def _told(words: str | None) -> str:
    return re.sub(r"\s+", " ", words or "").strip().replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
