"""What all parts of a profile have in common: they are immutable, and a key that nobody knows is a mistake."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from firmware_profiles.expressions import ANYWHERE, WHOLE, require_bounded

SET_ID = "{set_id}"
"""Stands in requests and patterns for the number of one set on a shared line."""


def _compiles(pattern: str, at_most: float) -> str:
    try:
        re.compile(pattern.replace(SET_ID, "01"))
        require_bounded(pattern.replace(SET_ID, "01"), at_most)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}; see docs.python.org/3/library/re") from None
    return pattern


RegularExpression = Annotated[str, AfterValidator(lambda pattern: _compiles(pattern, ANYWHERE))]
"""Looked for in what a device says."""
WholeExpression = Annotated[str, AfterValidator(lambda pattern: _compiles(pattern, WHOLE))]
"""Has to fit all of it."""


class Data(BaseModel):
    """A table of a profile."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class Label(Data):
    """A name as people read it."""

    en: str
    th: str
