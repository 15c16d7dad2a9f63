"""What to ask a device, how often, and how its answers become metrics. The interpreter is firmware_profiles.decode."""

import re
from typing import Annotated, Literal

from pydantic import Field, PositiveFloat, model_validator

from firmware_profiles.data import SET_ID, Data, RegularExpression, WholeExpression

Scalar = bool | int | float | str


class Pattern(Data):
    """The answer is text that a regular expression matches as a whole; its named groups are the fields."""

    format: Literal["pattern"]
    pattern: WholeExpression

    def field_names(self) -> set[str] | None:
        return set(re.compile(self.pattern.replace(SET_ID, "01")).groupindex)


class Fixed(Data):
    """The answer is text with fields at fixed places: name = [start, length], counted from 0."""

    format: Literal["fixed"]
    fields: dict[str, tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(gt=0)]]]

    def field_names(self) -> set[str] | None:
        return set(self.fields)


class Bytes(Data):
    """The answer is bytes, spelled in hex digits by the codec: name = [start, length], counted from 0; length 0: to the end."""

    format: Literal["bytes"]
    fields: dict[str, tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]]

    def field_names(self) -> set[str] | None:
        return set(self.fields)


class Json(Data):
    """The answer is a JSON document; a field is a path into it, such as `tuners.0.name`."""

    format: Literal["json"]

    def field_names(self) -> set[str] | None:
        return None


class Xml(Data):
    """The answer is an XML document; a field is a path below its root, such as `tuner.0.name`, or `tuner.@name`."""

    format: Literal["xml"]

    def field_names(self) -> set[str] | None:
        return None


class Facts(Data):
    """The answer is values by name, as the codec gives them."""

    format: Literal["facts"]

    def field_names(self) -> set[str] | None:
        return None


Answer = Annotated[Pattern | Fixed | Bytes | Json | Xml | Facts, Field(discriminator="format")]


class Read(Data):
    """One field of an answer as one metric or property of identity. The steps run in the order in which they stand here.

    Where several reads of a poll give the same one, text is joined by a blank, one true is enough, the largest number counts.
    """

    metric: str | None = None
    identity: Literal["model", "firmware", "serial_number"] | None = None
    field: str = ""
    then: str | None = None
    when: dict[str, str] = Field(default_factory=dict)
    json_type: Literal["text", "number", "boolean"] | None = None
    matches: RegularExpression | None = None
    invalid: tuple[str, ...] = ()
    finds: RegularExpression | None = None
    table: dict[str, Scalar] | None = None
    otherwise: Scalar | None = None
    text: Literal["plain", "ascii", "hex_ascii", "digit_pairs"] | None = None
    number: Literal["dec", "hex"] | None = None
    signed_bits: Annotated[int, Field(ge=2, le=64)] | None = None
    bits: tuple[Annotated[int, Field(ge=0, le=63)], Annotated[int, Field(ge=1, le=64)]] | None = None
    bit: Annotated[int, Field(ge=0, le=63)] | None = None
    scale: float = 1.0
    offset: float = 0.0
    plausible: tuple[float, float] | None = None
    above: float | None = None

    @property
    def target(self) -> str:
        """The metric's name, or the property's as it stands in a birth."""
        return self.metric or f"Properties/{self.identity}"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are read."""
        return (self.field,) if self.then is None else (self.field, self.then)

    @property
    def picks_bits(self) -> bool:
        return any(step is not None for step in (self.signed_bits, self.bits, self.bit))

    @model_validator(mode="after")
    def _is_whole(self) -> "Read":
        if (self.metric is None) is (self.identity is None):
            raise ValueError("a read gives either a metric or an identity; write one of the two")
        if sum(way is not None for way in (self.finds, self.table, self.text, self.number)) > 1:
            raise ValueError("finds, table, text and number exclude one another; keep one")
        if self.otherwise is not None and (self.table is None or self.matches is None):
            raise ValueError("otherwise needs a table, and matches to say what is a code at all; add them")
        arithmetic = self.picks_bits or self.plausible is not None or self.above is not None
        if self.number is None and (arithmetic or self.scale != 1.0 or self.offset):
            raise ValueError('arithmetic needs a number; add number = "dec" or number = "hex"')
        return self


class Question(Data):
    """What is asked, and how its answer is read.

    needs_power  asked only while the device does not say power/on = false; while it does, the answer is unknown
    """

    name: str
    request: str
    answer: Answer
    read: Annotated[tuple[Read, ...], Field(min_length=1)]
    needs_power: bool = False

    @model_validator(mode="after")
    def _reads_known_fields(self) -> "Question":
        known = self.answer.field_names()
        for field in (name for read in self.read for name in (*read.fields, *read.when)):
            if known is not None and field not in known:
                raise ValueError(
                    f"poll {self.name} has no field {field!r}; the answer has {', '.join(sorted(known)) or 'none'}"
                )
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """The metrics and properties that it can give, each once."""
        return tuple(dict.fromkeys(read.target for read in self.read))


class Poll(Question):
    """Asked again and again. The first poll of a profile is the one that a live device always answers."""

    every_s: PositiveFloat
