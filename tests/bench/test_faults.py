import re

import pytest

from bench import faults
from bench.errors import UnknownFault
from bench.facts import Line


def test_every_fault_has_a_name_of_its_own_and_a_line_of_english() -> None:
    codes = [fault.code for fault in faults.FAULTS]
    assert len(set(codes)) == len(codes)
    for fault in faults.FAULTS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", fault.code)
        assert 10 < len(fault.description) < 100
        assert bool(fault.effect) is not (fault.switches_off is not None)


def test_a_mistyped_name_gets_the_nearest_one() -> None:
    with pytest.raises(UnknownFault, match=r"no fault 'tv-ded'; did you mean 'tv-dead'\?"):
        faults.find("tv-ded")


def test_a_name_like_nothing_gets_the_way_to_the_list() -> None:
    with pytest.raises(UnknownFault, match="'dltv-bench fault' lists them all"):
        faults.find("qqqqqqq")


def test_several_faults_add_up() -> None:
    wrong = faults.conditions(["projector-fan", "projector-lamp", "rain"])
    assert (wrong.projector_fan, wrong.projector_lamp, wrong.shower) == (2, 2, True)


def test_of_two_faults_of_one_thing_the_later_counts() -> None:
    assert faults.conditions(["tv-slow", "tv-dead"]).tv_line is Line.SILENT
    assert faults.conditions(["tv-dead", "tv-slow"]).tv_line is Line.SLOW
