"""What a hub and its process that judges say to each other arrives as it was."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from hub.apart.lines import Life, NotUnderstood, read_listening, read_said, read_settings, spell
from hub.config import HubSettings
from hub.config import read_settings as read_file
from hub.core.live import Changes

HUB = """
data_dir = "/var/lib/dltv-hub"
groups = ["cpm3", "cpm4"]
[http]
listen = "0.0.0.0:8080"
[broker]
url = "mqtts://hub:mqtt-secret@broker.example:8883"
username = "hub"
password = "broker-secret"
[store]
url = "postgresql://dltv:store-secret@db.example/dltv"
[detection]
settle_s = 5
level = { enter_db = 2.5 }
[judging]
apart = true
[calendar]
class_hours = ["08:00", "24:00"]
terms = [["2026-05-18", "2026-10-09"]]
holidays = ["2026-07-28"]
[calendar.schools.36030001]
weekdays = [0, 1, 2, 3, 4, 5]
[[maintenance]]
from = 2026-06-09T10:00:00+07:00
to = 2026-06-09T12:00:00+07:00
reason = "a new dish"
[notices]
smtp = "smtp://mail.example"
from = "hub@school.example"
username = "hub"
password = "letter-secret"
[[notices.people]]
address = "somchai@school.example"
[office]
holidays = ["2026-07-28"]
[messages]
networks = ["10.20.0.0/16"]
[watch]
alive_url = "https://alive.example/secret-of-the-watch"
[accounts]
link = "https://hub.example"
"""


@pytest.fixture
def settings(tmp_path: Path) -> HubSettings:
    file = tmp_path / "hub.toml"
    file.write_text(HUB)
    return read_file(file, {}, {})


def test_settings_arrive_as_they_are_with_their_secrets(settings: HubSettings) -> None:
    arrived = read_settings(spell(settings))
    assert arrived == settings
    assert arrived.model_fields_set == settings.model_fields_set
    assert isinstance(arrived.broker.password, SecretStr)
    assert arrived.broker.password.get_secret_value() == "broker-secret"
    assert arrived.store_url == "postgresql://dltv:store-secret@db.example/dltv"
    assert arrived.calendar is not None
    assert arrived.calendar.class_hours == (time(8), time.max)
    assert arrived.calendar.holidays == (date(2026, 7, 28),)


def test_those_of_a_hub_of_which_nothing_is_set_do_as_well() -> None:
    assert read_settings(spell(HubSettings())) == HubSettings()


def test_a_line_is_a_line(settings: HubSettings) -> None:
    for told in (settings, True, Changes(), Life(1.0, "a\nb")):
        assert spell(told).count(b"\n") == 1


@given(st.frozensets(st.integers(1, 2**53)), st.frozensets(st.text()))
def test_changes_arrive_as_they_are(tickets: frozenset[int], requests: frozenset[str]) -> None:
    told = Changes(tickets=tickets, requests=requests)
    assert read_said(spell(told)) == told


@pytest.mark.parametrize("listening", [True, False])
def test_whether_the_broker_is_reached_arrives_as_it_is(listening: bool) -> None:
    assert read_listening(spell(listening)) is listening


def test_how_it_goes_arrives_as_it_is() -> None:
    assert read_said(spell(Life(1.5, "the disk is full"))) == Life(1.5, "the disk is full")


@given(st.binary() | st.sampled_from([b'{"changes":{"tickets":["x"],"requests":[]}}', b'{"life":3}', b"[]", b"{}"]))
def test_what_is_none_of_these_is_refused(line: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read_said(line)
