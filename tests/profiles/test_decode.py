from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_profiles.decode import decode
from firmware_profiles.loader import load_catalog
from firmware_profiles.polls import Question

CATALOGUE = load_catalog()
QUESTIONS = [
    question
    for profile_id in CATALOGUE
    for question in (*CATALOGUE.profile(profile_id).polls, *CATALOGUE.profile(profile_id).identity)
]


def question(answer: dict[str, Any], *reads: dict[str, Any]) -> Question:
    return Question.model_validate({"name": "q", "request": "?", "answer": answer, "read": list(reads)})


def value(reply: str, **read: Any) -> Any:
    """What one read makes of a whole reply."""
    asked = question({"format": "pattern", "pattern": "(?P<x>.*)"}, {"metric": "m", "field": "x", **read})
    return decode(asked, reply)["m"]


def json_value(reply: str, **read: Any) -> Any:
    return decode(question({"format": "json"}, {"metric": "m", **read}), reply)["m"]


def test_text_stands_as_it_is() -> None:
    assert value(" DLTV 1 ") == "DLTV 1"


def test_empty_text_is_nothing() -> None:
    assert value("") is None


def test_a_pattern_that_does_not_match_the_whole_reply_reads_nothing() -> None:
    asked = question({"format": "pattern", "pattern": "OK(?P<x>..)"}, {"metric": "m", "field": "x"})
    assert decode(asked, "OK01x") == {"m": None}


def test_a_pattern_wants_the_answer_of_its_own_set() -> None:
    asked = question({"format": "pattern", "pattern": "a {set_id} OK(?P<x>..)x"}, {"metric": "m", "field": "x"})
    assert decode(asked, "a 02 OK01x", set_id="01") == {"m": None}
    assert decode(asked, "a 01 OK01x", set_id="01") == {"m": "01"}


def test_fixed_fields_stand_at_their_places() -> None:
    asked = question({"format": "fixed", "fields": {"lamp": [1, 1]}}, {"metric": "m", "field": "lamp", "number": "dec"})
    assert decode(asked, "020000") == {"m": 2}


def test_a_fixed_field_past_the_end_is_nothing() -> None:
    asked = question({"format": "fixed", "fields": {"lamp": [4, 2]}}, {"metric": "m", "field": "lamp", "number": "dec"})
    assert decode(asked, "02000") == {"m": None}


def test_a_json_path_goes_through_tables_and_lists() -> None:
    assert json_value('{"a": [{"b": "x"}]}', field="a.0.b") == "x"


@pytest.mark.parametrize("reply", ["", "{", "[]", "null", '{"a": []}', '{"a": {"0": 1}}', "[" * 100_000])
def test_a_json_path_that_leads_nowhere_is_nothing(reply: str) -> None:
    assert json_value(reply, field="a.0.b") is None


def test_json_numbers_that_are_none_are_nothing() -> None:
    assert json_value('{"a": NaN}', field="a") is None
    assert json_value('{"a": 1e999}', field="a") is None
    assert json_value('{"a": 1' + "0" * 400 + "}", field="a", number="dec", scale=2.0) is None


def test_json_may_have_to_be_of_a_type() -> None:
    assert json_value('{"a": 80}', field="a", json_type="text", number="dec") is None
    assert json_value('{"a": "80"}', field="a", json_type="text", number="dec") == 80
    assert json_value('{"a": true}', field="a", json_type="number", number="dec") is None


def test_json_booleans_are_looked_up_as_words() -> None:
    assert json_value('{"a": false}', field="a", table={"false": True}) is True


def test_facts_come_by_metric_name() -> None:
    asked = question({"format": "facts"}, {"metric": "host/cpu_pct"})
    assert decode(asked, {"host/cpu_pct": 12.5}) == {"host/cpu_pct": 12.5}


def test_a_code_is_looked_up_in_either_case() -> None:
    assert value("A0", table={"a0": "hdmi1"}) == "hdmi1"


def test_a_code_that_is_not_in_the_table_is_nothing() -> None:
    assert value("77", table={"00": False}) is None


def test_a_table_may_say_that_there_is_no_error() -> None:
    assert value("1", table={"1": ""}) == ""


def test_decimal_numbers_are_whole_or_not() -> None:
    assert value("12", number="dec") == 12
    assert value("-12.50", number="dec") == -12.5


@pytest.mark.parametrize("reply", ["", "1.", "1e3", "0x10", "12 dB", "١٢", "1_000", "--1", "9" * 30])
def test_what_is_no_decimal_number_is_nothing(reply: str) -> None:
    assert value(reply, number="dec") is None


def test_hexadecimal_numbers_have_any_width() -> None:
    assert value("1c2A", number="hex") == 7210


@pytest.mark.parametrize("reply", ["", "0x20", "-20", "2_0", "zz"])
def test_what_is_no_hexadecimal_number_is_nothing(reply: str) -> None:
    assert value(reply, number="hex") is None


def test_a_signed_number_may_be_negative() -> None:
    assert value("ff", number="hex", signed_bits=8) == -1
    assert value("7f", number="hex", signed_bits=8) == 127


def test_bits_are_cut_out() -> None:
    assert value("a5", number="hex", bits=[4, 4]) == 10


def test_one_bit_is_true_or_false() -> None:
    assert value("4", number="hex", bit=2) is True
    assert value("3", number="hex", bit=2) is False


def test_a_fraction_has_no_bits() -> None:
    assert value("4.5", number="dec", bit=2) is None


def test_scale_comes_before_offset() -> None:
    assert value("10", number="dec", scale=0.5, offset=3) == 8


def test_an_implausible_number_is_nothing() -> None:
    assert value("3054198.96", number="dec", plausible=[-10, 60]) is None


def test_a_number_may_mean_true() -> None:
    assert value("0", number="dec", above=0) is False
    assert value("3", number="dec", above=0) is True


def test_a_sentinel_is_nothing() -> None:
    assert value("0.00", number="dec", invalid=["0.00"]) is None


def test_text_must_match_where_a_pattern_is_given() -> None:
    assert value("80", matches=r"\d+\.\d+", number="dec") is None


def test_hex_spelled_text_is_read() -> None:
    assert value("3735554835462d484a", text="hex_ascii") == "75UH5F-HJ"


def test_plain_text_where_hex_is_usual_stands_as_it_is() -> None:
    assert value("75UH5F-HJ", text="hex_ascii") == "75UH5F-HJ"


def test_digit_pairs_are_a_version() -> None:
    assert value("041350", text="digit_pairs") == "04.13.50"


def test_unprintable_text_is_nothing() -> None:
    assert value("a\x00b") is None


def test_several_texts_are_joined() -> None:
    fields = {"a": [0, 1], "b": [1, 1]}
    cover = {"metric": "m", "field": "a", "table": {"0": "", "2": "cover"}}
    other = {"metric": "m", "field": "b", "table": {"0": "", "2": "other"}}
    asked = question({"format": "fixed", "fields": fields}, cover, other)
    assert decode(asked, "22") == {"m": "cover other"}
    assert decode(asked, "02") == {"m": "other"}
    assert decode(asked, "00") == {"m": ""}


def test_of_several_numbers_the_largest_counts() -> None:
    lamps = {"format": "pattern", "pattern": r"(?P<a>\d+) (?P<b>\d+)"}
    asked = question(
        lamps, {"metric": "m", "field": "a", "number": "dec"}, {"metric": "m", "field": "b", "number": "dec"}
    )
    assert decode(asked, "12 340") == {"m": 340}


def test_a_property_is_named_as_in_a_birth() -> None:
    asked = question({"format": "json"}, {"identity": "model", "field": "model"})
    assert decode(asked, '{"model": "one"}') == {"Properties/model": "one"}


@given(st.sampled_from(QUESTIONS), st.text() | st.text("0123456789abcdefx OKNG%=", max_size=30))
def test_no_reply_raises_and_each_target_is_told(asked: Question, reply: str) -> None:
    assert set(decode(asked, reply, set_id="01")) == set(asked.targets)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(QUESTIONS), st.data())
def test_no_fact_raises(asked: Question, data: st.DataObject) -> None:
    reply = {read.field or read.target: data.draw(JSON) for read in asked.read}
    assert set(decode(asked, reply, set_id="01")) == set(asked.targets)


@pytest.mark.parametrize(("reply", "told"), [("OL CHRG", False), ("OB LB", True), ("WAIT", None), ("BOB OL", False)])
def test_a_word_is_found_or_not_in_text_that_has_it_at_all(reply: str, told: bool | None) -> None:
    assert value(reply, matches=r".*\b(OL|OB)\b.*", finds=r"\bOB\b") is told


@pytest.mark.parametrize(("reply", "told"), [("1.23x10^-6", 1.23e-6), ("2x10^3", 2000.0), ("x10^3", None)])
def test_powers_of_ten_are_read(reply: str, told: float | None) -> None:
    assert value(reply, number="dec") == told


@pytest.mark.parametrize(("scale", "told"), [("2", 13.4), ("1", None), ('"2"', 13.4), ("true", None), ("null", None)])
def test_a_field_counts_only_where_another_says_so(scale: str, told: float | None) -> None:
    reply = f'{{"snr": 13400, "snr_scale": {scale}}}'
    assert json_value(reply, field="snr", when={"snr_scale": "2"}, number="dec", scale=0.001) == told


def test_the_set_id_stands_in_paths() -> None:
    asked = question({"format": "json"}, {"metric": "m", "field": "meters.{set_id}.power"})
    assert decode(asked, '{"meters": [{"power": 1}, {"power": 2}]}', set_id="1")["m"] == 2


XML = """<?xml version="1.0"?>
<s:status xmlns:s="urn:x"><s:tuner id="a"><s:db> 12.90 dB </s:db></s:tuner><s:tuner id="b"><s:db/></s:tuner></s:status>"""


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("tuner.db", "12.90 dB"),
        ("tuner.0.db", "12.90 dB"),
        ("tuner.1.db", None),
        ("tuner.1.@id", "b"),
        ("tuner.2.db", None),
        ("tuner.@absent", None),
        ("absent", None),
    ],
)
def test_xml_is_read_by_path(path: str, told: str | None) -> None:
    asked = question({"format": "xml"}, {"metric": "m", "field": path, "text": "plain"})
    assert decode(asked, XML)["m"] == told


@pytest.mark.parametrize("reply", ["", "no xml", "<a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a>\x00</a>"])
def test_what_is_no_plain_xml_is_nothing(reply: str) -> None:
    asked = question({"format": "xml"}, {"metric": "m", "field": "a", "text": "plain"})
    assert decode(asked, reply)["m"] is None


@given(st.text(max_size=200) | st.text("<>/a=\"'&;! ", max_size=60), st.text("a.@0", max_size=12))
def test_any_text_is_xml_or_nothing(reply: str, path: str) -> None:
    asked = question({"format": "xml"}, {"metric": "m", "field": path, "text": "plain"})
    assert set(decode(asked, reply)) == {"m"}
