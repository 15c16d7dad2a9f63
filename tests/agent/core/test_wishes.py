import pytest

from agent.core.wishes import Wish, WishKind, wish_of
from wire.controls import CONFIG_VERSION, UPDATE_TO


@pytest.mark.parametrize(
    ("name", "value", "wish"),
    [
        (UPDATE_TO, "1.2.3", Wish(WishKind.RELEASE, "1.2.3")),
        (CONFIG_VERSION, "c7", Wish(WishKind.CONFIG, "c7")),
        (CONFIG_VERSION, "profiles/2026-05-01", Wish(WishKind.PROFILES, "2026-05-01")),
    ],
)
def test_a_command_names_what_is_wanted(name: str, value: str, wish: Wish) -> None:
    assert wish_of(name, value) == wish


@pytest.mark.parametrize("name", [UPDATE_TO, CONFIG_VERSION])
@pytest.mark.parametrize(
    "value", ["", "..", "../1", "a/b", "profiles/", "profiles/../x", "profiles/a/b", 3, None, "1" * 65]
)
def test_what_is_no_version_is_no_wish(name: str, value: object) -> None:
    assert wish_of(name, value) is None


def test_a_release_is_not_named_as_a_set_of_profiles() -> None:
    assert wish_of(UPDATE_TO, "profiles/1") is None
