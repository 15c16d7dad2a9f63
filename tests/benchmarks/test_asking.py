from collections.abc import Callable, Iterator

import httpx
import pytest

from benchmarks.asking import EMPTY, FILE_S, TARGET_MS, Paced, in_rounds, measure, told
from benchmarks.opened import Opened

PAGE, OTHER = Opened("/tickets"), Opened("/mine")
ABOVE, BELOW = TARGET_MS + 1, TARGET_MS - 1


def paced(asked: Opened, p95: float, wrong: str = "") -> Paced:
    return Paced(asked, (p95, p95), (1.0, 1.0), 1_000, wrong=wrong)


def answering(*answers: Paced) -> Callable[[Opened], Paced]:
    """Asked for in this order, after the answer that is no page."""
    told: Iterator[Paced] = iter((paced(EMPTY, 1.0), *answers))

    def ask(asked: Opened) -> Paced:
        answer = next(told)
        assert answer.asked == asked
        return answer

    return ask


def client(answer: httpx.Response) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(lambda _: answer), base_url="http://hub.example")


def test_a_page_that_keeps_the_goal_is_asked_for_once() -> None:
    assert told(in_rounds(answering(paced(PAGE, BELOW), paced(OTHER, BELOW)), (PAGE, OTHER), 3)) == 0


def test_a_page_that_is_slow_once_is_asked_for_again_after_all_others() -> None:
    ask = answering(paced(PAGE, ABOVE), paced(OTHER, BELOW), paced(PAGE, BELOW))
    assert told(in_rounds(ask, (PAGE, OTHER), 3)) == 0


def test_a_page_that_is_slow_in_each_round_is_slow_with_its_best(capsys: pytest.CaptureFixture[str]) -> None:
    ask = answering(paced(PAGE, ABOVE + 2), paced(PAGE, ABOVE), paced(PAGE, ABOVE + 1))
    found = in_rounds(ask, [PAGE], 3)
    assert (told(found), found[1].clock[1]) == (1, ABOVE)
    assert "round 3 of 3: 1 that were slow" in capsys.readouterr().out


def test_a_page_that_is_wrong_once_stays_wrong() -> None:
    assert told(in_rounds(answering(paced(PAGE, ABOVE, "answered 500")), [PAGE], 3)) == 1
    ask = answering(paced(PAGE, ABOVE), paced(PAGE, BELOW, "answered 500"))
    assert told(in_rounds(ask, [PAGE], 3)) == 1


def test_a_file_may_take_longer_than_a_page() -> None:
    assert not paced(Opened("/needs/maintenance.pdf"), FILE_S * 1000 - 1).slow


def test_an_answer_that_is_no_page_is_told_with_what_it_was() -> None:
    found = measure(client(httpx.Response(303, headers={"Location": "/sign-in"})), PAGE, 2, lambda: 0.0, lambda: 1.0)
    assert found.wrong == "answered 303 /sign-in"


def test_a_whole_page_in_place_of_a_part_is_wrong() -> None:
    answer = httpx.Response(200, text="<html>")
    assert measure(client(answer), Opened("/mine", part="mine"), 2, lambda: 0.0, lambda: 1.0).wrong


def test_of_two_looks_at_the_pace_the_better_one_counts() -> None:
    looks = iter((0.2, 0.5))
    found = measure(client(httpx.Response(200)), PAGE, 2, lambda: 0.0, looks.__next__)
    assert found.pace == 0.5
