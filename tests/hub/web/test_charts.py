"""What the charts of a device draw besides its curves, and what they show as a file."""

import csv
import io
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from hub.core.findings import Incident
from hub.core.texts import Text
from hub.store.tables import detection_state, metric, registered, report
from wire.metrics import DataType

NOW, MINUTE, HOUR = 1_795_157_100_000, 60_000, 3_600_000
DAY = 24 * HOUR
SCHOOL = "/schools/cpm3/30010012"


def background(client: httpx.Client, device: str = "p1-receiver", days: float = 1, lang: str = "en") -> Any:
    query: Any = {"device": device, "from": NOW - int(days * DAY), "to": NOW, "lang": lang}
    answer = client.get(f"{SCHOOL}/background", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_class_hours_are_told_as_stretches(client: httpx.Client, district: Any) -> None:
    # 20 November 2026 is a Friday, and it is 13:45.
    assert background(client, days=0.25)["class"] == [[NOW - 315 * MINUTE, NOW + 105 * MINUTE]]


def test_incidents_of_the_school_are_told_in_words(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.incident(Incident("cpm3", "rain", "rain_fade", NOW - HOUR, None, {"30010012": (NOW - 50 * MINUTE, None)}))
    fleet.incident(Incident("cpm3", "other", "rain_fade", NOW - HOUR, None, {"30010027": (NOW - HOUR, None)}))
    (spell,) = background(client)["spells"]
    assert (spell["start"], spell["end"], spell["url"]) == (NOW - 50 * MINUTE, None, "/incidents/cpm3/rain")
    assert spell["words"] == "Rain fade"


def test_the_ways_of_tickets_are_events(client: httpx.Client, fleet: Any, district: Any) -> None:
    moved = Text("moved", {"from": "repairing", "to": "verifying", "note": ""})
    fleet.ticket(
        district.node,
        "p1-receiver",
        "receiver_failed",
        [],
        [(NOW - 3 * HOUR, "opened", moved), (NOW - 2 * HOUR, "moved", moved)],
        recovered_at=NOW - HOUR,
        closed_at=NOW - MINUTE,
    )
    found = [(event["what"], event["t"]) for event in background(client)["events"] if event["url"] == "/tickets/4"]
    assert found == [
        ("ticket_opened", NOW - 3 * HOUR),
        ("repaired", NOW - 2 * HOUR),
        ("recovered", NOW - HOUR),
        ("ticket_closed", NOW - MINUTE),
    ]


def test_a_fault_of_the_dish_is_an_event_of_its_receivers(client: httpx.Client, fleet: Any, district: Any) -> None:
    with fleet.store.begin() as work:
        row = {"group": "cpm3", "node": "30010012", "device": "p1-receiver", "kind": "receiver", "dish": "d1"}
        work.connection.execute(insert(registered).values(**row))
    fleet.ticket(district.node, "", "lnb_failed", ["lock"], [], dish="d1", onset_at=NOW - 2 * HOUR)
    assert any(event["url"] == "/tickets/4" for event in background(client)["events"])
    assert not any(event["url"] == "/tickets/4" for event in background(client, "p1-tv")["events"])


def test_restarts_and_silences_of_the_computer_are_events(client: httpx.Client, fleet: Any, district: Any) -> None:
    uptimes = [(NOW - n * 5 * MINUTE, {"host/uptime_s": 90_000 - n * 300}) for n in range(20, 10, -1)]
    uptimes.append((NOW - 20 * MINUTE, {"host/uptime_s": 120}))
    fleet.reports(district.journal, 1, uptimes)
    for at, (t, up) in enumerate(((NOW - 2 * HOUR, True), (NOW - 50 * MINUTE, False), (NOW - 25 * MINUTE, True))):
        say_online(fleet, district.journal, 900 + at, t, up=up)
    found = [(event["what"], event["t"]) for event in background(client)["events"] if event["url"] is None]
    assert found == [("silent", NOW - 50 * MINUTE), ("heard", NOW - 25 * MINUTE), ("restarted", NOW - 22 * MINUTE)]


def say_online(fleet: Any, journal: int, offset: int, t: int, *, up: bool) -> None:
    with fleet.store.begin() as work:
        named = {"name": "node/online", "datatype": int(DataType.BOOLEAN)}
        known = select(metric.c.id).where(metric.c.name == "node/online")
        if work.connection.execute(known).first() is None:
            work.connection.execute(insert(metric).values(**named))
        number = work.connection.execute(known).scalar_one()
        body = f"[[{number},{str(up).lower()}]]".encode()
        row = {"epoch_id": journal, "offset": offset, "device_id": 1, "t": t, "body": body}
        work.connection.execute(insert(report).values(**row))


def test_what_detection_learnt_and_its_threshold_are_levels(client: httpx.Client, fleet: Any, district: Any) -> None:
    level = {"gauge": "signal/cnr_db", "base": 13.2, "scatter": 0.2}
    state = {"version": 3, "devices": [{"node": "30010012", "key": "p1-receiver", "level": level}]}
    with fleet.store.begin() as work:
        work.connection.execute(insert(detection_state).values(group="cpm3", name="30010012", state=state))
    found = {each["bound"]: (each["metric"], each["value"]) for each in background(client)["levels"]}
    assert found == {"clear_sky": ("signal/cnr_db", 13.2), "low": ("signal/cnr_db", pytest.approx(11.7))}


def test_limits_of_the_profile_are_levels(client: httpx.Client, district: Any) -> None:
    levels = background(client, "")["levels"]
    assert {"metric": "host/cpu_temp_c", "bound": "limit", "value": 80.0, "words": "limit"} in levels


def test_words_are_in_the_readers_language(client: httpx.Client, district: Any) -> None:
    assert any(event["words"].startswith("เปิดใบแจ้งซ่อม: ") for event in background(client, lang="th")["events"])


@pytest.mark.parametrize("way", ["background", "series.csv"])
def test_a_span_that_is_none_or_too_long_is_refused(client: httpx.Client, district: Any, way: str) -> None:
    for since, until in ((5, 5), (0, NOW)):
        answer = client.get(f"{SCHOOL}/{way}", params={"device": "p1-tv", "from": since, "to": until})
        assert answer.status_code == 404


def test_the_background_of_an_unknown_device_is_not_there(client: httpx.Client, district: Any) -> None:
    assert client.get(f"{SCHOOL}/background", params={"device": "x", "from": 1, "to": 2}).status_code == 404


def rows(client: httpx.Client, days: float, *devices: str) -> list[list[str]]:
    query: Any = {"device": devices, "metric": "signal/cnr_db", "from": NOW - int(days * DAY), "to": NOW}
    answer = client.get(f"{SCHOOL}/series.csv", params=query)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_holds_a_line_for_each_moment_and_a_column_for_each_device(
    client: httpx.Client, fleet: Any, district: Any
) -> None:
    other = fleet.device(district.node, "p2-receiver", "receiver", {}, room="ป.2")
    fleet.reports(district.journal, district.receiver, [(NOW - 10 * MINUTE, {"signal/cnr_db": 12.5})])
    fleet.reports(district.journal, other, [(NOW - 5 * MINUTE, {"signal/cnr_db": 11.0})])
    heading, *found = rows(client, 1, "p1-receiver", "p2-receiver")
    assert heading == ["time", "p1-receiver signal/cnr_db", "p2-receiver signal/cnr_db"]
    assert [each[1:] for each in found] == [["12.5", ""], ["", "11.0"]]


def test_a_file_of_a_long_span_holds_means_and_bounds(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.reports(
        district.journal, district.receiver, [(NOW - DAY, {"signal/cnr_db": 12.0}), (NOW, {"signal/cnr_db": 10.0})]
    )
    heading, *found = rows(client, 7, "p1-receiver")
    assert heading[2:] == ["p1-receiver signal/cnr_db min", "p1-receiver signal/cnr_db max"]
    assert found[0][1:] == ["12.0", "12.0", "12.0"]


def test_the_page_offers_devices_of_the_same_kind_to_compare(client: httpx.Client, fleet: Any, district: Any) -> None:
    fleet.device(district.node, "p2-receiver", "receiver", {}, room="ป.2")
    text = client.get(f"{SCHOOL}/devices/p1-receiver").text
    assert 'data-compare="p2-receiver"' in text
    assert 'data-compare="p1-tv"' not in text
