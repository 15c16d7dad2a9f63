"""What was typed into the forms of a round of allocation, as wishes; and again as it was typed, so that nothing of it is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData

from hub.allocation.lines import Fate, Source, Stage, Work
from hub.allocation.refusals import CONFLICTS, PlanFlaw, PlanRefused
from hub.allocation.rounds import Draft, StageWish
from hub.core.assets import Disposal
from hub.core.money import satang_of
from hub.core.texts import Text

_Choice = TypeVar("_Choice", bound=StrEnum)
_MOST_DIGITS = 15
_LONGEST = 2000
_MISSING = frozenset({PlanFlaw.NO_SUCH_ROUND, PlanFlaw.NO_SUCH_LINE})


@dataclass(frozen=True, slots=True)
class Typed:
    """form: which one it was: add, line-3, step-3-dispatched …; values: as typed; refused: why nothing was done"""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    refused: PlanRefused | None = None

    @property
    def line(self) -> int:
        """Whose form it was; 0: of no line."""
        said = self.form.split("-")[1:2]
        return int(said[0]) if said and said[0].isdecimal() else 0

    @property
    def status(self) -> int:
        return 200 if self.refused is None else status_of(self.refused)


def status_of(refused: PlanRefused) -> int:
    if refused.flaw in _MISSING:
        return 404
    return 409 if refused.flaw in CONFLICTS else 422


def refused_text(refused: PlanRefused) -> Text:
    return Text(f"plan_refusal.{refused.flaw.value}", dict(refused.params))


def texts_of(form: FormData) -> Mapping[str, str]:
    return {name: value for name, value in form.multi_items() if isinstance(value, str) and name != "csrf"}


def draft_of(told: Mapping[str, str]) -> Draft:
    """Raises PlanRefused, which names the field."""
    group, _, school = told.get("school", "").strip().partition("/")
    price = satang_of(told.get("price", "") or "0")
    if price is None:
        raise PlanRefused(PlanFlaw.BAD_VALUE, "price")
    return Draft(
        group=group,
        school=school,
        kind=told.get("kind", ""),
        what=_short("what", told),
        quantity=_whole("quantity", told, 1),
        price_satang=price,
        work=_chosen(Work, "work", told, Work.NEW),
        source=_chosen(Source, "source", told, Source.PURCHASE),
        reason=_short("reason", told),
        giver=_whole("giver", told, 0) or None,
        need=told.get("need") or None,
        asset=_whole("asset", told, 0) or None,
        version=_whole("version", told, 0),
    )


def stage_wish_of(stage: str, told: Mapping[str, str]) -> StageWish:
    """Raises PlanRefused, which names the field."""
    return StageWish(
        stage=_chosen(Stage, "stage", {"stage": stage}, Stage.RESERVED),
        version=_whole("version", told, 0),
        pieces=_whole("pieces", told, 1),
        note=_short("note", told),
        serials=tuple(_short("serials", told).split()),
        receipt=_short("receipt", told),
        serial=_short("serial", told),
        number=_short("number", told),
        fate=_chosen(Fate, "fate", told, Fate.NONE),
        to_school=told.get("to_school", "").rpartition("/")[2].strip(),
        disposal=_chosen(Disposal, "disposal", told, Disposal.DESTROYED) if told.get("disposal") else None,
    )


def version_of(told: Mapping[str, str]) -> int:
    return _whole("version", told, 0)


def reason_of(told: Mapping[str, str]) -> str:
    return _short("reason", told)


def _whole(name: str, told: Mapping[str, str], otherwise: int) -> int:
    text = told.get(name, "").replace(",", "").strip()
    if not text:
        return otherwise
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise PlanRefused(PlanFlaw.BAD_VALUE, name)
    return int(text)


def _short(name: str, told: Mapping[str, str]) -> str:
    text = "".join(sign for sign in told.get(name, "") if sign.isprintable() or sign in "\n\t").strip()
    if len(text) > _LONGEST:
        raise PlanRefused(PlanFlaw.BAD_VALUE, name)
    return text


def _chosen(choices: type[_Choice], name: str, told: Mapping[str, str], otherwise: _Choice) -> _Choice:
    text = told.get(name, "")
    if not text:
        return otherwise
    try:
        return choices(text)
    except ValueError:
        raise PlanRefused(PlanFlaw.BAD_VALUE, name) from None
