"""What is wrong with a profile for this program, whose words are those of the wire."""

from pathlib import PurePath

from firmware_profiles.checking import Words
from firmware_profiles.checking import check_profile as check
from firmware_profiles.schema import Profile
from firmware_profiles.toml_model import TomlMistake
from wire.vocabulary import BY_KIND, DEVICE_PROPERTIES, NODE, value_types

_WORDS = Words({kind: value_types(metrics) for kind, metrics in BY_KIND.items()}, value_types(NODE), DEVICE_PROPERTIES)


def check_profile(text: str, source: PurePath) -> tuple[Profile, list[TomlMistake]]:
    """The profile, and every mistake beyond its schema. Raises TomlMistake for those of the schema."""
    return check(text, source, _WORDS)
