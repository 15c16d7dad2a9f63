"""The forms of the manuals that have no folder of their own: their names, and why they have none."""

from collections.abc import Mapping
from functools import cache

from firmware_profiles.toml_model import load
from hub.core.words import Told, Words
from hub.documents.catalogue import FORMS


class Listed(Told):
    """A form of the manuals.

    reason   for the people who read docs/forms.md
    printed  as a paper of the request whose step names it
    where    for people: where else it is found
    """

    thai: str
    english: str
    reason: str
    printed: bool = False
    where: Words | None = None

    @property
    def words(self) -> Words:
        return Words(th=self.thai, en=self.english)


class _Register(Told):
    forms: Mapping[str, Listed]


@cache
def load_register() -> Mapping[str, Listed]:
    """By id, in order. Raises TomlMistake."""
    return load(FORMS / "register.toml", _Register).forms
