"""Which forms there are: a folder each below hub/documents/forms, found by looking. A new one needs no line of code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from firmware_profiles.toml_model import load
from hub.documents.declaration import Declaration

FORMS = Path(__file__).parent / "forms"


@dataclass(frozen=True, slots=True)
class Form:
    """declaration  its form.toml; template  its form.typ, below hub/documents"""

    declaration: Declaration
    folder: Path

    @property
    def template(self) -> str:
        return f"{self.folder.relative_to(FORMS.parent).as_posix()}/form.typ"

    @property
    def sample(self) -> Mapping[str, Any]:
        """Invented: `heading` and `values`. In a folder of several forms each has a file of its own."""
        own = self.folder / f"{self.declaration.id}.json"
        text = (own if own.exists() else self.folder / "sample.json").read_text("utf-8")
        found: dict[str, Any] = json.loads(text)
        return found


@cache
def load_forms() -> Mapping[str, Form]:
    """By id, in order. Raises TomlMistake."""
    folders = sorted(path.parent for path in FORMS.glob("*/form.toml"))
    return {folder.name: Form(load(folder / "form.toml", Declaration), folder) for folder in folders}
