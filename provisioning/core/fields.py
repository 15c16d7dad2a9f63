"""One JSON object from outside, read field by field. Decides what a field may be; what the fields mean is contract.py's.

A field that is not asked for is passed over: a newer peer may say more.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Self

from provisioning.core.problems import ContractError, ErrorCode

MAX_BODY_BYTES = 64 * 1024
_LATEST = 2**53
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Fields:
    """Each method raises ContractError, which names the field."""

    def __init__(self, document: Mapping[str, Any], within: str = "") -> None:
        self._document, self._within = document, within

    @classmethod
    def read(cls, data: bytes) -> Self:
        if len(data) > MAX_BODY_BYTES:
            raise ContractError(f"longer than {MAX_BODY_BYTES} bytes", ErrorCode.TOO_LARGE)
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            raise ContractError("no JSON") from None
        if not isinstance(document, dict):
            raise ContractError("no JSON object")
        return cls(document)

    def has(self, name: str) -> bool:
        return self._document.get(name) is not None

    def part(self, name: str) -> "Fields":
        value = self._document.get(name)
        if not isinstance(value, dict):
            raise self._wrong(name, "no object")
        return Fields(value, f"{self._within}{name}.")

    def text(self, name: str, most: int, pattern: re.Pattern[str] | None = None, *, least: int = 1) -> str:
        """One line."""
        return self._text(name, self._document.get(name), (least, most), pattern, _UNPRINTABLE)

    def lines(self, name: str, most: int) -> str:
        """A text that may have several lines, such as PEM or TOML."""
        return self._text(name, self._document.get(name), (1, most), None, _UNREADABLE)

    def texts(
        self, name: str, count: tuple[int, int], most: int, pattern: re.Pattern[str] | None = None
    ) -> tuple[str, ...]:
        """A list of them."""
        values = self._document.get(name)
        if not isinstance(values, list) or not count[0] <= len(values) <= count[1]:
            raise self._wrong(name, f"no list of {count[0]} to {count[1]}")
        return tuple(self._text(name, value, (1, most), pattern, _UNREADABLE) for value in values)

    def moment(self, name: str) -> int:
        """ms since 1970 UTC."""
        value = self._document.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LATEST:
            raise self._wrong(name, "no time in milliseconds")
        return value

    def _text(
        self, name: str, value: object, length: tuple[int, int], pattern: re.Pattern[str] | None, never: re.Pattern[str]
    ) -> str:
        if not isinstance(value, str) or not length[0] <= len(value) <= length[1]:
            raise self._wrong(name, f"no text of {length[0]} to {length[1]} characters")
        if never.search(value):
            raise self._wrong(name, "a text with characters that cannot be read")
        if pattern is not None and not pattern.fullmatch(value):
            raise self._wrong(name, "not of the form that was agreed")
        return value

    def _wrong(self, name: str, problem: str) -> ContractError:
        return ContractError(f"{self._within}{name}: {problem}")
