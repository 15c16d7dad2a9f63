"""tvheadend's inputs: entries only while somebody watches, thousandths of a decibel, and unknown is not zero."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bench.digest import Guard
from bench.simulators import tvheadend
from bench.stations import Page, Request

GUARD = Guard("tvheadend", "agent", "Bench", lambda: "n")


@pytest.fixture
def box(lone: Callable[..., Any]) -> Any:
    return lone("tvheadend")


def get(box: Any, target: str) -> Page:
    return tvheadend.page(box.unit, GUARD, Request("GET", target))


def inputs(box: Any) -> dict[str, Any]:
    page = get(box, "/api/status/inputs?start=0")
    assert page.status == 200
    parsed: dict[str, Any] = json.loads(page.body)
    return parsed


def dish(box: Any, fault: str) -> None:
    box.live.change(lambda school, now: school.with_fault(fault, now))


def test_an_input_in_use_tells_thousandths_of_a_decibel(box: Any) -> None:
    document = inputs(box)
    entry = document["entries"][0]
    assert document["totalCount"] == 1
    assert entry["snr_scale"] == entry["signal_scale"] == 2
    assert entry["snr"] == pytest.approx(13_400, abs=300)
    assert -40_000 < entry["signal"] < -37_000
    assert entry["tc_bit"] > 0
    assert (entry["ec_bit"], entry["cc"], entry["te"]) == (0, 0, 0)


def test_with_nobody_watching_the_list_is_empty(box: Any) -> None:
    box.break_("standby")
    assert inputs(box) == {"entries": [], "totalCount": 0}


def test_an_old_driver_tells_shares_of_65535(lone: Callable[..., Any]) -> None:
    entry = inputs(lone("tvheadend", scale="relative"))["entries"][0]
    assert (entry["signal_scale"], entry["snr_scale"]) == (1, 1)
    assert entry["snr"] == pytest.approx(65_535 * 13.4 / 20, rel=0.03)


def test_a_broken_tuner_leaves_the_level_and_no_ratio(box: Any) -> None:
    box.break_("no-lock")
    entry = inputs(box)["entries"][0]
    assert (entry["snr"], entry["bps"]) == (0, 0)
    assert entry["signal"] < -37_000
    assert entry["ec_block"] > 0


def test_rain_takes_from_the_ratio_and_passes(box: Any) -> None:
    dish(box, "rain")
    box.clock.pass_s(120)
    assert inputs(box)["entries"][0]["snr"] < 12_500
    box.clock.pass_s(600)
    assert inputs(box)["entries"][0]["snr"] > 13_000


def test_without_a_measurement_the_scale_says_unknown(box: Any, lone: Callable[..., Any]) -> None:
    dish(box, "lnb-dead")
    for each in (box, lone("tvheadend", scale="unknown")):
        entry = inputs(each)["entries"][0]
        assert (entry["signal"], entry["signal_scale"], entry["snr"], entry["snr_scale"]) == (0, 0, 0, 0)


def test_the_server_names_its_version_and_who_watches(box: Any) -> None:
    assert json.loads(get(box, "/api/serverinfo").body)["api_version"] == 19
    assert json.loads(get(box, "/api/status/subscriptions").body)["totalCount"] == 1
    assert get(box, "/api/nothing").status == 404


def test_with_a_user_it_asks_who_is_there(lone: Callable[..., Any]) -> None:
    refused = get(lone("tvheadend", user="agent", password="Bench"), "/api/status/inputs")
    assert refused.status == 401
    assert dict(refused.headers)["WWW-Authenticate"].startswith('Digest realm="tvheadend"')


def test_one_that_refuses_forbids(box: Any) -> None:
    box.break_("refuse")
    assert get(box, "/api/status/inputs").status == 403
