"""Every threshold says its unit in its name, and why it is what it is."""

import pytest
from pydantic import ValidationError

from hub.detection.settings import CalendarSettings, DetectionSettings


@pytest.mark.parametrize("name", [name for name in DetectionSettings.model_fields if name != "host_profile"])
def test_a_threshold_has_its_unit_in_its_name(name: str) -> None:
    assert name.endswith(("_class_min", "_min", "_s", "_h", "_share"))


@pytest.mark.parametrize("model", [DetectionSettings, CalendarSettings])
def test_each_setting_says_why(model: type[DetectionSettings | CalendarSettings]) -> None:
    assert all(len((field.description or "").split()) >= 5 for field in model.model_fields.values())


def test_a_setting_with_a_typo_is_refused() -> None:
    with pytest.raises(ValidationError):
        DetectionSettings.model_validate({"silent_class_minutes": 50})
