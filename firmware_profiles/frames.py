"""Protocols of binary frames, told as a pattern of bytes. Frames are built and found by agent.protocols.frame."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from firmware_profiles.data import Data

Piece = int | str
"""One byte of a frame, or the name of what stands there."""

BYTES = {"set_id", "command", "length", "any", "sum", "xor"}
DATA = "data"
CHECKSUMS = {"sum", "xor"}


def pieces(pattern: str) -> tuple[Piece, ...]:
    """`"AA {command} {data} {sum}"` as bytes and names. Raises ValueError."""
    return tuple(_piece(word) for word in pattern.split())


def _piece(word: str) -> Piece:
    name = word.removeprefix("{").removesuffix("}")
    if word == "{" + name + "}" and name in BYTES | {DATA}:
        return name
    if len(word) == 2 and all(digit in "0123456789ABCDEF" for digit in word):
        return int(word, 16)
    names = ", ".join("{" + one + "}" for one in sorted(BYTES | {DATA}))
    raise ValueError(f"{word!r} is no byte of a frame; write two digits 0-9A-F, or one of {names}")


def _is_pattern(pattern: str) -> str:
    found = pieces(pattern)
    if found.count(DATA) > 1 or sum(piece in CHECKSUMS for piece in found) > 1:
        raise ValueError("a frame has one {data} and one checksum at most; remove the others")
    return pattern


FramePattern = Annotated[str, AfterValidator(_is_pattern)]


class FrameProtocol(Data):
    """Binary frames. A request is a command and its data, in hex digits; the answer is its data, in hex digits.

    request, answer  patterns of bytes: two hex digits are that byte, {any} is whatever byte, {command} the request's first
                     byte, {data} what follows it, {set_id} the set's number, {length}, and {sum} or {xor} over what precedes
    refusal          one by which the device says no
    length_counts    the whole frame; the rest: what follows it; or the body: what follows it without the checksum
    checksum_from    the first byte, counted from 0, that the checksum covers
    """

    name: Literal["frame"]
    request: FramePattern
    answer: FramePattern
    refusal: FramePattern | None = None
    length_counts: Literal["frame", "rest", "body"]
    checksum_from: Annotated[int, Field(ge=0, le=8)] = 0

    @model_validator(mode="after")
    def _can_be_found(self) -> "FrameProtocol":
        if "any" in pieces(self.request):
            raise ValueError("a request has no {any}; write the byte")
        for pattern in filter(None, (self.answer, self.refusal)):
            before, found, _ = pattern.partition("{data}")
            if found and "{length}" not in before:
                raise ValueError("data without a length before it has no end; add {length}")
        return self


class NecProtocol(Data):
    """The frames of NEC displays, in ASCII. A request is `A01D6`: the message's type and its text.

    Several with blanks between are sent one after the other; the answers' texts have blanks between them too.
    """

    name: Literal["nec"]
