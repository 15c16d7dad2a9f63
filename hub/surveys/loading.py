"""The surveys that are shipped, from their files. A new one needs no line of code."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from firmware_profiles.toml_mistakes import TomlMistake
from firmware_profiles.toml_model import load
from hub.surveys.schema import Definition

SHIPPED = Path(__file__).parent / "definitions"


@cache
def load_surveys(folder: Path = SHIPPED) -> Mapping[str, Definition]:
    """By id. Raises TomlMistake."""
    found = {path.stem: load(path, Definition) for path in sorted(folder.glob("*.toml"))}
    for stem, definition in found.items():
        if definition.id != stem:
            raise TomlMistake(
                folder / f"{stem}.toml", "id", f'is not the name of the file, "{stem}"', "make them the same"
            )
    return found
