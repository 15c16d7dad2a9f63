"""The field reference is true: firmware_profiles/README.md against the models."""

import re
from pathlib import Path

import pytest

from firmware_profiles import data, links, polls, schema
from firmware_profiles.data import Data

README = Path(schema.__file__).with_name("README.md").read_text("utf-8")
MODELS = {
    name: model
    for module in (data, links, polls, schema)
    for name, model in vars(module).items()
    if isinstance(model, type) and issubclass(model, Data) and model is not Data
}


def told(name: str) -> dict[str, bool]:
    """Key to whether it must be there, as the README has it."""
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", README, re.M | re.S)
    assert section is not None, f"the README has no section {name}"
    return {key: must == "yes" for key, must in re.findall(r"^\| `(\w+)` \| (yes|no) \|", section[1], re.M)}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_each_model_is_described_key_by_key(name: str) -> None:
    assert told(name) == {key: field.is_required() for key, field in MODELS[name].model_fields.items()}


def test_no_section_describes_what_is_not_there() -> None:
    assert set(re.findall(r"^## (\w+)$", README, re.M)) == set(MODELS)
