"""Every threshold says its unit in its name, and why it is what it is."""

import pytest
from pydantic import BaseModel, ValidationError

from hub.detection.settings import CalendarSettings, DetectionSettings
from hub.detection.thresholds import DishSettings, LevelSettings, PresenceSettings, SkySettings

GROUPS = {"level": LevelSettings, "dish": DishSettings, "presence": PresenceSettings, "sky": SkySettings}
MODELS = [DetectionSettings, CalendarSettings, *GROUPS.values()]
COUNTS = {"looks", "recurring_count", "satellite_schools", "area_schools"}
"""What is counted in pieces needs no unit."""
UNITS = ("_class_min", "_min", "_s", "_h", "_days", "_share", "_db", "_km", "_deg", "_count")


@pytest.mark.parametrize("model", [DetectionSettings, *GROUPS.values()])
def test_a_threshold_has_its_unit_in_its_name(model: type[BaseModel]) -> None:
    plain = (
        set(model.model_fields) - GROUPS.keys() - COUNTS - {"host_profile", "belief", "correct_belief", "missed_belief"}
    )
    assert [name for name in plain if not name.endswith(UNITS) and not name.endswith("_per_db")] == []


@pytest.mark.parametrize("model", MODELS)
def test_each_setting_says_why(model: type[BaseModel]) -> None:
    silent = [name for name, field in model.model_fields.items() if len((field.description or "").split()) < 5]
    assert set(silent) <= GROUPS.keys() | {"recurring_days"}


def test_a_setting_with_a_typo_is_refused() -> None:
    with pytest.raises(ValidationError):
        DetectionSettings.model_validate({"silent_class_minutes": 50})
