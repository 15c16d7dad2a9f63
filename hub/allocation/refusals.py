"""Why a plan or a line cannot be as somebody wants it. Codes and parameters: words are found at the edge."""

from collections.abc import Mapping
from enum import StrEnum


class PlanFlaw(StrEnum):
    NO_SUCH_ROUND = "no_such_round"
    NO_SUCH_LINE = "no_such_line"
    NOT_NOW = "not_now"
    """not while the round stands where it does"""
    STALE = "stale"
    MISSING = "missing"
    BAD_VALUE = "bad_value"
    TOO_MANY = "too_many"
    """more than are there"""
    TAKEN = "taken"
    """asset number, or device: another has it"""
    NO_SUCH_ASSET = "no_such_asset"
    OVER_BUDGET = "over_budget"
    EMPTY_PLAN = "empty_plan"
    NOT_DONE = "not_done"
    """lines are not accepted yet"""
    NOT_IN_STOCK = "not_in_stock"
    ANSWERED = "answered"
    """somebody else answered these rules meanwhile"""
    PROMISED = "promised"
    """another plan moves this asset already"""
    STOCK_PROMISED = "stock_promised"
    """another plan counts on these pieces of the stock already"""
    PURCHASE_GOES_ON = "purchase_goes_on"
    """what binds it is withdrawn first"""


CONFLICTS = frozenset(
    {
        PlanFlaw.STALE,
        PlanFlaw.NOT_NOW,
        PlanFlaw.TAKEN,
        PlanFlaw.PURCHASE_GOES_ON,
        PlanFlaw.ANSWERED,
        PlanFlaw.PROMISED,
        PlanFlaw.STOCK_PROMISED,
    }
)


class PlanRefused(Exception):
    """Nothing is done. field: of the form, where one is to blame"""

    def __init__(self, flaw: PlanFlaw, field: str = "", **params: str | int | float) -> None:
        super().__init__(f"{flaw.value}: {field}" if field else flaw.value)
        self.flaw, self.field = flaw, field
        self.params: Mapping[str, str | int | float] = params
