"""Request Tracker 5 by its REST 2 API (https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html). Tried with RT 5.0.3 of Debian.

A case carries its mark in the subject, in brackets. Our account there must be allowed to see the queue, and to make tickets,
comment on them and change them.
"""

from base64 import b64decode
from typing import Any
from urllib.parse import quote

import httpx

from hub.helpdesks.caller import Caller
from hub.helpdesks.errors import DeskRefuses
from hub.helpdesks.port import Answer, Case
from hub.helpdesks.settings import DeskSettings

_ENDED = frozenset({"resolved", "rejected", "deleted"})
_API = "/REST/2.0"
_LONGEST, _LONGEST_SUBJECT = 2000, 190


class RequestTracker:
    """The port HelpDesk."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings

    def find(self, mark: str) -> str | None:
        query = f"Subject LIKE '[{mark}]'"
        with self._caller() as rt:
            found = rt.ask("GET", "/tickets", params={"query": query, "fields": "Subject"})
        # LIKE knows wildcards of its own.
        items = [each for each in found["items"] if f"[{mark}]" in each.get("Subject", "")]
        return str(items[0]["id"]) if items else None

    def open(self, case: Case) -> str:
        body = {
            "Queue": self._settings.queue,
            "Subject": _subject(case),
            "Content": case.body,
            "ContentType": "text/plain",
        }
        with self._caller() as rt:
            made = rt.ask("POST", "/ticket", body)
        if not isinstance(made, dict) or "id" not in made:
            raise DeskRefuses(
                f"help desk {self._settings.name} made no ticket; look at the queue {self._settings.queue}"
            )
        return str(made["id"])

    def comment(self, reference: str, text: str) -> None:
        with self._caller() as rt:
            rt.ask("POST", f"/ticket/{quote(reference, safe='')}/comment", _text(text))

    def close(self, reference: str, text: str) -> None:
        if self.look(reference).done:
            return
        with self._caller() as rt:
            rt.ask("POST", f"/ticket/{quote(reference, safe='')}/comment", _text(text) | {"Status": "resolved"})

    def look(self, reference: str) -> Answer:
        with self._caller() as rt:
            ticket = rt.ask("GET", f"/ticket/{quote(reference, safe='')}")
            state = str(ticket["Status"])
            done = state in _ENDED
            return Answer(state, done, self._last_words(rt, reference) if done else "")

    def url(self, reference: str) -> str:
        return f"{self._settings.url.rstrip('/')}/Ticket/Display.html?id={quote(reference, safe='')}"

    def _last_words(self, rt: Caller, reference: str) -> str:
        """The newest answer to the requestor; comments are between those of the help desk."""
        asked = {"fields": "Type", "per_page": "100", "order": "DESC", "orderby": "id"}
        history = rt.ask("GET", f"/ticket/{quote(reference, safe='')}/history", params=asked)["items"]
        for entry in history:
            if entry.get("Type") == "Correspond":
                return self._words_of(rt, str(entry["id"]))
        return ""

    @staticmethod
    def _words_of(rt: Caller, entry: str) -> str:
        found = rt.ask("GET", f"/transaction/{entry}/attachments", params={"fields": "ContentType"})["items"]
        plain = next((each["id"] for each in found if each.get("ContentType") == "text/plain"), None)
        if plain is None:
            return ""
        # The content of an attachment comes in base64.
        content = rt.ask("GET", f"/attachment/{plain}").get("Content", "")
        return b64decode(content).decode("utf-8", "replace")[:_LONGEST].strip()

    def _caller(self) -> Caller:
        settings, secret = self._settings, self._settings.password()
        if settings.username is not None:
            return Caller(settings, _API, httpx.BasicAuth(settings.username, secret), {})
        return Caller(settings, _API, None, {"Authorization": f"token {secret}"})


def _text(text: str) -> dict[str, Any]:
    return {"Content": text, "ContentType": "text/plain"}


def _subject(case: Case) -> str:
    """Request Tracker cuts a subject after 200 bytes, of which a Thai letter takes three: the mark must be before that."""
    room = _LONGEST_SUBJECT - len(f" [{case.mark}]".encode())
    title = case.title.encode()
    if len(title) > room:
        title = title[: room - len("…".encode())].decode(errors="ignore").encode() + "…".encode()
    return f"{title.decode()} [{case.mark}]"
