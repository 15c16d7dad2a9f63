"""Figures as people of both languages write them."""

from zoneinfo import ZoneInfo

import pytest

from hub.core.texts import Text
from hub.web.figures import Figures
from hub.web.language import load_languages
from wire.metrics import Value

NOW = 1_795_157_100_000
TH, EN = (Figures(load_languages()[code], ZoneInfo("Asia/Bangkok")) for code in ("th", "en"))


def test_thai_dates_are_of_the_buddhist_era() -> None:
    assert TH.moment(NOW) == "20 พ.ย. 2569 13.45\u00a0น."
    assert EN.moment(NOW) == "20 Nov 2026 13:45"


def test_the_29th_of_february_is_written_though_its_buddhist_year_has_none() -> None:
    assert TH.date(1_835_395_200_000) == "29 ก.พ. 2571"


@pytest.mark.parametrize("t", [-1, 10**30])
def test_a_time_that_no_calendar_holds_fails_nothing(t: int) -> None:
    assert EN.moment(t)
    assert EN.iso(t)


@pytest.mark.parametrize(
    ("seconds", "thai", "english"),
    [
        (-30, "เมื่อสักครู่", "just now"),
        (4, "เมื่อสักครู่", "just now"),
        (42, "42 วินาทีที่แล้ว", "42 s ago"),
        (200, "3 นาทีที่แล้ว", "3 min ago"),
        (7300, "2 ชั่วโมงที่แล้ว", "2 h ago"),
        (200_000, "2 วันที่แล้ว", "2 d ago"),
    ],
)
def test_ages_name_one_unit(seconds: int, thai: str, english: str) -> None:
    assert (TH.age(NOW - seconds * 1000, NOW), EN.age(NOW - seconds * 1000, NOW)) == (thai, english)


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [
        ("host/cpu_pct", 12.4, "12%"),
        ("signal/cnr_db", 12.44, "12.4\u00a0dB"),
        ("panel/hours", 8123, "8,123\u00a0h"),
        ("host/uptime_s", 1_043_220, "12\u00a0d 1\u00a0h"),
        ("host/uptime_s", 42, "42\u00a0s"),
        ("agent/rss_bytes", 33_554_432, "32.0 MB"),
        ("signal/ber", 0.0, "0"),
        ("signal/ber", 0.25, "0.25"),
        ("signal/lock", True, "locked"),
        ("error/lamp", 1, "warning"),
        ("error/code", "", "none"),
        ("error/code", "E-07", "E-07"),
        ("pump/running", True, "yes"),
        ("pump/speed", 7, "7"),
        ("host/cpu_pct", None, "–"),
    ],
)
def test_values_are_shown_in_words_with_their_unit(metric: str, value: Value, shown: str) -> None:
    assert EN.value(metric, value) == shown


def test_a_metric_of_others_keeps_its_name() -> None:
    assert EN.metric("pump/speed") == "pump/speed"


def test_evidence_is_a_sentence_with_its_numbers() -> None:
    params: dict[str, Value] = {
        "metric": "host/cpu_temp_c",
        "value": 91.25,
        "limit": 85,
        "held_min": 62.5,
        "onset_at": NOW,
    }
    text = EN.text(Text("evidence.past_limit", params))
    assert "CPU temperature at 91.2\u00a0°C, past the limit of 85.0\u00a0°C" in text
    assert "1\u00a0h 2\u00a0min (since 20 Nov 2026 13:45)" in text


def test_a_missing_parameter_shows_as_a_dash_and_fails_nothing() -> None:
    assert EN.text(Text("evidence.past_limit", {})).startswith("– at –")


def test_an_error_that_is_past_its_limit_is_named_and_not_measured() -> None:
    params = {"metric": "error/lamp", "value": 2, "limit": 0, "held_min": 0.5, "onset_at": NOW}
    assert EN.text(Text("evidence.past_limit", params)).startswith("Lamp: ")
    assert "limit" not in EN.text(Text("evidence.past_limit", params))
    assert "ค่าเกณฑ์" not in TH.text(Text("evidence.past_limit", params))


def test_the_node_as_a_witness_has_a_name() -> None:
    params: dict[str, Value] = {"witness": "", "onset_at": NOW, "held_min": 50.0}
    assert "the agent's computer" in EN.text(Text("evidence.tv_failed.silent", params))


def test_a_set_as_a_witness_is_called_by_its_room() -> None:
    params: dict[str, Value] = {"witness": "p1-receiver", "onset_at": NOW, "held_min": 50.0}
    assert "while the receiver of room p1 is on and locked" in EN.text(Text("evidence.tv_no_signal.no_signal", params))
    assert "ทั้งที่กล่องรับสัญญาณห้อง ป.1 เปิด" in TH.text(Text("evidence.tv_no_signal.no_signal", params))


def test_an_input_is_written_as_beside_its_socket() -> None:
    assert EN.value("input/source", "hdmi1") == "HDMI\u00a01"


def test_states_in_a_text_are_worded() -> None:
    text = Text("ticket.moved", {"from": "reported", "to": "repairing", "note": ""})
    assert TH.text(text) == "จาก “รับแจ้งแล้ว” เป็น “กำลังซ่อม”"


def test_a_sign_names_the_metric_whose_limit_is_passed() -> None:
    assert EN.sign("host_disk_full", "past_limit:host/disk_used_pct") == "past its limit: Disk used"
    assert EN.sign("tv_failed", "silent") == "does not answer"
    assert EN.sign("tv_failed", "unheard_of") == "unheard_of"


def test_a_room_is_not_called_room_twice() -> None:
    assert TH.room("ห้องประชุม") == "ห้องประชุม"
    assert TH.room("ป.1") == "ห้อง ป.1"
    assert EN.room(None) == "No room named"


DISH = {
    "onset_at": 1_795_157_100_000,
    "held_min": 540.0,
    "receivers": 3,
    "drop_db": 4.6,
    "seen_h": 9.0,
    "neighbours": 4,
    "fading": 0,
    "storm": True,
    "dry_h": 9.0,
    "strength_gone": None,
}


def test_the_evidence_of_a_dish_is_a_sentence_that_a_technician_understands() -> None:
    text = Text("evidence.dish_misaligned.reception", DISH)
    assert EN.text(text).replace("\u00a0", " ") == (
        "C/N of all 3 receivers fell by 4.6 dB at 20 Nov 2026 13:45, during a storm, and did not come back in 9 h, "
        "without rain near by for 9 h; 4 neighbouring schools are normal."
    )
    assert "ระหว่างพายุฝน และไม่กลับมาใน" in TH.text(text)


def test_what_is_not_known_of_a_dish_is_not_said() -> None:
    unknown = {"drop_db": None, "storm": False, "neighbours": 0, "dry_h": None, "receivers": 1}
    text = Text("evidence.lnb_failed.reception", {**DISH, **unknown, "strength_gone": True})
    assert EN.text(text).replace("\u00a0", " ") == (
        "The receiver lost its signal at 20 Nov 2026 13:45 and did not come back in 9 h; "
        "nothing comes down the cable any more."
    )


def test_a_decline_tells_when_lock_will_be_lost() -> None:
    numbers = {"receivers": 2, "drop_db": 2.4, "days": 20, "db_per_day": 0.12, "onset_at": DISH["onset_at"]}
    forecast = {"lost_on": "2026-12-12", "lost_earliest": "2026-12-05", "lost_latest": "2026-12-24"}
    words = EN.text(Text("evidence.signal_degrading.trend", {**numbers, **forecast}))
    assert "about 12 Dec 2026, between 5 Dec 2026 and 24 Dec 2026." in words
    nothing = dict.fromkeys(forecast)
    assert EN.text(Text("evidence.signal_degrading.trend", {**numbers, **nothing})).endswith("0.12 dB a day.")


def test_a_cause_in_a_text_is_worded() -> None:
    text = Text("ticket.corrected", {"was": "school_offline", "cause": "lnb_failed"})
    assert EN.text(text) == "It was taken for “School offline”; it is “LNB failed”."


def test_a_sign_of_a_merged_ticket_names_its_device() -> None:
    assert (
        EN.sign("tv_failed", "receiver_failed.silent@36030001/p1-receiver")
        == "the receiver of room p1: does not answer"
    )
    assert EN.sign("tv_failed", "host_disk_full.past_limit:host/disk_used_pct@36030001/").startswith(
        "the agent's computer: "
    )


def test_lesson_minutes_are_told_in_hours_and_never_in_days() -> None:
    assert [EN.minutes(minutes).replace("\u00a0", " ") for minutes in (0, 0.4, 59, 60, 2170)] == [
        "0 min",
        "0 min",
        "59 min",
        "1 h",
        "36 h 10 min",
    ]


def test_a_day_of_a_forecast_that_is_none_shows_as_it_is() -> None:
    assert EN.day("soon") == "soon"
    assert EN.day("2026-11-20") == "20 Nov 2026"


def test_a_day_is_told_with_its_day_of_the_week() -> None:
    assert EN.day_of_week("2026-11-24") == "24 Nov 2026 (Tuesday)"
    assert TH.day_of_week("2026-11-24") == "24 พ.ย. 2569 (วันอังคาร)"
    assert EN.day_of_week("no day") == "no day"


def test_who_shows_the_hub_in_a_role_is_called_by_it() -> None:
    assert (EN.person("group_head"), EN.person("ครูมานี")) == ("Head of the group", "ครูมานี")


@pytest.mark.parametrize("figures", [TH, EN])
def test_a_day_and_a_minute_that_were_written_before_are_written_again_for_other_years_and_days(
    figures: Figures,
) -> None:
    day_ms = 86_400_000
    once, later = figures.moment(NOW), figures.moment(NOW + 365 * day_ms)
    assert later == once.replace("2569", "2570").replace("2026", "2027")
    assert figures.clock(NOW) == figures.clock(NOW + day_ms) != figures.clock(NOW + 60_000)
    assert figures.date(NOW) != figures.date(NOW + day_ms)
