"""docs/settings.md says what can be set: it is made from the models."""

import re

from pydantic import BaseModel

from hub.config import read_settings
from hub.detection.settings import DetectionSettings
from tools.settings_table import PAGE, page


def settings_of(model: type[BaseModel]) -> set[str]:
    """The names of all that can be set, tables within it included."""
    names = set()
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            names |= settings_of(info.annotation)
        else:
            names.add(info.alias or name)
    return names


def test_the_page_of_settings_is_that_of_the_models() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m tools.settings_table"


def test_each_threshold_of_detection_stands_on_the_page_with_its_reason() -> None:
    rows = [line.strip("| ").split(" | ") for line in page().splitlines() if line.startswith("| `")]
    reasons = {row[0].strip("`"): row[-1] for row in rows if len(row) == 4}
    assert settings_of(DetectionSettings) <= set(reasons)
    assert [name for name in settings_of(DetectionSettings) if not reasons[name].strip()] == []


def test_a_threshold_is_told_with_unit_and_default() -> None:
    assert "| `enter_db` | dB | `1.5` | So far below its clear sky" in page()


def test_a_setting_can_be_given_by_the_environment_as_the_page_says() -> None:
    name, value = re.findall(r"`(DLTV_HUB_\w+)=([\d.]+)`", page())[0]
    assert read_settings(None, {name: value}, {}).detection.level.enter_db == float(value)
