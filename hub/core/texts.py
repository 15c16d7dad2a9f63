"""Texts that are stored: a code and its parameters, put into words at the edge in the reader's language (ADR 0008)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """`code` is the msgid in the catalogues; parameters are plain values: numbers, metric names, times in ms."""

    code: str
    params: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
