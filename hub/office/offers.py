"""What comparing offers asks for: a verdict for each requirement and offer, and that what is chosen meets them all."""

from collections.abc import Iterator, Mapping

from hub.office.stock_steps import rows_of
from hub.requesting import Hook
from hub.store.unit_of_work import UnitOfWork
from hub.supply.comparison import MOST_OFFERS, judge, unjudged
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Step


def judge_offers(_work: UnitOfWork, step: Step) -> None:
    """Raises Refused."""
    faults = list(_faults(step))
    if faults:
        raise Refused(Refusal.GUARD, faults)


HOOKS: Mapping[str, Hook] = {"judge_offers": judge_offers}


def _faults(step: Step) -> Iterator[Fault]:
    offers, comparison = rows_of(step, "offers"), rows_of(step, "comparison")
    if len(offers) > MOST_OFFERS:
        yield Fault("too_many_offers", "offers", {"most": MOST_OFFERS})
        return
    missing = unjudged(offers, comparison)
    yield from (Fault("no_verdict", "comparison", {}, row=row, column=f"meets{number}") for row, number in missing)
    chosen = int(str(step.entry.values["chosen"]).removeprefix("o"))
    if chosen > len(offers):
        yield Fault("no_such_offer", "chosen")
    elif not missing and not judge(offers, comparison)[chosen - 1].meets:
        yield Fault("offer_fails", "chosen")
