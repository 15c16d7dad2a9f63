"""Lists as files: what stands in them is told by the pages that show them; the heads are words of the catalogues."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fastapi import Request
from fastapi.responses import Response

from hub.web.failures import no_such
from hub.web.sent_lists import KINDS, file_of
from hub.web.site import Site
from hub.web.table_pages import Cell


class Listed(NamedTuple):
    """name: of the file, and of its columns in the catalogues (`listed.<column>`)"""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def listed_file(site: Site, request: Request, kind: str, told: Listed) -> Response:
    """Raises Problem where no such kind of file is made."""
    if kind not in KINDS:
        raise no_such("kind of file", "kind")
    language = site.renderer.language(request)
    heading = [language.gettext(f"listed.{each}") for each in told.columns]
    title = language.gettext(f"listed.title.{told.name}")
    return file_of(site.office.tables.written(kind, title, heading, told.rows), f"{told.name}.{kind}", KINDS[kind])
