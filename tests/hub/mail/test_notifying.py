"""From an incident that is kept to a letter in a mailbox, over a real connection."""

import logging
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.core.findings import Incident
from hub.core.texts import Text
from hub.mail.errors import MailError
from hub.mail.settings import NoticeSettings
from hub.notifying import Notices
from hub.store.incidents import keep_incidents
from hub.store.insights import StoreInsights
from hub.store.unit_of_work import Store

NOW, MINUTE, HOUR = 1_795_157_100_000, 60_000, 3_600_000
SECRET = "hush-hush"
ZONE = ZoneInfo("Asia/Bangkok")
EVIDENCE = (Text("evidence.past_limit", {"metric": "signal/cnr_db", "value": 5.0}),)


class World:
    """A hub's database, its people, and its clock."""

    def __init__(self, store: Store, mail: Any) -> None:
        self.store, self.mail, self.now = store, mail, NOW

    def notices(self, **more: Any) -> Notices:
        """A hub that has just been started."""
        people = [
            {"address": "somchai@school.example"},
            {"address": "office@district.example", "language": "en", "after_min": 30},
        ]
        given = {"smtp": self.mail.url, "from": "hub@district.example", "link": "https://hub.example", "people": people}
        settings = NoticeSettings.model_validate(given | more)
        insights = StoreInsights(self.store, ZONE, lambda _school, _first, _last: [])
        return Notices(settings, self.store, insights.incident, ZONE, lambda: self.now, every_s=0.01)

    def keep(self, notices: Notices, end: int | None = None, *, none: bool = False) -> None:
        schools = {} if none else {"30010012": (NOW, end), "30010027": (NOW, end)}
        told = Incident("cpm3", "k:1", "area_outage", NOW, end, schools, EVIDENCE)
        with self.store.begin() as work:
            keep_incidents(work.connection, [told])
            notices.note(work, [told], self.now)

    def sent(self) -> list[tuple[str, str]]:
        return [(each.to, each.message["Subject"]) for each in self.mail.taken]


@pytest.fixture
def world(store: Store, mail: Any) -> World:
    return World(store, mail)


def test_each_is_told_once_in_their_language_whatever_is_judged_or_started_again(world: World) -> None:
    for minutes in (5, 15, 15, 40, 40):
        world.now = NOW + minutes * MINUTE
        notices = world.notices()
        world.keep(notices)
        notices.send()
    (thai, english) = world.sent()
    assert thai[0] == "somchai@school.example"
    assert thai[1].startswith("เริ่มแล้ว: ")
    assert english == ("office@district.example", "Begun: Outage in the area · 2 schools")


def test_a_letter_tells_where_when_why_and_links_to_the_page(world: World) -> None:
    world.now = NOW + HOUR
    notices = world.notices()
    world.keep(notices, NOW + 45 * MINUTE)
    notices.send()
    body = world.mail.taken[1].message.get_content()
    assert "20 Nov 2026 13:45 – 20 Nov 2026 14:30" in body
    assert "- School 30010027" in body
    assert "No tickets per school" in body
    assert "https://hub.example/incidents/cpm3/k%3A1?lang=en" in body
    assert world.sent()[1][1].startswith("Over: ")
    assert len(world.sent()) == 2


def test_what_was_told_and_was_none_is_corrected(world: World) -> None:
    world.now = NOW + 20 * MINUTE
    notices = world.notices()
    world.keep(notices)
    notices.send()
    world.keep(notices, none=True)
    notices.send()
    assert [to for to, _ in world.sent()] == ["somchai@school.example"] * 2
    assert world.sent()[1][1].startswith("แก้ไข: ")


def test_a_hub_killed_between_sending_and_marking_sends_twice_at_most(world: World) -> None:
    world.now = NOW + 20 * MINUTE
    world.keep(world.notices())
    dying = world.notices()
    dying._settle = _killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        dying.send()
    for _ in range(3):
        world.notices().send()
    first, second = world.mail.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]


def _killed(*_told: object, **_how: object) -> None:
    raise KeyboardInterrupt


def test_one_who_is_refused_keeps_nobody_else_waiting(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.now = NOW + HOUR
    world.mail.answers["RCPT"] = "550 no such person"
    world.keep(world.notices())
    world.notices().send()
    assert "office@district.example is not told of incident k:1" in caplog.text
    del world.mail.answers["RCPT"]
    world.notices().send()
    assert world.sent() == []


def test_what_cannot_be_sent_now_waits(world: World) -> None:
    world.now = NOW + HOUR
    world.mail.answers["RCPT"] = "451 later"
    world.keep(world.notices())
    with pytest.raises(MailError):
        world.notices().send()
    assert world.mail.said.count("RCPT") == 2
    world.mail.answers.clear()
    world.notices().send()
    assert len(world.sent()) == 2


def test_one_who_is_no_longer_in_the_settings_is_told_nothing(world: World) -> None:
    world.now = NOW + HOUR
    world.keep(world.notices())
    world.notices(people=[{"address": "somchai@school.example"}]).send()
    world.notices().send()
    assert [to for to, _ in world.sent()] == ["somchai@school.example"]


def test_a_wrong_password_is_said_once_in_the_log_and_never_shown(
    world: World, caplog: pytest.LogCaptureFixture, until: Callable[[Callable[[], object]], None]
) -> None:
    caplog.set_level(logging.DEBUG)
    world.now, world.mail.password = NOW + HOUR, "another"
    notices = world.notices(username="hub", password=SECRET)
    world.keep(notices)
    notices.start()
    until(lambda: "refuses the user or the password (535)" in caplog.text)
    notices.stop()
    assert SECRET not in caplog.text
    assert world.sent() == []


def test_the_thread_tells_by_itself(world: World, until: Callable[[Callable[[], object]], None]) -> None:
    world.now = NOW + HOUR
    notices = world.notices()
    world.keep(notices)
    notices.start()
    until(lambda: len(world.sent()) == 2)
    notices.stop()


def test_without_a_server_nothing_is_noted_or_sent(world: World) -> None:
    world.now = NOW + HOUR
    notices = world.notices(smtp=None)
    world.keep(notices)
    notices.start()
    notices.stop()
    world.notices().send()
    assert world.sent() == []
