"""Messages in a receiver's language: a line for a list, and whole letters. Which way takes them is others' business."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from hub.messages.views import News
from hub.web.figures import Figures
from hub.web.language import Language, fill, load_languages

_MOST_LINES = 60


class MessageWords:
    """`home`: where people reach the pages; without it a letter has no link."""

    def __init__(self, zone: ZoneInfo, home: str | None) -> None:
        self._languages, self._home = load_languages(), home
        self._figures = {code: Figures(language, zone) for code, language in self._languages.items()}

    def subject(self, news: News, language: str) -> str:
        """One line."""
        spoken = self._spoken(language)
        words = spoken.lookup(f"message.{news.code}") or spoken.gettext("message.other")
        return " ".join(fill(words, self._params(news, spoken)).split())

    def letter(self, news: Sequence[News], language: str) -> tuple[str, str]:
        """Subject and body. Several messages are one letter."""
        spoken = self._spoken(language)
        why = ["", "-- ", spoken.gettext("message.why_you")]
        if len(news) == 1:
            only = news[0]
            lines = [line for line in (self._text(only, spoken), self._link(only, spoken)) if line]
            return self.subject(only, language), "\n".join([self.subject(only, language), *lines, *why]) + "\n"
        subject = fill(spoken.gettext("message.gathered"), {"num": len(news)})
        lines = []
        for each in news[:_MOST_LINES]:
            lines += [
                f"• {self.subject(each, language)}",
                *([f"  {link}"] if (link := self._link(each, spoken)) else []),
            ]
        more = len(news) - _MOST_LINES
        return subject, "\n".join([*lines, *([f"… +{more}"] if more > 0 else []), *why]) + "\n"

    def _spoken(self, language: str) -> Language:
        return self._languages.get(language) or self._languages["th"]

    def _text(self, news: News, spoken: Language) -> str:
        dated = spoken.lookup(f"message.{news.code}.dated") if news.params.get("when") else ""
        words = dated or spoken.lookup(f"message.{news.code}.text")
        return fill(words, self._params(news, spoken)) if words else ""

    def _link(self, news: News, spoken: Language) -> str:
        path = news.params.get("path")
        if not self._home or not isinstance(path, str):
            return ""
        return f"{self._home}{path}{'&' if '?' in path else '?'}lang={spoken.code}"

    def _params(self, news: News, spoken: Language) -> Mapping[str, object]:
        params = {name: self._param(name, value, spoken) for name, value in news.params.items()}
        return {"code": news.code, **params}

    def _param(self, name: str, value: Any, spoken: Language) -> object:
        """By what its name says it is."""
        figures = self._figures[spoken.code]
        if name == "when" and isinstance(value, Mapping):
            return _dated(value, figures, spoken.code)
        if isinstance(value, Mapping):
            return value.get(spoken.code) or value.get("th") or ""
        if name == "incident":
            return figures.incident(str(value))
        if name == "to":
            return spoken.lookup(f"state.{value}") or value
        if name == "cause":
            return figures.cause(str(value))
        if name.endswith("_at") and isinstance(value, int):
            return figures.moment(value)
        if name.endswith("_on") and isinstance(value, str):
            return figures.day(value)
        return "–" if value in (None, "") else value


def _dated(value: Mapping[str, str], figures: Figures, language: str) -> str:
    """A day or a moment, with what it is."""
    if not value:
        return ""
    moment = value.get("moment", "")
    day = figures.moment(int(moment)) if moment.isdecimal() else figures.day(value.get("date", ""))
    return f"{value.get(language, '')}: {day}"
