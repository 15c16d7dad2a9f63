"""Messages in words, in both languages."""

from zoneinfo import ZoneInfo

import pytest

from hub.messages.events import EventType
from hub.messages.kinds import TEST
from hub.messages.views import News
from hub.web.language import load_languages
from hub.web.message_words import MessageWords
from hub.workflows.request import Told

NOW = 1_795_157_100_000
WORDS = MessageWords(ZoneInfo("Asia/Bangkok"), "https://hub.example")
STEP = News(
    "request.moved",
    {
        "number": "SW-2570-0001",
        "type": {"th": "ติดตั้งโปรแกรม", "en": "Software installation"},
        "state": {"th": "กำลังเตรียม", "en": "being prepared"},
        "school": "",
        "who": "Anong",
        "path": "/requests/SW-2570-0001",
    },
    NOW,
)
CODES = (
    *(f"request.{told.value}" for told in Told),
    *(each.value for each in EventType if not each.value.startswith("request.")),
    *(
        "request.noted",
        "repair.rate",
        "ticket.desk_done",
        "request.desk_done",
        "stock.low",
        "allocation.not_in_stock",
        "survey.started",
        "survey.overdue",
        TEST,
    ),
)


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("code", CODES)
def test_what_is_told_has_words(code: str, language: str) -> None:
    assert load_languages()[language].lookup(f"message.{code}")


def test_a_letter_has_its_subject_what_more_there_is_and_the_way_to_the_page() -> None:
    subject, body = WORDS.letter([STEP], "en")
    assert subject == "Software installation SW-2570-0001 is now: being prepared"
    lines = body.splitlines()
    assert lines[:4] == [
        subject,
        "School: –",
        "By: Anong",
        "https://hub.example/requests/SW-2570-0001?lang=en",
    ]
    assert lines[-1].startswith("You chose to be told of this.")


def test_each_reads_it_in_their_language() -> None:
    assert WORDS.subject(STEP, "th") == "ติดตั้งโปรแกรม SW-2570-0001 ตอนนี้: กำลังเตรียม"
    assert WORDS.subject(STEP, "fr") == WORDS.subject(STEP, "th")


def test_a_day_that_was_given_is_told_with_what_it_is() -> None:
    when = {"th": "วันที่จะไปโรงเรียน", "en": "Day of the visit", "date": "2026-11-24"}
    step = {"th": "นัดวันไปโรงเรียน", "en": "Plan the visit"}
    subject, body = WORDS.letter([News("request.noted", {**STEP.params, "step": step, "when": when}, NOW)], "th")
    assert subject == "ความคืบหน้า ติดตั้งโปรแกรม SW-2570-0001: นัดวันไปโรงเรียน"
    assert "วันที่จะไปโรงเรียน: 24 พ.ย. 2569" in body
    moment = {"th": "เริ่ม", "en": "Begins", "moment": str(NOW)}
    assert (
        "Begins: 20 Nov 2026 13:45"
        in WORDS.letter([News("request.moved", {**STEP.params, "when": moment}, NOW)], "en")[1]
    )


def test_several_are_one_letter_and_very_many_are_counted() -> None:
    subject, body = WORDS.letter([STEP] * 63, "en")
    assert subject == "News of the hub: 63"
    assert body.count("• Software installation") == 60
    assert "… +3" in body


def test_values_are_told_by_what_they_are() -> None:
    begun = News("incident.begun", {"incident": "area_outage", "schools": 3, "start_at": NOW}, NOW)
    assert WORDS.subject(begun, "en") == "Begun: Outage in the area, 3 schools"
    assert "20 Nov 2026 13:45" in WORDS.letter([begun], "en")[1]


def test_what_nobody_has_words_for_is_told_all_the_same() -> None:
    assert WORDS.subject(News("something.new", {}, NOW), "en") == "News of the hub (something.new)"


def test_without_an_address_of_the_hub_a_letter_has_no_link() -> None:
    assert "/requests" not in MessageWords(ZoneInfo("UTC"), None).letter([STEP], "en")[1]
