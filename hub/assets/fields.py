"""One field of the register: what people write to a value, and a value to what a list shows.

Forms, the JSON API and lists all read with this, so that a value means the same whichever way it came. What is written here is
read back as the same value, in both languages.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields as dataclass_fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from hub.assets.vocabulary import vocabulary
from hub.core.assets import Asset, AssetState, Disposal
from hub.core.fiscal import BUDDHIST_ERA, calendar_year
from hub.core.spelling import western

FIELDS = tuple(name for name in vocabulary().columns if name != "id")
"""What people fill in, in the order of a list."""
MISTAKES = (
    *("too-long", "no-amount", "out-of-range", "bad-date", "bad-code"),
    *("no-such-kind", "no-such-state", "no-such-disposal", "bad-device"),
)
"""What can be wrong with a text; msgids with `asset_flaw.` before them."""
EMPTY = "-"
"""So a list says that nothing is to stand there; an empty cell says nothing at all."""
_LONGEST = {"number": 100, "note": 2000, "school": 32}
_USUAL_LENGTH = 200
_MOST_SATANG = 10**12
_MOST_YEARS = 99
_FIRST_BUDDHIST, _CENTURY = 2400, 2500
_EARLIEST, _LATEST = 1900, 2200
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]0?0:00(?::00)?)?")
_CODE = re.compile(r"[A-Za-z0-9_]{1,32}")
_FORMULA_SIGNS = ("=", "+", "-", "@")
# Attributes whose name is not that of the field.
_ATTRIBUTES = {"price": "price_satang"}


class BadField(Exception):
    """code  one of MISTAKES"""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value}")
        self.code, self.value = code, value[:40]


def parsed(name: str, text: str) -> Mapping[str, Any]:
    """What an asset holds then, as its attributes; without a text what it holds without one. Raises BadField."""
    text = tidy(text)
    return _PARSERS[name](text)


def written(name: str, asset: Asset, language: str) -> str | int | float | None:
    """As a list shows it; money as a number."""
    if name == "device":
        return device_text(asset)
    value = getattr(asset, _ATTRIBUTES.get(name, name))
    if name == "price":
        return None if value is None else value // 100 if value % 100 == 0 else value / 100
    if isinstance(value, date):
        return date_text(value, language)
    if name in ("kind", "state", "disposal"):
        return None if value is None else vocabulary().word(name, str(value), language)
    number: str | int | None = value
    return number


def date_text(value: date, language: str) -> str:
    """17/05/2567 for those who read Thai."""
    if language != "th":
        return value.isoformat()
    return f"{value.day:02}/{value.month:02}/{calendar_year(value)}"


def device_text(asset: Asset) -> str:
    """p1-tv; 36030001-2/p1-tv at an agent that is not the school's first; 36030001/ the agent's computer itself."""
    if asset.device is None:
        return ""
    named = bool(asset.node) and asset.node != asset.school
    return f"{asset.node_name}/{asset.device}" if named or asset.device == "" else asset.device


def tidy(text: str) -> str:
    """On one line, with signs that can be seen only, and without what a spreadsheet puts before a formula."""
    text = " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())
    while text.startswith("'") and text[1:2] in (*_FORMULA_SIGNS, "'"):
        text = text[1:]
    return "" if text == EMPTY else text


def attributes(name: str) -> tuple[str, ...]:
    """What of an asset the field holds."""
    return ("node", "device") if name == "device" else (_ATTRIBUTES.get(name, name),)


def _text(name: str, text: str) -> Mapping[str, Any]:
    if len(text) > _LONGEST.get(name, _USUAL_LENGTH):
        raise BadField("too-long", text)
    return {name: text}


def _number(text: str) -> Mapping[str, Any]:
    return _text("number", western(text))


def _school(text: str) -> Mapping[str, Any]:
    text = western(text.lstrip("'"))
    if text and not _CODE.fullmatch(text):
        raise BadField("bad-code", text)
    return {"school": text}


def _price(text: str) -> Mapping[str, Any]:
    if not text:
        return {"price_satang": None}
    try:
        satang = Decimal(western(text).replace(",", "")) * 100
    except InvalidOperation:
        raise BadField("no-amount", text) from None
    if not satang.is_finite() or satang != satang.to_integral_value():
        raise BadField("no-amount", text)
    if not 0 <= satang <= _MOST_SATANG:
        raise BadField("out-of-range", text)
    return {"price_satang": int(satang)}


def _years(text: str) -> Mapping[str, Any]:
    digits = western(text)
    if digits and not digits.isdecimal():
        raise BadField("no-amount", text)
    if digits and not 0 < int(digits) <= _MOST_YEARS:
        raise BadField("out-of-range", text)
    return {"useful_life_years": int(digits) if digits else None}


def _date(name: str, text: str) -> Mapping[str, Any]:
    return {name: read_date(text) if text else None}


def read_date(text: str) -> date:
    """2024-05-17, 17/5/2567 or 17/5/67: years before the Buddhist era's 2400 are of the common one. Raises BadField."""
    found = _DATE.fullmatch(western(text))
    if found is None:
        raise BadField("bad-date", text)
    first, month, last = found.groups()
    year, day = (first, last) if len(first) == 4 else (last, first)
    if len(year) not in (2, 4) or len(day) > 2:
        raise BadField("bad-date", text)
    number = int(year) + (_CENTURY if len(year) == 2 else 0)
    number -= BUDDHIST_ERA if number >= _FIRST_BUDDHIST else 0
    if not _EARLIEST <= number <= _LATEST:
        raise BadField("bad-date", text)
    try:
        return date(number, int(month), int(day))
    except ValueError:
        raise BadField("bad-date", text) from None


def _device(text: str) -> Mapping[str, Any]:
    if not text:
        return {"node": "", "device": None}
    node, slash, key = text.rpartition("/")
    if "/" in node or (slash and not node) or len(text) > _USUAL_LENGTH:
        raise BadField("bad-device", text)
    return {"node": node, "device": key}


def _kind(text: str) -> Mapping[str, Any]:
    code = vocabulary().code("kind", text)
    if code is None and text:
        raise BadField("no-such-kind", text)
    return {"kind": code or ""}


def _state(text: str) -> Mapping[str, Any]:
    code = vocabulary().code("state", text)
    if code is None and text:
        raise BadField("no-such-state", text)
    return {"state": AssetState(code or "in_use")}


def _disposal(text: str) -> Mapping[str, Any]:
    code = vocabulary().code("disposal", text)
    if code is None and text:
        raise BadField("no-such-disposal", text)
    return {"disposal": Disposal(code) if code else None}


_SPECIAL: Mapping[str, Callable[[str], Mapping[str, Any]]] = {
    "number": _number,
    "school": _school,
    "price": _price,
    "useful_life_years": _years,
    "device": _device,
    "kind": _kind,
    "state": _state,
    "disposal": _disposal,
}
_DATES = frozenset(each.name for each in dataclass_fields(Asset) if each.name.endswith(("_on", "_until")))
_PARSERS: Mapping[str, Callable[[str], Mapping[str, Any]]] = {
    name: _SPECIAL.get(name) or partial(_date if name in _DATES else _text, name) for name in FIELDS
}
