"""What a hub wants this node to run: the two commands that name a version, read. Anything that is no version is no wish."""

from dataclasses import dataclass
from enum import StrEnum

from wire import controls
from wire.handoff import PROFILES_PREFIX, is_version


class WishKind(StrEnum):
    """As the fields of wire.handoff.Wanted are called."""

    RELEASE = "release"
    CONFIG = "config"
    PROFILES = "profiles"


@dataclass(frozen=True, slots=True)
class Wish:
    kind: WishKind
    version: str


def wish_of(name: str, value: object) -> Wish | None:
    """Of the command that has this name; None where it names no version."""
    text = value if isinstance(value, str) else ""
    if name == controls.UPDATE_TO:
        wish = Wish(WishKind.RELEASE, text)
    elif text.startswith(PROFILES_PREFIX):
        wish = Wish(WishKind.PROFILES, text.removeprefix(PROFILES_PREFIX))
    else:
        wish = Wish(WishKind.CONFIG, text)
    return wish if is_version(wish.version) else None
