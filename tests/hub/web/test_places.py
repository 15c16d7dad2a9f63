"""Places that stand together on one page."""

from collections.abc import Callable

import httpx
import pytest

from hub.core.people import Role
from hub.web.navigation import NAVIGATION


@pytest.mark.parametrize("page", ["/manage", "/office"])
def test_the_navigation_stands_there_as_on_every_page(as_role: Callable[[Role], httpx.Client], page: str) -> None:
    text = as_role(Role.ADMIN).get(page).text
    navigation = text[text.index('class="nav"') : text.index("</nav>")]
    assert [place.path for place in NAVIGATION if f'href="{place.path}"' in navigation] == [
        place.path for place in NAVIGATION
    ]
    assert navigation.count("<a ") == len(NAVIGATION)
    assert 'href="/assets"' in text or page == "/manage"
