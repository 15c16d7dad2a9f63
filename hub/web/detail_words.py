"""What an entry of the record of changes tells besides its deed, in words: people, days, money and codes that have a name."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from hub.web.deeds import party
from hub.web.figures import Figures
from hub.web.language import Language

_CODES = ("role", "permission", "purpose", "kind", "service", "event", "trip_state")
_BAHT = "_satang"


def details(
    told: Mapping[str, Any], language: Language, figures: Figures, names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Each with what it is called; what nobody has filled is left out."""
    found = []
    for key, value in told.items():
        if value is None or value in ("", []):
            continue
        each = value if isinstance(value, list) else [value]
        words = ", ".join(_word(key, one, language, figures, names) for one in each)
        found.append((language.lookup(f"detail.{key}") or key, words))
    return found


def _word(key: str, value: Any, language: Language, figures: Figures, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return language.gettext("yes" if value else "no")
    text = str(value)
    if isinstance(value, int):
        return _figure(key, value, figures)
    if ":" in text and text in names:
        return party(language, text, names)
    if key.endswith("_on") or key == "day":
        return _day(text, figures.day)
    return next((words for code in _CODES if (words := language.lookup(f"{code}.{text}"))), text)


def _figure(key: str, value: int, figures: Figures) -> str:
    if key.endswith("_at"):
        return figures.moment(value)
    if key.endswith(_BAHT):
        return figures.number(value / 100, 0 if value % 100 == 0 else 2)
    return str(value)


def _day(text: str, day: Callable[[str], str]) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return text
    return day(text)
