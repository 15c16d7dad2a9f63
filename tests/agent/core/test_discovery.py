import pytest

from agent.core.discovery import Answer, judge
from firmware_profiles.loader import load_catalog
from firmware_profiles.recognise import Recognise

CATALOGUE = load_catalog()
LINE = "/dev/serial/by-id/usb-1"


def answer(
    profile: str, address: str = LINE, model: str = "", *, locked: bool = False, rules: Recognise | None = None
) -> Answer:
    known = CATALOGUE.profile(profile)
    changed = known.model_copy(update={"recognise": rules or Recognise()})
    place = address.partition("://")[2].rpartition(":")[0] or address
    return Answer(place, address, changed, {"Properties/model": model} if model else {}, "locked" if locked else "")


def test_what_alone_answers_is_found() -> None:
    found, doubts = judge([answer("lg/rs232")])
    assert [each.answer.profile.id for each in found] == ["lg/rs232"]
    assert doubts == []


def test_two_that_answer_alike_are_a_doubt() -> None:
    found, (doubt,) = judge([answer("lg/rs232"), answer("samsung/mdc")])
    assert found == []
    assert doubt.profiles == ("lg/rs232", "samsung/mdc")


def test_a_model_that_matches_decides() -> None:
    found, doubts = judge([answer("lg/rs232", model="43XY", rules=Recognise(model="^43")), answer("samsung/mdc")])
    assert [each.answer.profile.id for each in found] == ["lg/rs232"]
    assert doubts == []


def test_a_model_that_does_not_match_rules_out() -> None:
    found, _ = judge([answer("lg/rs232", model="55", rules=Recognise(model="^43")), answer("samsung/mdc", model="55")])
    assert [each.answer.profile.id for each in found] == ["samsung/mdc"]


def test_a_generic_profile_stands_back() -> None:
    found, _ = judge([answer("lg/rs232", rules=Recognise(generic=True)), answer("samsung/mdc")])
    assert [each.answer.profile.id for each in found] == ["samsung/mdc"]


def test_one_that_tells_outweighs_one_that_wants_a_password() -> None:
    found, _ = judge([answer("lg/rs232", locked=True), answer("samsung/mdc")])
    assert [each.answer.profile.id for each in found] == ["samsung/mdc"]


def test_two_that_want_a_password_are_a_doubt_that_says_so() -> None:
    _, (doubt,) = judge([answer("lg/rs232", locked=True), answer("samsung/mdc", locked=True)])
    assert doubt.locked


def test_a_host_that_speaks_two_protocols_is_one_device() -> None:
    ways = [answer("pjlink/generic", "tcp://192.0.2.7:4352"), answer("epson/escvp21", "tcp://192.0.2.7:3629")]
    (found,), _ = judge(ways)
    assert {found.answer.profile.id, *found.also} == {"pjlink/generic", "epson/escvp21"}


def test_things_of_different_kinds_at_one_host_are_several_devices() -> None:
    ways = [answer("pjlink/generic", "tcp://192.0.2.7:4352"), answer("lg/rs232", "tcp://192.0.2.7:9761")]
    assert len(judge(ways)[0]) == 2


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_answers_does_not_matter(order: int) -> None:
    ways = [answer("pjlink/generic", "tcp://192.0.2.7:4352"), answer("lg/rs232"), answer("samsung/mdc")][::order]
    found, doubts = judge(ways)
    assert [each.answer.profile.id for each in found] == ["pjlink/generic"]
    assert [each.profiles for each in doubts] == [("lg/rs232", "samsung/mdc")]
