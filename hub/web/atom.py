"""Incidents as an Atom 1.0 feed (RFC 4287). Decides what stands in it; the route decides for whom and for how long.

The same incidents give the same bytes: nothing in the feed tells the time of the request.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from hub.core.insights import IncidentView
from hub.web.addresses import incident_url
from hub.web.incident_words import IncidentWords

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in one language.

    home   where the hub is reached, without a slash at its end
    since  what the feed says of its own age while it has no entry, ms
    """

    words: IncidentWords
    home: str
    since: int

    def document(self, views: Iterable[IncidentView]) -> bytes:
        views = tuple(views)
        code = self.words.language.code
        feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": code})
        _text(feed, "id", f"{self.home}/incidents.atom?lang={code}")
        _text(feed, "title", f"{self._say('Incidents')} · {self._say('DLTV Fleet')}")
        _text(feed, "updated", self._iso(max(map(changed_at, views), default=self.since)))
        _text(SubElement(feed, "author"), "name", self._say("DLTV Fleet"))
        own = {"rel": "self", "type": MEDIA_TYPE, "href": f"{self.home}/incidents.atom?lang={code}"}
        SubElement(feed, "link", own)
        self._page(feed, "/incidents")
        for view in views:
            self._entry(SubElement(feed, "entry"), view)
        written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
        return written

    def _entry(self, entry: Element, view: IncidentView) -> None:
        _text(entry, "id", uuid5(NAMESPACE_URL, f"dltv-fleet:incident:{view.group}/{view.key}").urn)
        _text(entry, "title", self.words.title(view))
        _text(entry, "published", self._iso(view.start))
        _text(entry, "updated", self._iso(changed_at(view)))
        self._page(entry, incident_url(view.group, view.key))
        label = self.words.figures.incident(view.cause)
        SubElement(entry, "category", {"term": _clean(view.cause), "label": _clean(label)})
        _text(entry, "summary", " ".join((self.words.span(view), self.words.why_no_ticket(view.cause))).strip())
        _text(entry, "content", self._content(view), type="html")

    def _content(self, view: IncidentView) -> str:
        words = self.words
        told = (words.span(view), *words.evidence(view), words.why_no_ticket(view.cause))
        schools = "".join(f"<li>{escape(words.school(each))}</li>" for each in view.schools)
        return "".join(f"<p>{escape(each)}</p>" for each in told if each) + f"<ul>{schools}</ul>"

    def _page(self, parent: Element, path: str) -> None:
        href = f"{self.home}{path}?lang={self.words.language.code}"
        SubElement(parent, "link", {"rel": "alternate", "type": "text/html", "href": href})

    def _say(self, msgid: str) -> str:
        return self.words.language.gettext(msgid)

    def _iso(self, t: int) -> str:
        return self.words.figures.iso(t)


def changed_at(view: IncidentView) -> int:
    """When it last began, ended, or came to a school or left it."""
    times = [view.start, view.end, *(t for school in view.schools for t in (school.start, school.end))]
    return max(t for t in times if t is not None)


def _text(parent: Element, name: str, words: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = _clean(words)


def _clean(words: str) -> str:
    """Without the signs that XML has no place for, not even escaped."""
    return _NOT_IN_XML.sub("", words)
