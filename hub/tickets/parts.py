"""What a technician takes along: the profile knows the part, parts.toml knows the tools and what no profile tells."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

from pydantic import BaseModel, ConfigDict, TypeAdapter

from firmware_profiles.schema import Label, Profile


class Catalogue(Protocol):
    """The profiles."""

    def find(self, profile_id: str, /) -> Profile | None: ...


class CauseParts(BaseModel):
    """parts  where the profile names none; tools  in any case"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: tuple[Label, ...] = ()
    tools: tuple[Label, ...] = ()


@lru_cache(maxsize=1)
def general_parts() -> Mapping[str, CauseParts]:
    """parts.toml, by cause."""
    text = files("hub.tickets").joinpath("parts.toml").read_text("utf-8")
    return TypeAdapter(dict[str, CauseParts]).validate_python(tomllib.loads(text))


def to_bring(catalogue: Catalogue, cause: str, profiles: Iterable[str | None]) -> tuple[Label, ...]:
    """Parts and tools for a cause, of the profiles of the equipment that is concerned; nothing twice."""
    known = (catalogue.find(each) for each in dict.fromkeys(profiles) if each)
    special = [part.label for profile in known if profile for part in profile.parts.get(cause, ())]  # type: ignore[call-overload]
    general = general_parts().get(cause, CauseParts())
    return tuple({label.en: label for label in (*(special or general.parts), *general.tools)}.values())
