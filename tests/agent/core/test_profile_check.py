from pathlib import Path, PurePath

import pytest

from agent.core.profile_check import check_profile
from firmware_profiles.toml_model import TomlMistake

ROOT = Path(__file__).parents[3] / "firmware_profiles"
PROFILES = sorted(ROOT.glob("*/*.toml"))
SOURCE = PurePath("acme/set.toml")
GOOD = """\
id = "acme/set"
label = { en = "Acme set", th = "x" }
kind = "tv"
source = ["a manual"]
standby = "unknown"

[protocol]
name = "ascii"
request_end = "\\r"
answer = 'OK.*'

[link]
serial = {}

[[poll]]
name = "power"
every_s = 10
request = "P?"
answer = { format = "pattern", pattern = 'OK(?P<state>\\d)' }
read = [{ metric = "power/on", field = "state", table = { "0" = false, "1" = true } }]

[[poll]]
name = "hours"
every_s = 60
request = "H?"
answer = { format = "pattern", pattern = 'OK(?P<hours>\\d+)' }
read = [{ metric = "panel/hours", field = "hours", number = "dec" }]
"""


def complaints(text: str, source: PurePath = SOURCE) -> list[str]:
    try:
        return [mistake.one_line for mistake in check_profile(text, source)[1]]
    except TomlMistake as mistake:
        return str(mistake).splitlines()


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_each_profile_that_ships_is_fine(file: Path) -> None:
    assert complaints(file.read_text("utf-8"), file) == []


def test_a_good_profile_is_fine() -> None:
    assert complaints(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "where", "way_out"),
    [
        ('id = "acme/set"', 'id = "acme/box"', "acme/set.toml:1: id: ", 'write id = "acme/set"'),
        ('th = "x"', 'th = ""', "acme/set.toml:2: label: ", "write both en and th"),
        ("panel/hours", "panel/hour", "acme/set.toml:27: poll[1].read[0].metric: ", 'did you mean "panel/hours"?'),
        ('kind = "tv"', 'kind = "ups"', "acme/set.toml:20: poll[0].read[0].metric: ", "the metrics of a ups are"),
        ("H?", "H{set_id}?", "acme/set.toml:25: poll[1].request: ", "add [set_id]"),
        ('name = "hours"', 'name = "power"', "acme/set.toml:23: poll[1].name: ", "give each question its own name"),
        ('"1" = true', '"1" = "on"', "acme/set.toml:20: poll[0].read[0].table: ", "correct the step"),
        ("(?P<hours>", "(?P<hours", "acme/set.toml:26: poll[1].answer.pattern: ", "docs.python.org"),
        ("every_s = 10", "evry_s = 10", "acme/set.toml:17: poll[0].evry_s: ", 'did you mean "every_s"?'),
        (
            "every_s = 10",
            "every_s = 10\nneeds_power = true",
            "acme/set.toml:18: poll[0].needs_power: ",
            "put a poll first",
        ),
    ],
)
def test_a_mistake_is_told_by_line_key_and_way_out(old: str, new: str, where: str, way_out: str) -> None:
    found = complaints(GOOD.replace(old, new, 1))
    assert any(line.startswith(where) and way_out in line for line in found), found


def test_a_metric_that_two_polls_read_is_told() -> None:
    found = complaints(GOOD.replace('"panel/hours"', '"power/on"').replace('number = "dec"', 'table = { "1" = true }'))
    assert ["power/on is also read by power" in line for line in found] == [True]


def test_a_limit_of_another_type_than_its_metric_is_told() -> None:
    limit = '\n[[limit]]\nmetric = "power/on"\nabove = 1\nfor_s = 0\ncause = "tv_failed"\n'
    assert complaints(GOOD + limit) == [
        "acme/set.toml:29: limit[0]: power/on is true or false; compare it with such a value"
    ]


def test_a_dead_band_of_what_is_no_number_is_told() -> None:
    band = '\n[report]\ndead_bands = { "power/on" = 1 }\n'
    assert "acme/set.toml:30: report.dead_bands.power/on: power/on is no number" in complaints(GOOD + band)[0]


def test_codes_of_bytes_are_lower_case() -> None:
    answer = "{ format = 'bytes', fields = { state = [0, 1] } }"
    text = GOOD.replace("{ format = \"pattern\", pattern = 'OK(?P<state>\\d)' }", answer)
    found = complaints(text.replace('"0" = false, "1" = true', '"0A" = false, "01" = true'))
    assert len(found) == 1
    assert '"0A" is no code of bytes; write it as "0a"' in found[0]
