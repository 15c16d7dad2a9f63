"""GLPI 10 by its REST API (apirest.php, https://github.com/glpi-project/glpi/blob/main/apirest.md).

UNTESTED against a live server: written from its document, tried against a server of the tests that speaks as the document says.
The secret is a user token; an app token can follow it after a space.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from urllib.parse import quote

from hub.helpdesks.caller import Caller
from hub.helpdesks.errors import DeskRefuses
from hub.helpdesks.port import Answer, Case
from hub.helpdesks.settings import DeskSettings

_API = "/apirest.php"
_STATES = {1: "new", 2: "assigned", 3: "planned", 4: "pending", 5: "solved", 6: "closed"}
_SOLVED = 5
_TITLE = 1
"""Number of the search option of a ticket's title."""


class Glpi:
    """The port HelpDesk."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings

    def find(self, mark: str) -> str | None:
        asked = {
            "criteria[0][field]": str(_TITLE),
            "criteria[0][searchtype]": "contains",
            "criteria[0][value]": f"[{mark}]",
            "forcedisplay[0]": "2",
        }
        with self._session() as (glpi, headers):
            found = glpi.ask("GET", "/search/Ticket", params=asked, headers=headers) or {}
        rows = [row for row in found.get("data", ()) if f"[{mark}]" in str(row.get(str(_TITLE), ""))]
        return str(rows[0]["2"]) if rows else None

    def open(self, case: Case) -> str:
        body = {"name": f"{case.title[:200]} [{case.mark}]", "content": _html(case.body)}
        if self._settings.queue.isdecimal():
            body["itilcategories_id"] = self._settings.queue
        with self._session() as (glpi, headers):
            made = glpi.ask("POST", "/Ticket", {"input": body}, headers=headers)
        if not isinstance(made, dict) or "id" not in made:
            raise DeskRefuses(f"help desk {self._settings.name} made no ticket")
        return str(made["id"])

    def comment(self, reference: str, text: str) -> None:
        self._add("ITILFollowup", reference, text)

    def close(self, reference: str, text: str) -> None:
        if not self.look(reference).done:
            self._add("ITILSolution", reference, text)

    def look(self, reference: str) -> Answer:
        path = f"/Ticket/{quote(reference, safe='')}"
        with self._session() as (glpi, headers):
            ticket = glpi.ask("GET", path, headers=headers)
            number = int(ticket["status"])
            done = number >= _SOLVED
            said = glpi.ask("GET", f"{path}/ITILSolution", headers=headers) if done else None
        solutions = [str(each.get("content", "")) for each in said or ()]
        return Answer(_STATES.get(number, str(number)), done, solutions[-1][:2000] if solutions else "")

    def url(self, reference: str) -> str:
        return f"{self._settings.url.rstrip('/')}/front/ticket.form.php?id={quote(reference, safe='')}"

    def _add(self, kind: str, reference: str, text: str) -> None:
        body = {"itemtype": "Ticket", "items_id": reference, "content": _html(text)}
        with self._session() as (glpi, headers):
            glpi.ask("POST", f"/{kind}", {"input": body}, headers=headers)

    @contextmanager
    def _session(self) -> Iterator[tuple[Caller, Mapping[str, str]]]:
        user, _, app = self._settings.password().partition(" ")
        own = {"App-Token": app} if app else {}
        with Caller(self._settings, _API, None, own) as glpi:
            token = glpi.ask("GET", "/initSession", headers={"Authorization": f"user_token {user}"})["session_token"]
            headers = {"Session-Token": str(token)}
            try:
                yield glpi, headers
            finally:
                glpi.ask("GET", "/killSession", headers=headers)


def _html(text: str) -> str:
    """GLPI shows what it is given as HTML."""
    return escape(text).replace("\n", "<br>")
