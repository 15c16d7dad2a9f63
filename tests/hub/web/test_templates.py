"""Templates stand where they are looked for: by the part of the hub that they show, the shared ones beside the layout."""

import re
from pathlib import Path

import pytest

from hub.web.render import STATIC

TEMPLATES = Path(STATIC).parent / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
EVERYWHERE = {
    "page.html",
    "part.html",
    "failure.html",
    "search.html",
    "places.html",
    "_marks.html",
    "_forms.html",
    "_lists.html",
    "_rows.html",
}
_NAMED = re.compile(r'"([a-z_/]+\.html)"')


def named_in(path: Path) -> set[str]:
    return set(_NAMED.findall(path.read_text("utf-8")))


def test_only_what_belongs_to_no_part_stands_beside_the_layout() -> None:
    assert {name for name in ALL if "/" not in name} == EVERYWHERE


@pytest.mark.parametrize("name", [name for name in ALL if name not in ("page.html", "part.html")])
def test_every_template_is_used(name: str) -> None:
    web = TEMPLATES.parent
    sources = [*web.glob("*.py"), *(web / "routes").glob("*.py"), *TEMPLATES.rglob("*.html")]
    assert any(name in named_in(path) for path in sources)
