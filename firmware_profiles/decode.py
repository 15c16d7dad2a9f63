"""Answers into values, as a profile says. Pure, and total: whatever a device answers, what does not decode is None, never 0."""

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from firmware_profiles.data import SET_ID
from firmware_profiles.expressions import LONGEST
from firmware_profiles.polls import Answer, Bytes, Facts, Fixed, Json, Pattern, Question, Read, Scalar, Xml

Reply = str | Mapping[str, object]
_MAX_DIGITS = 20
_MAX_BITS = 64
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(x10\^-?[0-9]{1,2})?", re.ASCII)
_HEX = re.compile(r"[0-9a-fA-F]+", re.ASCII)
_JSON_TYPES: dict[str, type | tuple[type, ...]] = {"text": str, "number": (int, float), "boolean": bool}


def decode(question: Question, reply: Reply, *, set_id: str = "") -> dict[str, Scalar | None]:
    """The value of each metric and property that the question can give, None where the reply has none that makes sense."""
    fields = _fields(question.answer, reply, set_id)
    values: dict[str, Scalar | None] = dict.fromkeys(question.targets)
    for read in question.read:
        value = _value(read, _raw(read, fields)) if _applies(read, fields) else None
        values[read.target] = _joined(values[read.target], value)
    return values


def _fields(answer: Answer, reply: Reply, set_id: str) -> Callable[[str], object]:
    """The reply's fields by name; None for one that is not there."""
    if isinstance(answer, Facts):
        return (lambda name: reply.get(name.replace(SET_ID, set_id))) if isinstance(reply, Mapping) else _nothing
    if not isinstance(reply, str):
        return _nothing
    if isinstance(answer, Pattern):
        fits = _compiled(answer.pattern.replace(SET_ID, re.escape(set_id))).fullmatch
        found = fits(reply) if len(reply) <= LONGEST else None
        return found.groupdict().get if found else _nothing
    if isinstance(answer, Bytes):
        return lambda name: _bytes(reply, *answer.fields[name])
    if isinstance(answer, Fixed):
        return lambda name: _slice(reply, *answer.fields[name])
    inside = _xml(reply) if isinstance(answer, Xml) else _json(answer, reply)
    return lambda path: inside(path.replace(SET_ID, set_id))


def _xml(reply: str) -> Callable[[str], object]:
    from firmware_profiles.xml_fields import xml_fields

    return xml_fields(reply)


def _applies(read: Read, fields: Callable[[str], object]) -> bool:
    """Whether the fields that say how this one is meant say so."""
    told = {name: fields(name) for name in read.when}
    return all(
        isinstance(value, bool | int | float | str) and _text(value) == read.when[name] for name, value in told.items()
    )


def _raw(read: Read, fields: Callable[[str], object]) -> object:
    """The field; with the digits of another behind its own where the read says so."""
    raw = fields(read.field or read.target)
    if read.then is None:
        return raw
    behind = fields(read.then)
    return raw + behind if isinstance(raw, str) and isinstance(behind, str) else None


def _nothing(_name: str) -> object:
    return None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _slice(text: str, start: int, length: int) -> str | None:
    return text[start : start + length] if len(text) >= start + length else None


def _bytes(digits: str, start: int, length: int) -> str | None:
    """Some of the bytes that the digits spell, in hex digits."""
    if not _HEX.fullmatch(digits):
        return None
    return _slice(digits, 2 * start, 2 * length) if length else digits[2 * start :] or None


def _json(_answer: Json, reply: str) -> Callable[[str], object]:
    try:
        document = json.loads(reply)
    except (ValueError, RecursionError):
        return _nothing
    return lambda path: _at(document, path)


def _at(document: object, path: str) -> object:
    for step in path.split("."):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and step.isdecimal() and len(step) < 5 and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


def _value(read: Read, raw: object) -> Scalar | None:
    if not isinstance(raw, bool | int | float | str) or not _is_sane(raw) or not _is_wanted(read, raw):
        return None
    if read.finds is not None:
        text = _text(raw)
        return _compiled(read.finds).search(text) is not None if len(text) <= LONGEST else None
    if read.table is not None:
        return _looked_up(read, read.table, _text(raw))
    if read.number is None:
        return _words(read, raw)
    number = _number(read, raw)
    return None if number is None else _judged(read, number)


def _is_sane(raw: Scalar) -> bool:
    if isinstance(raw, float):
        return math.isfinite(raw)
    return not isinstance(raw, int) or raw.bit_length() <= _MAX_BITS


def _is_wanted(read: Read, raw: Scalar) -> bool:
    if read.json_type is not None and not _is_json(raw, read.json_type):
        return False
    text = _text(raw)
    if read.matches is not None and (len(text) > LONGEST or not _compiled(read.matches).fullmatch(text)):
        return False
    return text not in read.invalid


def _is_json(raw: Scalar, kind: str) -> bool:
    return isinstance(raw, _JSON_TYPES[kind]) and isinstance(raw, bool) is (kind == "boolean")


def _text(raw: Scalar) -> str:
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def _looked_up(read: Read, table: Mapping[str, Scalar], code: str) -> Scalar | None:
    return table.get(code, table.get(code.lower(), read.otherwise))


def _words(read: Read, raw: Scalar) -> Scalar | None:
    """Text, or what already is a value: facts and JSON have types of their own."""
    if read.text is None and not isinstance(raw, str):
        return raw
    text = _text(raw).strip()
    if read.text == "hex_ascii":
        text = _from_hex(text)
    elif read.text == "ascii":
        text = _ascii(text)
    elif read.text == "digit_pairs":
        text = ".".join(text[at : at + 2] for at in range(0, len(text), 2))
    return text if text and text.isprintable() else None


def _from_hex(text: str) -> str:
    """ASCII that some sets spell in hex digits and others as it is."""
    if len(text) % 2 or not _HEX.fullmatch(text):
        return text
    spelled = bytes.fromhex(text).decode("latin-1")
    return spelled if spelled.isascii() and spelled.isprintable() else text


def _ascii(digits: str) -> str:
    """Bytes that are text, up to the first that is 0 or FF: what does not fill its place is padded."""
    if len(digits) % 2 or not _HEX.fullmatch(digits):
        return ""
    text = re.split(rb"[\x00\xff]", bytes.fromhex(digits), maxsplit=1)[0].decode("latin-1").strip()
    return text if text.isascii() else ""


def _number(read: Read, raw: Scalar) -> int | float | None:
    if isinstance(raw, bool):
        return None
    if not isinstance(raw, str):
        return raw
    text = raw.strip()
    if len(text) > _MAX_DIGITS:
        return None
    if read.number == "hex":
        return int(text, 16) if _HEX.fullmatch(text) else None
    if not _DECIMAL.fullmatch(text):
        return None
    return float(text.replace("x10^", "e")) if "." in text or "x" in text else int(text)


def _judged(read: Read, number: int | float) -> Scalar | None:
    """The number after its bits, scale and offset; or what it says; or None where it cannot be true."""
    if read.picks_bits:
        if not isinstance(number, int):
            return None
        number = _picked(read, number)
    if read.bit is not None:
        return bool(number)
    if read.scale != 1.0 or read.offset:
        number = number * read.scale + read.offset
    if read.plausible is not None and not read.plausible[0] <= number <= read.plausible[1]:
        return None
    return number if read.above is None else number > read.above


def _picked(read: Read, number: int) -> int:
    if read.bit is not None:
        return number >> read.bit & 1
    if read.bits is not None:
        low, width = read.bits
        number = number >> low & ((1 << width) - 1)
    if read.signed_bits is not None and number >> (read.signed_bits - 1) & 1:
        number -= 1 << read.signed_bits
    return number


def _joined(before: Scalar | None, value: Scalar | None) -> Scalar | None:
    if before is None or value is None:
        return value if before is None else before
    if isinstance(before, str) or isinstance(value, str):
        return " ".join(part for part in (str(before), str(value)) if part)
    return max(before, value)
