"""Zammad by its REST API (https://docs.zammad.org/en/latest/api/ticket/index.html).

UNTESTED against a live server: written from its document, tried against a server of the tests that speaks as the document says.
The secret is a token with the right ticket.agent.
"""

from urllib.parse import quote

import httpx

from hub.helpdesks.caller import Caller
from hub.helpdesks.errors import DeskRefuses
from hub.helpdesks.port import Answer, Case
from hub.helpdesks.settings import DeskSettings

_API = "/api/v1"
_ENDED = frozenset({"closed", "merged", "removed"})


class Zammad:
    """The port HelpDesk."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings

    def find(self, mark: str) -> str | None:
        asked = {"query": f'title:"{mark}"', "limit": "20", "expand": "true"}
        with self._caller() as zammad:
            found = zammad.ask("GET", "/tickets/search", params=asked) or []
        rows = [each for each in found if f"[{mark}]" in str(each.get("title", ""))]
        return str(rows[0]["id"]) if rows else None

    def open(self, case: Case) -> str:
        body = {
            "title": f"{case.title[:200]} [{case.mark}]",
            "group": self._settings.queue,
            "customer": self._settings.customer,
            "article": {"subject": case.title[:200], **_article(case.body)},
        }
        with self._caller() as zammad:
            made = zammad.ask("POST", "/tickets", body)
        if not isinstance(made, dict) or "id" not in made:
            raise DeskRefuses(f"help desk {self._settings.name} made no ticket")
        return str(made["id"])

    def comment(self, reference: str, text: str) -> None:
        with self._caller() as zammad:
            zammad.ask("POST", "/ticket_articles", {"ticket_id": int(reference), **_article(text)})

    def close(self, reference: str, text: str) -> None:
        if self.look(reference).done:
            return
        with self._caller() as zammad:
            zammad.ask("PUT", f"/tickets/{quote(reference, safe='')}", {"state": "closed", "article": _article(text)})

    def look(self, reference: str) -> Answer:
        place = quote(reference, safe="")
        with self._caller() as zammad:
            ticket = zammad.ask("GET", f"/tickets/{place}", params={"expand": "true"})
            state = str(ticket["state"])
            done = state in _ENDED
            said = zammad.ask("GET", f"/ticket_articles/by_ticket/{place}") if done else None
        # What is not internal is for the customer: their answer.
        answers = [str(each.get("body", "")) for each in said or () if not each.get("internal", True)]
        return Answer(state, done, answers[-1][:2000] if answers else "")

    def url(self, reference: str) -> str:
        return f"{self._settings.url.rstrip('/')}/#ticket/zoom/{quote(reference, safe='')}"

    def _caller(self) -> Caller:
        settings, secret = self._settings, self._settings.password()
        if settings.username is not None:
            return Caller(settings, _API, httpx.BasicAuth(settings.username, secret), {})
        return Caller(settings, _API, None, {"Authorization": f"Token token={secret}"})


def _article(text: str) -> dict[str, object]:
    return {"body": text, "type": "note", "internal": True, "content_type": "text/plain"}
