"""Says what does which job of the offices' manuals: `python -m tools.manuals_page` writes docs/manuals.md; a test keeps it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from hub.workflows.loading import load_definitions

DOCS = Path(__file__).parents[1] / "docs"
TABLE, PAGE = DOCS / "manuals.toml", DOCS / "manuals.md"
_ABOUT = """# What the manuals ask for

Made by `python -m tools.manuals_page` from [manuals.toml](manuals.toml); do not edit.

The manuals of four offices describe 39 jobs. Each stands here with what of the hub does it, or with the reason why it
stays outside. A type of request is walked from its opening to its end by tests, through the API on ways that together
take every step (`tests/hub/web/test_every_workflow.py`) and through the browser of a phone
(`tests/hub/web/test_every_workflow_in_a_browser.py`); those with behaviour of the hub have walks of their own.
"""


class Job(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    thai: str
    english: str
    types: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    outside: str = ""


def jobs() -> Mapping[str, Job]:
    """By their number in the domain file."""
    return TypeAdapter(dict[str, Job]).validate_python(tomllib.loads(TABLE.read_text("utf-8")))


def page() -> str:
    return "\n".join(
        [_ABOUT, "| | job | requests | surveys | pages | outside |", "|---|---|---|---|---|---|", *_rows(), ""]
    )


def _rows() -> Iterator[str]:
    names = {name: each.en for name, each in load_definitions().items()}
    for number, job in jobs().items():
        types = [f"[{names[each]}](workflows.md) `{each}`" for each in job.types]
        cells = (
            number,
            f"{job.english} — {job.thai}",
            _list(types),
            _list(job.surveys),
            _coded(job.pages),
            job.outside,
        )
        yield f"| {' | '.join(cells)} |"


def _coded(codes: Iterable[str]) -> str:
    return _list(f"`{each}`" for each in codes)


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
