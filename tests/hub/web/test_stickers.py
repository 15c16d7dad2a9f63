"""The page behind a device's sticker: what is known of it, a report in three taps, and how it went on. Nobody is signed in."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hub.core.assets import Asset, AssetState, Deed
from hub.core.people import Role
from hub.store.assets import AssetRows

NOW = 1_795_157_100_000
OURS, PROGRAM = {"Sec-Fetch-Site": "same-origin"}, {"X-Requested-With": "a test"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IEND" + b"\xae\x42\x60\x82"


@pytest.fixture
def sticker(fleet: Any, district: Any) -> Callable[..., str]:
    """Of an asset at the school of the district."""

    def make(**more: Any) -> str:
        values = {"school": "30010012", "kind": "tv", "name": "โทรทัศน์ 43 นิ้ว", "room": "ป.1", **more}
        with fleet.store.begin() as work:
            made = AssetRows(work.connection).add(Asset("cpm3", **values), Deed("added", "person:1", "A", NOW))
        return f"/e/{made.token}"

    return make


def send(client: httpx.Client, path: str, picture: bytes | None = None, **form: str) -> httpx.Response:
    files = {"picture": ("set.png", picture, "image/png")} if picture is not None else None
    return client.post(path, data=form, files=files, headers=OURS)


def only_repair(client: httpx.Client) -> dict[str, Any]:
    listed = client.get("/api/v1/requests?type=repair").json()["items"]
    assert len(listed) == 1
    return dict(client.get(f"/api/v1/requests/{listed[0]['number']}").json())


def test_the_page_names_the_device_and_asks_what_is_wrong(anybody: httpx.Client, sticker: Any) -> None:
    page = anybody.get(sticker() + "?lang=en")
    assert page.status_code == 200
    assert "โทรทัศน์ 43 นิ้ว" in page.text
    assert page.text.count('name="trouble"') == 6
    assert "no-store" in page.headers["Cache-Control"]


def test_what_the_readings_know_is_told_without_naming_anybody(
    anybody: httpx.Client, client: httpx.Client, sticker: Any
) -> None:
    client.get("/tickets/1")
    steps = {"version": "1", "f.visit_on": "2026-11-24", "f.technician": "", "note": "ครูสมศรี 081-000-0000"}
    client.post("/tickets/1/steps/inspect", data=steps, headers=OURS)
    page = anybody.get(sticker(device="p1-tv") + "?lang=en").text
    known = page[page.index('id="known"') :]
    assert "since 20 Nov 2026 12:45" in known
    assert "RP-2570-0001" in known
    assert "24 Nov 2026" in known
    assert "สมศรี" not in page


def test_a_report_opens_a_repair_of_the_asset(anybody: httpx.Client, client: httpx.Client, sticker: Any) -> None:
    path = sticker(device="p9-tv")
    answer = send(anybody, path, PNG, trouble="no_sound", reporter="ครูมานี", phone="044 000 000")
    assert answer.status_code == 303
    told = only_repair(client)
    assert (told["state"], told["school"]) == ("reported", "30010012")
    assert told["values"] | {"picture": None} == {
        "school": "cpm3/30010012",
        "symptom": "symptom.no_sound",
        "trouble": "no_sound",
        "channel": "online",
        "reporter": "ครูมานี",
        "phone": "044 000 000",
        "picture": None,
    }
    assert "No sound" in client.get(f"/requests/{told['number']}?lang=en").text


def test_whoever_reported_sees_how_it_goes_on_and_no_names(
    anybody: httpx.Client, client: httpx.Client, sticker: Any
) -> None:
    where = send(anybody, sticker(), trouble="broken", words="จอแตก", reporter="ครูมานี").headers["location"]
    page = anybody.get(where).text
    assert 'id="done"' in page
    assert not {word for word in ("ครูมานี", "จอแตก") if word in page}
    number = only_repair(client)["number"]
    step = {"transition": "inspect", "version": 1, "values": {"visit_on": "2026-11-25"}, "note": "secret"}
    client.post(f"/api/v1/requests/{number}/steps", json=step, headers=PROGRAM)
    page = anybody.get(where.removesuffix("?done") + "?lang=en").text
    assert "Being inspected" in page
    assert "25 Nov 2026" in page
    assert "secret" not in page


def test_a_report_of_a_device_with_an_open_repair_is_added_to_it(
    anybody: httpx.Client, client: httpx.Client, sticker: Any
) -> None:
    path = sticker(device="p1-tv")
    client.get("/tickets/1")
    answer = send(anybody, path, PNG, trouble="other", words="มีควันออก", reporter="ครูมานี")
    told = only_repair(client)
    assert (told["values"]["symptom"], told["values"]["further"]) == ("cause.tv_failed", "มีควันออก")
    assert told["history"][-1]["name"] == "ครูมานี"
    assert anybody.get(answer.headers["location"]).status_code == 200


def test_what_telemetry_tells_later_joins_the_repair_that_somebody_reported(
    anybody: httpx.Client, client: httpx.Client, sticker: Any, fleet: Any, district: Any
) -> None:
    send(anybody, sticker(device="p1-receiver"), trouble="no_picture")
    number = only_repair(client)["number"]
    ticket = fleet.ticket(district.node, "p1-receiver", "lnb_failed", ["silent"], [])
    told = client.get(f"/api/v1/tickets/{ticket}").json()
    assert (told["request"], told["state"]) == (number, "reported")


@pytest.mark.parametrize(("form", "picture"), [({"words": "เสีย"}, None), ({"trouble": "other"}, b"MZ no picture")])
def test_a_report_that_says_too_little_comes_back_with_what_was_typed(
    anybody: httpx.Client, client: httpx.Client, sticker: Any, form: dict[str, str], picture: bytes | None
) -> None:
    answer = send(anybody, sticker(), picture, phone="044 111 222", **form)
    assert answer.status_code == 422
    assert 'id="mistake"' in answer.text
    assert "044 111 222" in answer.text
    assert client.get("/api/v1/requests?type=repair").json()["items"] == []


def test_a_device_is_not_reported_without_end(anybody: httpx.Client, sticker: Any) -> None:
    path = sticker()
    answers = [send(anybody, path, trouble="other", words=f"word {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "word 5" in answers[-1].text


def test_nobody_can_guess(anybody: httpx.Client) -> None:
    assert {anybody.get(f"/e/guess{number}").status_code for number in range(30)} == {404}
    assert anybody.get("/e/one-more").status_code == 429
    assert anybody.get("/r/" + "x" * 400).status_code == 429


def test_what_is_written_off_or_stands_at_the_office_cannot_be_reported(anybody: httpx.Client, sticker: Any) -> None:
    for path in (sticker(state=AssetState.WRITTEN_OFF), sticker(school="")):
        assert anybody.get(path).status_code == 404


def test_after_the_hand_over_it_is_rated_and_closed_by_whoever_has_the_link(
    anybody: httpx.Client, as_role: Callable[[Role], httpx.Client], sticker: Any
) -> None:
    where = send(anybody, sticker(), trouble="broken").headers["location"].removesuffix("?done")
    technician = as_role(Role.TECHNICIAN)
    number = only_repair(technician)["number"]
    assert 'name="rating"' not in anybody.get(where).text
    for version, (name, values) in enumerate(
        [
            ("inspect", {}),
            ("mended_remotely", {"done": "a plug"}),
            ("hand_over", {"accepted_by": "ครูมานี"}),
        ],
        start=1,
    ):
        step = {"transition": name, "version": version, "values": values}
        assert technician.post(f"/api/v1/requests/{number}/steps", json=step, headers=PROGRAM).status_code == 200
    assert len(re.findall('name="rating"', anybody.get(where).text)) == 5
    assert send(anybody, where, rating="r9").status_code == 422
    assert send(anybody, where, rating="r4", suggestion="มาเร็วกว่านี้").status_code == 303
    told = only_repair_of(technician, number)
    assert (told["state"], told["values"]["rating"]) == ("closed", "r4")
    assert 'id="rated"' in anybody.get(where).text
    assert send(anybody, where, rating="r1").status_code == 303
    assert only_repair_of(technician, number)["values"]["rating"] == "r4"


def test_a_school_can_rate_after_the_office_has_closed_it(
    anybody: httpx.Client, as_role: Callable[[Role], httpx.Client], sticker: Any
) -> None:
    where = send(anybody, sticker(), trouble="broken").headers["location"].partition("?")[0]
    technician = as_role(Role.TECHNICIAN)
    number = only_repair(technician)["number"]
    steps = [("mended_remotely", {"done": "a plug"}), ("hand_over", {"accepted_by": "ครูมานี"}), ("close", {})]
    for version, (name, values) in enumerate(steps, start=1):
        step = {"transition": name, "version": version, "values": values}
        assert technician.post(f"/api/v1/requests/{number}/steps", json=step, headers=PROGRAM).status_code == 200
    assert 'name="rating"' in anybody.get(where).text
    assert send(anybody, where, rating="r4").status_code == 303
    told = only_repair_of(technician, number)
    assert (told["state"], told["values"]["rating"], told["history"][-1]["transition"]) == ("closed", "r4", "rate")
    assert 'name="rating"' not in anybody.get(where).text


def test_what_is_broken_again_after_the_hand_over_is_reported_by_the_sticker_and_worked_on_again(
    anybody: httpx.Client, as_role: Callable[[Role], httpx.Client], sticker: Any
) -> None:
    path = sticker()
    where = send(anybody, path, trouble="broken").headers["location"]
    technician = as_role(Role.TECHNICIAN)
    number = only_repair(technician)["number"]
    handed_over = [("mended_remotely", {"done": "a plug"}), ("hand_over", {"accepted_by": "ครูมานี"})]
    for version, (name, values) in enumerate(handed_over, start=1):
        step = {"transition": name, "version": version, "values": values}
        assert technician.post(f"/api/v1/requests/{number}/steps", json=step, headers=PROGRAM).status_code == 200
    answer = send(anybody, path, PNG, trouble="no_picture", words="จอดับอีก", reporter="ครูมานี", phone="044 000 000")
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    told = only_repair(technician)
    assert (told["state"], told["values"]["further"], told["history"][-1]["name"]) == ("repairing", "จอดับอีก", "ครูมานี")
    assert told["values"]["further_picture"] is not None
    assert 'name="rating"' not in anybody.get(where).text


def only_repair_of(client: httpx.Client, number: str) -> dict[str, Any]:
    return dict(client.get(f"/api/v1/requests/{number}").json())
