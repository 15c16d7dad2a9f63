"""OpenWebif's pages with the original's types: strings where it has strings, empty in standby."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from bench.kinds import receiver
from bench.live import LiveSchool, Unit
from bench.simulators import openwebif
from bench.simulators.openwebif import OpenWebifSettings
from bench.stations import Page


def found(live: LiveSchool, path: str) -> Page:
    settings = live.look().school.settings.device_called("p1-receiver")
    assert isinstance(settings, OpenWebifSettings)
    return openwebif.page(path, receiver.facts(Unit(live, settings)), settings)


def page(live: LiveSchool, path: str) -> bytes:
    answer = found(live, path)
    assert answer.status == 200
    return answer.body


def document(live: LiveSchool, path: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(page(live, path))
    return parsed


def test_the_db_figure_is_a_string_with_two_decimals(in_class: LiveSchool) -> None:
    signal = document(in_class, "/api/signal")
    assert isinstance(signal["snr_db"], str)
    assert signal["snr_db"].partition(".")[2].isdigit()
    assert len(signal["snr_db"].partition(".")[2]) == 2
    assert float(signal["snr_db"]) == pytest.approx(13.4, abs=0.3)


def test_the_percentages_are_integers_and_standby_a_word(in_class: LiveSchool) -> None:
    signal = document(in_class, "/api/signal")
    assert type(signal["snr"]) is int
    assert signal["snr"] == int(float(signal["snr_db"]) * 100 / 15)
    assert type(signal["agc"]) is int
    assert signal["ber"] == 0
    assert signal["tunertype"] == "DVB-S"
    assert signal["inStandby"] == "false"


def test_both_names_give_the_same_page(in_class: LiveSchool) -> None:
    assert page(in_class, "/api/signal") == page(in_class, "/api/tunersignal?x=1")


def test_in_standby_every_field_is_empty(morning: LiveSchool) -> None:
    assert document(morning, "/api/signal") == {
        "tunertype": "",
        "tunernumber": "",
        "snr": "",
        "snr_db": "",
        "agc": "",
        "ber": "",
        "inStandby": "true",
    }


def test_the_xml_has_the_originals_misspelt_tag(in_class: LiveSchool) -> None:
    root = ElementTree.fromstring(page(in_class, "/web/signal"))
    assert root.tag == "e2frontendstatus"
    assert [child.tag for child in root] == ["e2snrdb", "e2snr", "e2ber", "e2acg"]
    assert root.findtext("e2snrdb", "").endswith(" dB")
    assert root.findtext("e2acg", "").endswith(" %")


def test_the_xml_in_standby_keeps_only_its_units(morning: LiveSchool) -> None:
    root = ElementTree.fromstring(page(morning, "/web/signal"))
    assert [child.text for child in root] == [" dB", " %", None, " %"]


def test_without_lock_the_figures_are_zero_and_the_level_tells_why(in_class: LiveSchool) -> None:
    in_class.change(lambda room, now: room.with_fault("receiver-no-lock", now))
    signal = document(in_class, "/api/signal")
    assert (signal["snr"], signal["snr_db"]) == (0, "0.00")
    assert signal["agc"] > 50
    in_class.change(lambda room, now: room.with_fault("lnb-dead", now))
    assert document(in_class, "/api/signal")["agc"] == 0


def test_rain_shows_and_passes(in_class: LiveSchool, clock: Any) -> None:
    in_class.change(lambda room, now: room.with_fault("rain", now))
    clock.pass_s(120)
    assert 8.0 < float(document(in_class, "/api/signal")["snr_db"]) < 12.5
    clock.pass_s(600)
    assert float(document(in_class, "/api/signal")["snr_db"]) > 13.0


def test_status_names_the_service_while_it_plays(in_class: LiveSchool) -> None:
    status = document(in_class, "/api/statusinfo")
    assert status["currservice_station"] == "DLTV 1"
    assert status["inStandby"] == "false"
    assert status["isRecording"] == "false"
    assert status["isStreaming"] == "false"
    assert type(status["volume"]) is int
    assert status["muted"] is False


def test_status_in_standby_names_no_service(morning: LiveSchool) -> None:
    status = document(morning, "/api/statusinfo")
    assert status["inStandby"] == "true"
    assert "currservice_station" not in status


def test_device_information_stands_at_the_top_level_and_wrapped_in_about(in_class: LiveSchool, clock: Any) -> None:
    clock.pass_s(3 * 86_400 + 4 * 3600 + 5 * 60 - 90)
    device = document(in_class, "/api/deviceinfo")
    assert device["uptime"] == "3d 04:05"
    assert device["tuners"][0]["type"] == "DVB-S2"
    about = document(in_class, "/api/about")
    assert about["info"] == device
    assert about["service"]["name"] == "DLTV 1"


def test_an_unknown_page_is_not_found(in_class: LiveSchool) -> None:
    assert found(in_class, "/api/nothing").status == 404
