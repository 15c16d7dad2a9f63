"""No rule of a style sheet is left behind: what it chooses by is in a template or a script."""

import re
from itertools import chain
from pathlib import Path

import pytest

from hub.repairs.priority import Urgency
from hub.web.render import STATIC

TEMPLATES = Path(STATIC).parent / "templates"
SHEETS = sorted(chain(STATIC.glob("*.css"), STATIC.glob("phone/*.css")))
WRITTEN = "".join(
    path.read_text("utf-8")
    for path in (*TEMPLATES.rglob("*.html"), *STATIC.glob("*.js"), *STATIC.glob("phone/*.js"), *STATIC.glob("*.svg"))
)
MADE = frozenset({*(f"n{at}" for at in range(4)), *(each.value for each in Urgency), "cancelled"})
"""Put together from parts: curves by their number, marks by how urgent something is, steps by their state."""
LIBRARIES = ("leaflet-", "u-")


def chosen_by(sheet: Path) -> set[str]:
    """Classes and ids of its selectors."""
    plain = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", sheet.read_text("utf-8"), flags=re.S)
    selectors = re.sub(r"\{[^{}]*\}", "{}", plain)
    return set(re.findall(r"[.#](-?[a-zA-Z_][\w-]*)", selectors))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_class_and_id_of_a_style_sheet_is_used(sheet: Path) -> None:
    own = {name for name in chosen_by(sheet) - MADE if not name.startswith(LIBRARIES)}
    assert {name for name in own if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", WRITTEN)} == set()


def test_every_style_sheet_is_linked() -> None:
    assert [sheet.name for sheet in SHEETS if sheet.name not in WRITTEN] == []
