"""What all parts of a profile have in common: they are immutable, and a key that nobody knows is a mistake."""

from pydantic import BaseModel, ConfigDict


class Data(BaseModel):
    """A table of a profile."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class Label(Data):
    """A name as people read it."""

    en: str
    th: str
