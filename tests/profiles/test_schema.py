from typing import Any

import pytest

from firmware_profiles.loader import load_catalog
from firmware_profiles.schema import Profile
from firmware_profiles.toml_model import TomlMistake, parse

GOOD = """\
id = "acme/one"
label = { en = "Acme One", th = "แอคมี หนึ่ง" }
kind = "tv"
source = ["its manual"]
standby = "answers"
protocol = { name = "ascii", request_end = "\\r", answer = '.*x' }
link = { serial = {} }

[[poll]]
name = "power"
every_s = 10
request = "p"
answer = { format = "pattern", pattern = 'p(?P<on>\\d)x' }
read = [{ metric = "power/on", field = "on", table = { "0" = false, "1" = true } }]
"""


def mistake(text: str) -> str:
    with pytest.raises(TomlMistake) as caught:
        parse(text, Profile, "acme/one.toml")
    return str(caught.value)


def limit(**keys: Any) -> str:
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return f'{GOOD}\n[[limit]]\nmetric = "power/on"\ncause = "tv_failed"\nfor_s = 0\n{lines}\n'


def test_a_good_profile_is_accepted() -> None:
    profile = parse(GOOD, Profile, "acme/one.toml")
    assert profile.metrics == ("power/on",)
    assert profile.report.heartbeat_of("power/on") == 300


def test_a_field_that_no_group_of_the_pattern_names_is_a_mistake() -> None:
    assert "poll power has no field 'off'; the answer has on" in mistake(GOOD.replace('field = "on"', 'field = "off"'))


def test_a_pattern_that_is_none_is_a_mistake() -> None:
    assert "not a regular expression" in mistake(GOOD.replace("(?P<on>", "((?P<on>"))


def test_an_answer_pattern_of_a_protocol_that_is_none_is_a_mistake() -> None:
    assert "protocol.answer: not a regular expression" in mistake(GOOD.replace("'.*x'", "'(x'"))


def test_a_read_gives_one_thing() -> None:
    assert "write one of the two" in mistake(GOOD.replace('metric = "power/on"', 'metric = "a", identity = "model"'))


def test_a_value_is_read_in_one_way() -> None:
    assert "exclude one another" in mistake(GOOD.replace("table =", 'number = "dec", table ='))


def test_arithmetic_needs_a_number() -> None:
    text = GOOD.replace('table = { "0" = false, "1" = true }', "scale = 2")
    assert 'add number = "dec"' in mistake(text)


def test_dead_bands_are_for_metrics_that_are_read() -> None:
    assert "no poll reads panel/hours" in mistake(GOOD + '\n[report.dead_bands]\n"panel/hours" = 1\n')


def test_a_limit_is_one_limit() -> None:
    assert "exactly one of the three" in mistake(limit(above=1, below=0))
    assert "exactly one of the three" in mistake(limit())


def test_a_limit_clears_on_its_healthy_side() -> None:
    assert "healthy side" in mistake(limit(above=80, clear=85))
    assert "healthy side" in mistake(limit(below=-80, clear=-85))
    assert parse(limit(above=80, clear=75), Profile, "x").limits[0].clear == 75


def test_a_device_must_be_reachable() -> None:
    assert "no way to reach the device" in mistake(GOOD.replace("link = { serial = {} }", "link = {}"))


def test_a_cause_that_nobody_knows_is_a_mistake() -> None:
    assert "parts.tv_faild" in mistake(GOOD + '\n[[parts.tv_faild]]\nlabel = { en = "a", th = "b" }\nprice = "low"\n')


def test_a_profile_is_immutable() -> None:
    profile = load_catalog().profile("lg/rs232")
    with pytest.raises(ValueError, match="frozen"):
        profile.kind = "other"  # type: ignore[misc]
