"""The seven memoranda of the office's work begin by themselves, and the letters to a vendor."""

import subprocess

import pytest

from hub.documents.catalogue import load_forms
from hub.documents.filling import Heading, WrongValues
from hub.documents.memoranda import LETTER, MEMO, begin, facts_of, occasions, occasions_of
from hub.documents.printing import print_form

OCCASIONS = list(occasions())


def test_there_is_one_for_each_of_the_seven() -> None:
    assert set(occasions_of(MEMO)) == {
        "quarterly-repairs",
        "purchase",
        "allocation-plan",
        "maintenance-plan",
        "annual-report",
        "disposal",
        "round-result",
    }
    assert set(occasions_of(LETTER)) == {"warranty-claim", "rental-claim"}


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_fact_stands_on_the_paper_in_thai_figures(occasion: str) -> None:
    facts = {name: str(4110 + number) for number, name in enumerate(sorted(facts_of(occasion)))}
    paper = MEMO if occasion in occasions_of(MEMO) else LETTER
    pdf = print_form(load_forms()[paper], begin(occasion, facts), Heading())
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    text = done.stdout.decode()
    thai = [fact.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) for fact in facts.values()]
    assert facts
    assert [fact for fact in thai if fact not in text] == []
    assert "$" not in text


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_a_fact_that_is_not_known_is_named(occasion: str) -> None:
    with pytest.raises(WrongValues, match=min(facts_of(occasion))):
        begin(occasion, {})


def test_a_fact_is_never_a_further_name() -> None:
    facts = dict.fromkeys(facts_of("purchase"), "${year}")
    assert "${year}" in begin("purchase", facts)["subject"]
