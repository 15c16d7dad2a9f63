"""The JSON API."""

from typing import Any

import httpx
import pytest

NOW, MINUTE, HOUR, DAY = 1_795_157_100_000, 60_000, 3_600_000, 86_400_000
NODE = "/api/v1/nodes/cpm3/30010012"


def items(client: httpx.Client, address: str | None) -> list[Any]:
    """All parts of a list, one after another."""
    found: list[Any] = []
    while address is not None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        address = answer.json()["next"]
    return found


def test_nodes_are_listed_part_by_part(client: httpx.Client, district: Any) -> None:
    nodes = items(client, "/api/v1/nodes?limit=1")
    assert [(node["node"], node["online"]) for node in nodes] == [("30010012", True), ("30010027", False)]
    assert nodes[0]["school_name"] == "โรงเรียนบ้านทุ่งดอกจาน"


def test_a_node_tells_values_devices_and_journal(client: httpx.Client, district: Any) -> None:
    node = client.get(NODE).json()
    assert node["properties"]["agent_version"] == "0.1.0"
    assert node["values"]["host/cpu_pct"] == {"value": 12.0, "t": NOW - 6000}
    assert [device["device"] for device in node["devices"]] == ["p1-receiver", "p1-tv"]
    assert node["open_tickets"] == [1, 2]
    assert node["journals"] == [
        {
            "epoch": "0b6f0d9e-5a38-4f54-9d4d-2f6b7e1f1a10",
            "ours": False,
            "newest": 100,
            "first_seen": NOW - DAY,
            "committed": [{"first": 1, "last": 60}, {"first": 71, "last": 100}],
            "lost": [{"first": 61, "last": 70, "noticed_at": NOW - HOUR, "reason": "dropped"}],
        }
    ]


def test_a_device_tells_its_values_with_their_types(client: httpx.Client, district: Any) -> None:
    device = client.get(f"{NODE}/devices/p1-tv").json()
    assert (device["kind"], device["room"], device["condition"], device["tickets"]) == ("tv", "ป.1", "no_answer", [1])
    assert device["values"]["device/reachable"]["value"] is False
    assert device["values"]["input/source"]["value"] == "HDMI 1"


def test_devices_are_listed_part_by_part(client: httpx.Client, district: Any) -> None:
    assert [each["device"] for each in items(client, "/api/v1/devices?limit=2")] == [
        "",
        "p1-receiver",
        "p1-tv",
        "p1-tv",
    ]
    ours = items(client, "/api/v1/devices?group=cpm3&node=30010012&limit=1")
    assert [each["device"] for each in ours] == ["", "p1-receiver", "p1-tv"]


def test_every_stored_report_is_given_part_by_part(client: httpx.Client, fleet: Any, district: Any) -> None:
    samples = [(NOW + step, {"signal/cnr_db": step + 0.5, "signal/lock": True}) for step in range(25)]
    fleet.reports(district.journal, district.receiver, samples)
    reports = items(client, f"{NODE}/reports?limit=10")
    assert [report["offset"] for report in reports] == list(range(1, 26))
    assert reports[3] == {
        "epoch": "0b6f0d9e-5a38-4f54-9d4d-2f6b7e1f1a10",
        "offset": 4,
        "device": "p1-receiver",
        "t": NOW + 3,
        "values": {"signal/cnr_db": 3.5, "signal/lock": True},
    }
    assert [report["offset"] for report in items(client, f"{NODE}/reports?from=24")] == [24, 25]
    assert items(client, f"{NODE}/reports?epoch=other") == []


def test_a_series_has_few_points_and_keeps_its_extremes(client: httpx.Client, fleet: Any, district: Any) -> None:
    samples = [(NOW - step * 30_000, {"signal/cnr_db": float(step % 7)}) for step in range(2000)]
    fleet.reports(district.journal, district.receiver, [*samples, (NOW - 12_345, {"signal/cnr_db": -3.0})])
    address = "/api/v1/series?group=cpm3&node=30010012&device=p1-receiver&metric=signal/cnr_db&points=50"
    answer = client.get(address).json()
    (series,) = answer["series"]
    values = [value for _, value in series["points"] if value is not None]
    assert len(values) < 70
    assert (min(values), max(values)) == (-3.0, 6.0)
    assert answer["until"] - answer["since"] == DAY


def test_tickets_are_listed_by_state(client: httpx.Client, district: Any) -> None:
    assert [ticket["id"] for ticket in items(client, "/api/v1/tickets")] == [2, 1]
    assert [ticket["id"] for ticket in items(client, "/api/v1/tickets?state=closed")] == [3]
    assert [ticket["id"] for ticket in items(client, "/api/v1/tickets?state=all&limit=1")] == [3, 2, 1]
    assert [ticket["id"] for ticket in items(client, "/api/v1/tickets?q=p1-tv&limit=1")] == [1]


def test_a_ticket_tells_codes_and_parameters(client: httpx.Client, district: Any) -> None:
    ticket = client.get("/api/v1/tickets/1").json()
    assert (ticket["cause"], ticket["state"], ticket["signs"]) == ("tv_failed", "reported", ["silent"])
    assert ticket["entries"][0]["code"] == "evidence.tv_failed.silent"
    assert ticket["entries"][0]["params"]["held_min"] == 50.0
    assert ticket["allowed_moves"] == ["inspecting", "verifying", "cancelled"]


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/api/v1/nodes?limit=0", 422, "limit"),
        ("/api/v1/nodes?limit=1001", 422, "limit"),
        ("/api/v1/nodes?after=nonsense", 422, "after"),
        ("/api/v1/devices?after=a/b", 422, "after"),
        ("/api/v1/devices?group=cpm3", 422, "node"),
        ("/api/v1/nodes/x/y", 404, "node"),
        ("/api/v1/nodes/x/y/reports", 404, "node"),
        ("/api/v1/nodes/x/y/devices/z", 404, "key"),
        (f"{NODE}/reports?from=-1", 422, "from"),
        (f"{NODE}/reports?from={2**63}", 422, "from"),
        ("/api/v1/series?group=a&node=b", 422, "metric"),
        ("/api/v1/series?group=a&node=b&metric=m&from=5&to=4", 422, "from"),
        ("/api/v1/series?group=a&node=b&metric=m&from=0&to=9000000000000", 422, "from"),
        ("/api/v1/series?group=a&node=b&metric=m&points=9", 422, "points"),
        ("/api/v1/tickets?state=nonsense", 422, "state"),
        ("/api/v1/tickets/0", 422, "ticket_id"),
        ("/api/v1/tickets/77", 404, "ticket_id"),
        ("/api/v1/nowhere", 404, None),
    ],
)
def test_an_error_has_one_shape_and_names_the_field(
    client: httpx.Client, path: str, status: int, field: str | None
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem.get("field") == field
    assert {"type", "title", "detail", "instance"} <= set(problem)


def test_the_api_describes_itself(client: httpx.Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/v1/nodes",
        "/api/v1/nodes/{group}/{node}",
        "/api/v1/nodes/{group}/{node}/devices/{key}",
        "/api/v1/nodes/{group}/{node}/devices/{key}/adopt",
        "/api/v1/reports/calendar",
        "/api/v1/reports/{period}",
        "/api/v1/surveys",
        "/api/v1/surveys/{survey_id}",
        "/api/v1/surveys/{survey_id}/sheets",
        "/api/v1/surveys/{survey_id}/sheets/{sheet_id}",
        "/api/v1/surveys/{survey_id}/sheets/{sheet_id}/answers",
        "/api/v1/surveys/{survey_id}/sheets/{sheet_id}/decision",
        "/api/v1/assets",
        "/api/v1/assets/{asset_id}",
        "/api/v1/assets/{asset_id}/history",
        "/api/v1/stock",
        "/api/v1/stock/{code}",
        "/api/v1/stock/{code}/moves",
        "/api/v1/repairs",
        "/api/v1/requests",
        "/api/v1/needs",
        "/api/v1/needs/totals",
        "/api/v1/prices/{year}",
        "/api/v1/allocation",
        "/api/v1/allocation/{number}",
        "/api/v1/allocation/{number}/proposal",
        "/api/v1/allocation/{number}/lines",
        "/api/v1/allocation/{number}/lines/{line}",
        "/api/v1/allocation/{number}/lines/{line}/removal",
        "/api/v1/allocation/{number}/lines/{line}/steps",
        "/api/v1/allocation/{number}/lines/{line}/purchase",
        "/api/v1/allocation/{number}/lines/{line}/taking-back",
        "/api/v1/allocation/{number}/rules",
        "/api/v1/trips",
        "/api/v1/trips/proposals",
        "/api/v1/trips/{trip_id}",
        "/api/v1/trips/{trip_id}/end",
        "/api/v1/requests/types",
        "/api/v1/requests/files",
        "/api/v1/requests/{number}",
        "/api/v1/requests/{number}/papers",
        "/api/v1/requests/{number}/papers/{form}.{kind}",
        "/api/v1/requests/{number}/steps",
        "/api/v1/requests/{number}/corrections",
        "/api/v1/nodes/{group}/{node}/reports",
        "/api/v1/devices",
        "/api/v1/series",
        "/api/v1/tickets",
        "/api/v1/tickets/{ticket_id}",
        "/api/v1/tickets/{ticket_id}/moves",
        "/api/v1/tickets/{ticket_id}/snooze",
        "/api/v1/tickets/{ticket_id}/merge",
        "/api/v1/events",
        "/api/v1/desks/{desk}/cases",
        "/api/v1/desks/{desk}/cases/{subject}",
        "/api/v1/desks/{desk}/cases/{subject}/answer",
        "/api/v1/incidents",
        "/api/v1/incidents/{group}/{key}",
        "/api/v1/districts",
        "/api/v1/lessons",
        "/api/v1/rooms",
    }
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    fine = [each["responses"].get("200") or each["responses"]["201"] for each in operations]
    json = [each["content"]["application/json"] for each in fine if "application/pdf" not in each["content"]]
    assert len(json) == len(fine) - 1, "all but a paper"
    assert all("$ref" in each["schema"] for each in json)
    assert all("4XX" in each["responses"] for each in operations)
