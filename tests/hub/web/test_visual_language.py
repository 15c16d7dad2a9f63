"""docs/visual-language.md tells the truth about the style sheet, and no page has a style of its own."""

import re
from pathlib import Path

import pytest

from hub.web.render import STATIC

WEB = Path(STATIC).parent
DOCS = (Path(__file__).parents[3] / "docs" / "visual-language.md").read_text("utf-8")
CSS = (Path(STATIC) / "dltv.css").read_text("utf-8")
SHEETS = "\n".join(each.read_text("utf-8") for each in sorted(Path(STATIC).glob("*.css")))
TEMPLATES = {each.name: each.read_text("utf-8") for each in sorted((WEB / "templates").rglob("*.html"))}
BLOCKS = re.findall(r":root \{(.*?)\n\s*\}", CSS, re.S)
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in BLOCKS[:2])
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in DOCS.splitlines() if line.startswith("| `")]
COLOURS = [row for row in ROWS if row[0].startswith("`--")]
COMPONENTS = [row for row in ROWS if row[0].startswith("`.")]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def measured(name: str, scheme: dict[str, str]) -> str:
    told = f"{min(contrast(scheme[name], scheme[ground]) for ground in ('paper', 'card', 'hover')):.1f}"
    soft = scheme.get(f"{name}-soft")
    return f"{told} ({contrast(scheme[name], soft):.1f})" if soft else told


def test_every_property_is_told_and_every_one_told_exists() -> None:
    assert set(re.findall(r"`--([\w-]+)`", DOCS)) == set(re.findall(r"--([\w-]+):", BLOCKS[0]))


@pytest.mark.parametrize("row", COLOURS, ids=lambda row: row[0].strip("`"))
def test_a_colour_is_told_with_its_contrast(row: list[str]) -> None:
    name = row[0].strip("`-")
    assert row[3:] == [f"`{LIGHT[name]}`", measured(name, LIGHT), f"`{DARK[name]}`", measured(name, DARK)]


@pytest.mark.parametrize("row", COMPONENTS, ids=lambda row: row[0].strip("`"))
def test_a_component_has_its_rules_its_pages_and_its_macros(row: list[str]) -> None:
    name = row[0].strip("`.")
    assert re.search(rf"\.{name}(?![\w-])[^{{}}]*\{{", SHEETS), name
    assert any(re.search(rf'class="[^"]*\b{name}\b', text) for text in TEMPLATES.values()), name
    for part in row[2].split(";") if row[2] != "–" else ():
        *macros, file = re.findall(r"`([\w.]+)`", part)
        assert [each for each in macros if f"macro {each}(" not in TEMPLATES[file]] == [], file


def test_every_macro_that_all_pages_share_is_told() -> None:
    shared = set(re.findall(r"macro (\w+)\(", TEMPLATES["_marks.html"]))
    assert shared - set(re.findall(r"`(\w+)`", DOCS)) == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_style_and_no_script_of_its_own(name: str) -> None:
    assert (
        re.findall(r"\sstyle\s*=|<style|\son\w+\s*=\s*[\"']|javascript:|<script(?![^>]*\bsrc=)", TEMPLATES[name]) == []
    )
