"""The codes of the texts that detection stores, and their parameters. Their words stand in the catalogues (hub/web/locale).

evidence.<cause>.<sign>  a sign has held for long enough
cleared.<cause>.<sign>   it is gone
evidence.past_limit, cleared.past_limit  the same for the signs that profiles declare, whatever their cause

A parameter's name tells what it is: `…_at` a time in ms since 1970 UTC, `…_min` minutes, `metric` a metric's name, `value`
and `limit` figures in its unit, `witness` the key of a device ("" for the node's computer).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hub.core.texts import Text
from hub.detection.limits import PAST_LIMIT
from hub.detection.signs import MINUTE_MS, Cause, Number, Span

OPENED = ("onset_at", "held_min")
"""Parameters of every `evidence`: when it began, and for how long it held (class time, but for limits)."""
UNHEARD = "unheard"
"""The sign of a cause that shows in a node's saying nothing at all."""
CLEARED = ("onset_at", "cleared_at")
"""Parameters of every `cleared`."""
_LIMIT_NUMBERS = ("metric", "value", "limit")


def evidence(
    cause: str, sign: str, onset_at: int, held: Span, numbers: Mapping[str, Number] = MappingProxyType({})
) -> Text:
    """Why a sign counts."""
    return Text(_code("evidence", cause, sign), {"onset_at": onset_at, "held_min": held.ms / MINUTE_MS, **numbers})


def gone(cause: str, sign: str, onset_at: int, cleared_at: int) -> Text:
    """That a sign is gone."""
    return Text(_code("cleared", cause, sign), {"onset_at": onset_at, "cleared_at": cleared_at})


def all_codes(causes: Iterable[Cause]) -> dict[str, tuple[str, ...]]:
    """Every code that can be stored, with the names of its parameters."""
    shown = {f"{cause.code}.{sign.code}": sign.numbers for cause in causes for sign in cause.signs}
    shown |= {f"{cause.code}.{UNHEARD}": () for cause in causes if cause.unheard}
    shown[PAST_LIMIT] = _LIMIT_NUMBERS
    opened = {f"evidence.{name}": (*OPENED, *numbers) for name, numbers in shown.items()}
    return opened | {f"cleared.{name}": CLEARED for name in shown}


def _code(what: str, cause: str, sign: str) -> str:
    if sign.startswith(PAST_LIMIT):
        return f"{what}.{PAST_LIMIT}"
    return f"{what}.{cause}.{sign}"
