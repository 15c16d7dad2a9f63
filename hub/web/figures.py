"""Figures in words: numbers with units, ages, durations, dates of the Buddhist era. Time is passed in as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal

from hub.core.fiscal import BUDDHIST_ERA
from hub.core.texts import Text
from hub.web.clauses import told
from hub.web.language import Language, fill
from hub.web.set_words import input_called, room_called, set_called
from wire.metrics import Value
from wire.vocabulary import unit_of

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
AGE_WORDS = {
    "now": "just now",
    "s": "%(n)s s ago",
    "min": "%(n)s min ago",
    "h": "%(n)s h ago",
    "d": "%(n)s d ago",
}
"""Words for an age, also counted on in the browser: in both languages they are the same for one and for many."""
_NOTHING = "–"
_INPUT, _WITNESS = "input/source", "witness"
_SPANS = {"_s": 1.0, "_min": 60.0, "_h": 3600.0, "_d": 86400.0, "_ms": 0.001}
"""How the name of a length of time ends, and its unit in seconds."""
_size_of = lru_cache(1024)(lambda name: next((each for end, each in _SPANS.items() if name.endswith(end)), None))
_MOMENTS = 8192
_LAST_MS = 253_370_764_800_000
"""1 January 9999."""


@dataclass(frozen=True, slots=True)
class ChartUnit:
    """How a chart writes a metric: values are divided by `scale`."""

    sign: str
    scale: int
    decimals: int


class Figures:
    """How one language writes figures in one time zone."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self._language = language
        self._zone = zone
        # The hours of class of a week are told for each room of a school.
        self.moment = lru_cache(_MOMENTS)(self._moment)
        """20 Nov 2026 13:45."""

    def number(self, value: float, decimals: int = 0) -> str:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return _decimal(value, pattern, self._language.locale)

    def value(self, metric: str, value: Value) -> str:
        """The value of a metric in words, with its unit."""
        words = self._coded(metric, value)
        if words is not None:
            return words
        if isinstance(value, str):
            return self._named(metric, value)
        return self._measured(metric, float(value or 0))

    def _coded(self, metric: str, value: Value) -> str | None:
        """Words of the catalogue for a value: yes and no, error levels, no value, an empty text."""
        if value is None:
            return _NOTHING
        if isinstance(value, bool) or value == "" or metric.startswith("error/"):
            name = str(value).lower() or "empty"
            family = metric.partition("/")[0]
            codes = (f"value.{metric}.{name}", f"value.{family}.{name}", f"value.{name}")
            return next((words for code in codes if (words := self._language.lookup(code))), None)
        return None

    def _named(self, metric: str, value: str) -> str:
        """A text that is the name of something."""
        if metric == _WITNESS:
            return set_called(value, self._language)
        return input_called(value) if metric == _INPUT else value

    def _measured(self, metric: str, value: float) -> str:
        unit = unit_of(metric)
        if unit is None:
            return self.number(value, 0 if value.is_integer() else 2)
        if unit.sign == "s" and abs(value) >= _MINUTE:
            return self.duration(value)
        if unit.sign == "B":
            return f"{self.number(value / 2**20, 1)} MB"
        sign = self._language.lookup(f"unit.{unit.sign}") or unit.sign
        gap = "" if sign == "%" else "\u00a0"
        return f"{self.number(value, unit.decimals)}{gap}{sign}"

    def unit(self, metric: str) -> ChartUnit:
        """For charts. Where the value in words changes its unit with its size, a chart keeps to one."""
        unit = unit_of(metric)
        if unit is None:
            return ChartUnit("", 1, 2)
        if metric.endswith("_bytes"):
            return ChartUnit("MB", 2**20, 1)
        if metric == "host/uptime_s":
            return ChartUnit(self._language.gettext("unit.h"), _HOUR, 1)
        return ChartUnit(self._language.lookup(f"unit.{unit.sign}") or unit.sign, 1, unit.decimals)

    def metric(self, name: str) -> str:
        """What a metric is called; a metric of others keeps its own name."""
        return self._language.lookup(f"metric.{name}") or name

    def duration(self, seconds: float) -> str:
        """The two largest units: 3 d 4 h, 12 min."""
        left = round(abs(seconds))
        parts = []
        for size, code in ((_DAY, "unit.d"), (_HOUR, "unit.h"), (_MINUTE, "unit.min"), (1, "unit.s")):
            count, left = divmod(left, size)
            if count:
                parts.append(f"{self.number(count)}\u00a0{self._language.gettext(code)}")
        return ("-" if seconds < 0 else "") + (" ".join(parts[:2]) or f"0\u00a0{self._language.gettext('unit.s')}")

    def age(self, t: int, now: int) -> str:
        """How long ago `t` is: just now, 3 min ago."""
        seconds = max(0, (now - t) // 1000)
        for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (5, "s")):
            if seconds >= size:
                count = seconds // (1 if unit == "s" else size)
                return fill(self._language.gettext(AGE_WORDS[unit]), {"n": count})
        return self._language.gettext(AGE_WORDS["now"])

    def date(self, t: int) -> str:
        """20 Nov 2026; in Thai of the Buddhist era."""
        return self._date(self._local(t))

    def clock(self, t: int) -> str:
        """13:45; in Thai 13.45 and the word for it."""
        return self._clock(self._local(t))

    def hour(self, t: int) -> str:
        """The hour of the day, as a scale tells it."""
        return str(self._local(t).hour)

    def _moment(self, t: int) -> str:
        local = self._local(t)
        return f"{self._date(local)} {self._clock(local)}"

    def iso(self, t: int) -> str:
        """For machines: UTC."""
        return datetime.fromtimestamp(_sane(t) / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def sortable(self, t: int) -> str:
        """For spreadsheets: 2026-11-20 13:45, here."""
        return self._local(t).strftime("%Y-%m-%d %H:%M")

    def text(self, text: Text) -> str:
        """A stored text in this language. A code that is not in the catalogue shows as itself: wrong, but not lost."""
        metric = text.params.get("metric")
        family = metric.partition("/")[0] if isinstance(metric, str) else ""
        # An error has a name; nobody reads it as a figure with a limit.
        words = self._language.lookup(f"{text.code}.{family}") or self._language.gettext(text.code)
        words = told(words, text.params)
        return fill(words, self._params(text.params))

    def room(self, room: str | None) -> str:
        """What a room is called. A name that begins with the word for room already is left as it is."""
        if room is None:
            return self._language.gettext("No room named")
        room = room_called(room, self._language)
        words = self._language.gettext("Room %(room)s")
        prefix = words.partition("%")[0].strip()
        return room if room.casefold().startswith(prefix.casefold()) else fill(words, {"room": room})

    def person(self, name: str) -> str:
        """By name; who only shows the hub in a role is called by it."""
        return self._language.lookup(f"role.{name}") or name

    def sign(self, cause: str, sign: str) -> str:
        """A sign that stands on a ticket; `past_limit:<metric>` names the metric whose limit is passed.

        One that came with a merged ticket names its own cause and place: <cause>.<sign>@<node>/<device>.
        """
        own, _, where = sign.rpartition("@") if "@" in sign else (sign, "", "")
        if where:
            cause, _, own = own.partition(".")
        code, _, metric = own.partition(":")
        words = self._language.lookup(f"sign.{cause}.{code}") or self._language.lookup(f"sign.{code}") or own
        filled = fill(words, {"metric": self.metric(metric)})
        if not where:
            return filled
        return f"{self.value(_WITNESS, where.partition('/')[2])}: {filled}"

    def cause(self, cause: str) -> str:
        """What a cause is called."""
        return self._language.lookup(f"cause.{cause}") or cause

    def incident(self, cause: str) -> str:
        """What an incident of a cause is called: a ticket of the same cause may be another matter."""
        return self._language.lookup(f"incident.{cause}") or self.cause(cause)

    def plain(self, value: float) -> str:
        """As a field holds it: no separators, no needless zeros."""
        return f"{value:g}"

    def share(self, share: float) -> str:
        """A part of a whole: 62%."""
        return f"{self.number(share * 100)}%"

    def minutes(self, minutes: float) -> str:
        """Lesson time: whole minutes, and hours where there are some; not days, of which one has six hours of class."""
        hours, rest = divmod(round(minutes), 60)
        parts = [f"{self.number(hours)}\u00a0{self._language.gettext('unit.h')}"] if hours else []
        if rest or not hours:
            parts.append(f"{rest}\u00a0{self._language.gettext('unit.min')}")
        return " ".join(parts)

    def day(self, date: str) -> str:
        """A day, given in ISO 8601; what is none shows as it is."""
        try:
            return self._date(datetime.fromisoformat(f"{date}T07:00"))
        except ValueError:
            return date

    def day_of_week(self, date: str) -> str:
        """A day as people agree on one: 24 Nov 2026 (Tuesday)."""
        try:
            named = format_datetime(datetime.fromisoformat(date), "EEEE", locale=self._language.locale)
        except ValueError:
            return date
        return f"{self.day(date)} ({named})"

    def morning(self, date: str) -> int:
        """When a day begins for those who work, in ms."""
        return int(datetime.fromisoformat(f"{date}T07:00").replace(tzinfo=self._zone).timestamp() * 1000)

    def today(self, now: int, ahead: int = 0) -> str:
        """The day in ISO 8601, or one so many days away."""
        return (self._local(now) + timedelta(days=ahead)).date().isoformat()

    def _params(self, params: Mapping[str, Value]) -> dict[str, str]:
        return {name: self._param(name, value, params) for name, value in params.items()}

    def _param(self, name: str, value: Value, params: Mapping[str, Value]) -> str:
        """A parameter by what its name says it is: a time, a metric, a length of time, or the value of the metric."""
        words = self._word(name, value) if isinstance(value, str) else self._span(name, value)
        if words is not None:
            return words
        metric = params.get("metric")
        return self.value(metric if isinstance(metric, str) else name, value)

    def _span(self, name: str, value: Value) -> str | None:
        """A time or a length of time."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        if name == "t" or name.endswith("_at"):
            return self.moment(int(value))
        size = _size_of(name)
        return None if size is None else self.duration(value * size)

    def _word(self, name: str, value: str) -> str | None:
        """What stands for a name of ours: a metric, a cause, a state."""
        if name == "metric":
            return self.metric(value)
        if name in ("was", "cause"):
            return self.cause(value)
        if name.startswith("lost_") or name.endswith("_on"):
            return self.day(value)
        return self._language.lookup(f"state.{value}") if name in ("from", "to") else None

    def _date(self, local: datetime) -> str:
        era = BUDDHIST_ERA if self._language.code == "th" else 0
        day = _part_of_time(self._language.locale, "d MMM", month=local.month, day=local.day)
        return f"{day} {local.year + era}"

    def _clock(self, local: datetime) -> str:
        pattern = self._language.gettext("format.clock")
        return _part_of_time(self._language.locale, pattern, hour=local.hour, minute=local.minute)

    def _local(self, t: int) -> datetime:
        return datetime.fromtimestamp(_sane(t) / 1000, self._zone)


@lru_cache(8192)
def _decimal(value: float, pattern: str, locale: Locale) -> str:
    """Long tables say the same few figures again and again."""
    return format_decimal(value, pattern, locale=locale)


@lru_cache(8192)
def _part_of_time(locale: Locale, pattern: str, *, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> str:
    """There are few days in a year and minutes in a day, and a page of a list tells hundreds: it takes long to write one."""
    return format_datetime(datetime(2000, month, day, hour, minute), pattern, locale=locale)  # noqa: DTZ001  its own zone


def _sane(t: int) -> int:
    """No time of whatever origin shall fail a page: beyond what a calendar holds, its end is shown."""
    return min(max(t, 0), _LAST_MS)
