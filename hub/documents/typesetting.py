"""A template and its data to a PDF.

What people typed reaches typst as data, never as part of a program: nothing in it is markup.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts" / "sarabun"


class CannotTypeset(Exception):
    """A template does not fit its data: our mistake. The text says where."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF. template: path below hub/documents; data: what JSON can hold, read there by json(bytes(sys.inputs.data))."""
    return _compile(template, data, "pdf")[0]


def pictures(template: str, data: Mapping[str, Any], ppi: float = 100) -> list[bytes]:
    """The same as PNGs, one a page: to be looked at, and for previews."""
    return _compile(template, data, "png", ppi)


@cache
def _fonts() -> typst.Fonts:
    """Ours, and those of typst for formulas: to read them again for each paper would take longer than most papers."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_FONTS)])


def _compile(
    template: str, data: Mapping[str, Any], form: Literal["pdf", "png"], ppi: float | None = None
) -> list[bytes]:
    try:
        made = typst.compile(
            str(_HERE / template),
            root=str(_HERE),
            font_paths=_fonts(),
            format=form,
            ppi=ppi,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise CannotTypeset(f"{template}: {error}") from None
    return made if isinstance(made, list) else [made or b""]
