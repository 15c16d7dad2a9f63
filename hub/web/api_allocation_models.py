"""What the JSON API says and takes about needs, reference prices and rounds of allocation. Money is whole satang."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hub.allocation.lines import Fate, Line, Source, Stage, Work
from hub.allocation.rounds import Draft, RoundView, StageWish
from hub.core.assets import Disposal
from hub.core.needs import Advice, Need
from hub.core.texts import Text
from hub.needs.prices import Price
from hub.needs.totals import Total

Params = Mapping[str, str | int | float | bool | None]
Short = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=2000)]


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CodedModel(_Answer):
    """A code with its parameters; the pages put it into words."""

    code: str
    params: Params

    @classmethod
    def of(cls, text: Text) -> "CodedModel":
        return cls(code=text.code, params=text.params)


class NeedModel(_Answer):
    """What is to become of an asset, and why."""

    key: str
    group: str
    school: str = Field(description="code; empty: at the office")
    school_name: str | None
    kind: str
    asset: int | None = Field(description="its id in the register")
    number: str | None = Field(description="its asset number")
    name: str
    room: str | None
    device: str | None
    advice: Advice
    score: int
    reasons: list[CodedModel]
    fiscal_year: int = Field(description="of the Buddhist era, in which something is to be done")
    price_satang: int | None = Field(description="of a new one by the price list of that year")
    pupils: int | None
    lost_min: float = Field(description="lesson minutes that its room lost to faults")
    request: str | None = Field(description="the repair that gave it up")

    @classmethod
    def of(cls, need: Need) -> "NeedModel":
        told = {name: getattr(need, name) for name in cls.model_fields if name != "reasons"}
        return cls(**told, reasons=[CodedModel.of(each) for each in need.reasons])


class TotalModel(_Answer):
    """Needs of a district, kind, advice and fiscal year, together."""

    group: str
    kind: str
    advice: Advice
    fiscal_year: int
    count: int
    price_satang: int
    unpriced: int = Field(description="how many have no price in the list")

    @classmethod
    def of(cls, total: Total) -> "TotalModel":
        return cls.model_validate(total)


class PriceModel(_Answer):
    """The reference price of a kind in a fiscal year."""

    kind: str
    price_satang: int
    name: str
    source: str

    @classmethod
    def of(cls, price: Price) -> "PriceModel":
        return cls.model_validate(price)


class PriceWish(_Wish):
    """price in baht, as text: 19,000 or 19000.50"""

    kind: Short
    price: Short
    name: Short = ""
    source: Short = Field(description="edition and item of the published criteria")


class LineModel(_Answer):
    """A line of a plan."""

    id: int
    place: int
    group: str
    school: str
    kind: str
    what: str
    quantity: int
    work: Work
    price_satang: int
    cost_satang: int
    source: Source
    reasons: list[CodedModel]
    reason: str
    need: str | None
    asset: int | None = Field(description="that is repaired or replaced")
    giver: int | None = Field(description="the asset that is moved")
    from_school: str | None
    done: dict[Stage, int] = Field(description="pieces that have come so far, by stage")
    stage: Stage | None = Field(description="that all pieces have come to; null: planned")
    next_stages: list[Stage]
    serials: list[str]
    order: str | None = Field(description="number of the purchase request")
    version: int

    @classmethod
    def of(cls, line: Line) -> "LineModel":
        apart = {"reasons", "done", "next_stages", "serials"}
        told = {name: getattr(line, name) for name in cls.model_fields if name not in apart}
        return cls(
            **told,
            reasons=[CodedModel.of(each) for each in line.reasons],
            done=dict(line.done),
            next_stages=list(line.following),
            serials=list(line.serials),
        )


class RoundModel(_Answer):
    """A round of allocation. Its steps are those of the request with the same number."""

    number: str
    title: str
    state: str
    fiscal_year: int = Field(description="of the Buddhist era, whose budget it spends")
    budget_satang: int
    total_satang: int
    lines: int
    done: int = Field(description="lines of which all pieces are accepted")
    spent_satang: int

    @classmethod
    def of(cls, view: RoundView) -> "RoundModel":
        outcome = view.outcome
        return cls(
            number=view.number,
            title=view.title,
            state=view.state,
            fiscal_year=view.fiscal_year,
            budget_satang=view.budget_satang,
            total_satang=view.total_satang,
            lines=outcome.lines,
            done=outcome.done,
            spent_satang=outcome.spent,
        )


class RuleModel(_Answer):
    """How a rule of eligibility stands for a school."""

    group: str
    school: str
    rule: str
    verdict: str


class LeftModel(_Answer):
    """A need that the last proposal left out."""

    need: str
    why: str


class RoundDetailModel(RoundModel):
    """A round with its plan."""

    plan: list[LineModel]
    rules: list[RuleModel]
    left: list[LeftModel]

    @classmethod
    def of_all(cls, view: RoundView) -> "RoundDetailModel":
        judged = [
            RuleModel(group=group, school=school, rule=each.rule.id, verdict=each.verdict.value)
            for (group, school), rules in view.judged.items()
            for each in rules
        ]
        return cls(
            **RoundModel.of(view).model_dump(),
            plan=[LineModel.of(line) for line in view.lines],
            rules=judged,
            left=[LeftModel(need=need.key, why=why) for need, why in view.left],
        )


class LineWish(_Wish):
    """A line as it is to be. version: that was read; 0: it is new."""

    group: Short
    school: Short
    kind: Short
    what: Short = ""
    quantity: int = Field(1, ge=1, le=1000)
    price_satang: int = Field(0, ge=0, le=10**12)
    work: Work = Work.NEW
    source: Source = Source.PURCHASE
    reason: Long
    giver: int | None = Field(None, ge=1, le=2**53)
    need: Short | None = None
    asset: int | None = Field(None, ge=1, le=2**53)
    version: int = Field(0, ge=0, le=2**31)

    def draft(self) -> Draft:
        return Draft(**self.model_dump())


class RemovalWish(_Wish):
    version: int = Field(ge=1, le=2**31)
    reason: Long


class StepWish(_Wish):
    """So many pieces a stage further."""

    stage: Stage
    version: int = Field(ge=1, le=2**31)
    pieces: int = Field(1, ge=1, le=1000)
    note: Long = ""
    serials: Annotated[list[Short], Field(max_length=200)] = []
    receipt: Annotated[str, Field(max_length=200)] = ""
    serial: Annotated[str, Field(max_length=200)] = ""
    number: Annotated[str, Field(max_length=100)] = ""
    fate: Fate = Fate.NONE
    to_school: Short = ""
    disposal: Disposal | None = None

    def wish(self) -> StageWish:
        return StageWish(**self.model_dump() | {"serials": tuple(self.serials)})


class PurchaseWish(_Wish):
    version: int = Field(ge=1, le=2**31)
    subject: Annotated[str, Field(min_length=1, max_length=300)]


class PurchaseModel(_Answer):
    """The request that was opened."""

    number: str


class TicksWish(_Wish):
    """The rules of a school that are answered with yes; no others are."""

    group: Short
    school: Short
    rules: Annotated[list[Short], Field(max_length=50)]
    seen: Annotated[list[Short], Field(max_length=50)] | None = Field(
        None, description="those that were answered with yes when they were read: others by then, and nothing is done"
    )
