"""Notices of incidents as letters in a person's language. What an e-mail server needs besides is hub/mail's."""

from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from hub.core.insights import IncidentView
from hub.core.notices import Letter, Notice, Person, Turn
from hub.web.addresses import incident_url
from hub.web.figures import Figures
from hub.web.incident_words import IncidentWords
from hub.web.language import fill, load_languages

_MOST_SCHOOLS = 60


class Letters:
    """`home`: where people reach the pages; without it a letter has no link."""

    def __init__(self, zone: ZoneInfo, home: str | None) -> None:
        self._words: Mapping[str, IncidentWords] = {
            code: IncidentWords(language, Figures(language, zone)) for code, language in load_languages().items()
        }
        self._home = home

    def write(self, told: Notice, person: Person, view: IncidentView | None) -> Letter:
        """`view` is the incident as it is now; None: it turned out to be something else."""
        words = self._words[person.language]
        subject, *lines = self._withdrawn(words, told) if view is None else self._told(words, told, view)
        lines += ["", "-- ", words.language.gettext("letter.why_you")]
        turn = Turn.ENDED if Turn.ENDED in told.turns else Turn.BEGUN
        name = uuid5(NAMESPACE_URL, f"dltv-fleet:letter:{told.address}/{told.group}/{told.key}/{turn.value}")
        return Letter(person.address, person.language, subject, "\n".join(lines) + "\n", str(name))

    def _told(self, words: IncidentWords, told: Notice, view: IncidentView) -> list[str]:
        over = Turn.ENDED in told.turns and not view.running
        code = "letter.ended" if over else "letter.begun"
        title = words.title(view)
        why = words.why_no_ticket(view.cause)
        lines = [fill(words.language.gettext(code), {"title": title}), title, words.span(view), *words.evidence(view)]
        lines += ["", *(f"- {words.school(each)}" for each in view.schools[:_MOST_SCHOOLS])]
        more = len(view.schools) - _MOST_SCHOOLS
        lines += [f"- … +{more}"] if more > 0 else []
        lines += ["", why] if why else []
        link = f"{self._home}{incident_url(told.group, told.key)}?lang={words.language.code}"
        return [*lines, "", link] if self._home else lines

    @staticmethod
    def _withdrawn(words: IncidentWords, told: Notice) -> list[str]:
        named = {"cause": words.figures.incident(told.cause), "moment": words.figures.moment(told.start)}
        subject = fill(words.language.gettext("letter.withdrawn"), named)
        return [subject, subject, words.language.gettext("letter.something_else")]
