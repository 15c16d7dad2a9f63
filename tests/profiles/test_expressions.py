"""An expression that some answer would keep busy for ever is refused when its profile is read."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_profiles.expressions import ANYWHERE, LONGEST, WHOLE, TooCostly, require_bounded
from firmware_profiles.loader import load_catalog
from firmware_profiles.polls import Pattern

ENDLESS = [
    *(
        "(a+)+b",
        "(a|a)*b",
        "(a|ab)*c",
        ".*.*.*x",
        r"(\w+\s?)*x",
        "(?:a{1,60}){1,60}x",
        "(a*)*",
        r"(?:.*\n)*x",
        r"(.+)\1+x",
    ),
    *("a?" * 40 + "a" * 40, "(a|a)" * 40 + "x", "a{0,60}" * 10 + "x", "(?:(?:a{1,4}){1,4}){1,4}" * 3, r"(?=(a+)+$)a"),
    r"(?:[a-z]*[a-y]*[a-x]*)x",
]
BOUNDED = [
    *("a 01 OK(?P<on>[0-9a-f]{2})x", "[a-z]*;[a-z]*;[a-z]*;[a-z]*;", r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}", "(?:a|b|c)*x"),
    *(r"\d+(?:\.\d+)?", ".*?;x=(?P<x>[01]),.*", "(?i:on|off)", "^# $", r"(?!00)[0-9A-F]{2}", ""),
]
HOSTILE = [
    "a" * LONGEST,
    "0" * LONGEST,
    " " * LONGEST,
    "\n" * LONGEST,
    "a 01 OK" + "0" * LONGEST,
    "ab" * (LONGEST // 2),
]
PATIENCE_S = 60.0


@pytest.mark.parametrize("pattern", ENDLESS)
def test_what_some_answer_would_keep_busy_for_ever_is_refused(pattern: str) -> None:
    re.compile(pattern)
    with pytest.raises(TooCostly):
        require_bounded(pattern, WHOLE)


@pytest.mark.parametrize("pattern", BOUNDED)
def test_what_profiles_say_is_taken(pattern: str) -> None:
    require_bounded(pattern, ANYWHERE)


def test_what_has_to_fit_all_of_an_answer_may_share_it_once() -> None:
    require_bounded(".*;.*", WHOLE)
    with pytest.raises(TooCostly, match="Put something between them"):
        require_bounded(".*.*", ANYWHERE)


def test_a_profile_with_such_an_expression_is_a_mistake_that_is_named() -> None:
    with pytest.raises(ValueError, match="use a set"):
        Pattern(format="pattern", pattern="(?P<x>(a+)+)b")


@pytest.mark.parametrize("answer", HOSTILE, ids=range(len(HOSTILE)))
def test_no_expression_of_the_profiles_that_are_delivered_is_kept_busy(answer: str) -> None:
    catalogue, begun = load_catalog(), time.process_time()
    tried = 0
    for one in catalogue:
        for poll in catalogue.profile(one).polls:
            if isinstance(poll.answer, Pattern):
                tried += 1
                re.compile(poll.answer.pattern.replace("{set_id}", "01"), re.DOTALL).fullmatch(answer[:LONGEST])
    assert tried > 20
    assert time.process_time() - begun < PATIENCE_S


@given(st.deferred(lambda: PARTS))
def test_whatever_is_taken_is_matched_in_a_while(pattern: str) -> None:
    try:
        require_bounded(pattern, ANYWHERE - 4)
    except TooCostly:
        return
    begun = time.process_time()
    re.compile(pattern, re.DOTALL).fullmatch("ab" * 20 + "a" * 400 + "!")
    assert time.process_time() - begun < PATIENCE_S


def _made_of(one: "st.SearchStrategy[str]") -> "st.SearchStrategy[str]":
    repeated = st.builds(lambda part, sign: f"(?:{part}){sign}", one, st.sampled_from(["*", "+", "?", "{0,40}", "{3}"]))
    return st.one_of(repeated, st.builds("{}{}".format, one, one), st.builds("(?:{}|{})".format, one, one))


PARTS: "st.SearchStrategy[str]" = st.recursive(st.sampled_from(["a", "b", ".", "[ab]", r"\d"]), _made_of, max_leaves=8)
