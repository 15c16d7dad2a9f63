"""The colours can be read: WCAG 2.2 AA, in light and in dark."""

import re
from pathlib import Path

import pytest

from hub.web.render import STATIC

CSS = (Path(STATIC) / "dltv.css").read_text("utf-8")
_BLOCKS = re.findall(r":root \{(.*?)\n\s*\}", CSS, re.S)
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in _BLOCKS[:2])
PAIRS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-2", "accent", "ok", "bad", "warn", "quiet")
        for ground in ("paper", "card", "hover")
    ),
    *((family, f"{family}-soft") for family in ("ok", "bad", "warn", "quiet", "accent")),
    *(("ink", ground) for ground in ("ok-soft", "warn-soft", "quiet-soft", "accent-soft")),
    ("accent-ink", "accent"),
]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: dict[str, str], ink: str, ground: str) -> None:
    low, high = sorted((_luminance(scheme[ink]), _luminance(scheme[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_no_colour_is_set_outside_the_two_palettes() -> None:
    rest = re.sub(r":root \{.*?\n\s*\}", "", CSS, flags=re.S)
    rest = rest[: rest.index("@media print")]
    # The brand's mark looks the same in both schemes; a field's edge must be seen on every ground.
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rest)) <= {"#fff", "#0f5f74", "#8b949c"}


def test_what_can_be_tapped_is_large_enough() -> None:
    for rule in (".nav a, .switch", ".chip", ".button", ".brand", ".crumbs a", ".row"):
        (body,) = re.findall(rf"^{re.escape(rule)} \{{(.*?)\}}", CSS, re.M)
        (height,) = re.findall(r"min-height: (\d+)px", body)
        assert int(height) >= 44, rule
