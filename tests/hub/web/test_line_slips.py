"""F35 of a line of a round: from when something leaves for the school until it is in the register."""

import re
import subprocess
from collections.abc import Callable
from typing import Any

import httpx

from hub.core.people import Role

OURS = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
ROUND = "/api/v1/allocation/AL-2570-0001"
SLIP = "/allocation/AL-2570-0001/lines/1/F35.pdf"
By = Callable[[Role], httpx.Client]


def post(client: httpx.Client, address: str, **wish: Any) -> Any:
    answer = client.post(address, json=wish, headers=OURS)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def step(client: httpx.Client, transition: str, **values: str) -> None:
    address = "/api/v1/requests/AL-2570-0001"
    version = client.get(address).json()["version"]
    post(client, f"{address}/steps", transition=transition, version=version, values=values)


def planned(client: httpx.Client, as_role: By) -> httpx.Client:
    """A round in which two receivers are bought for a school. Who carries it out."""
    values = {"title": "รอบทดสอบ", "budget": "100000", "rules": "none"}
    post(client, "/api/v1/requests", type="allocation", values=values)
    step(client, "appoint", members="กลุ่ม DLICT")
    wish = {"group": "cpm3", "school": "30010012", "kind": "receiver", "quantity": 2, "price_satang": 350_000}
    post(client, f"{ROUND}/lines", **wish, source="purchase", reason="สองห้องใหม่")
    step(client, "propose", plan="1 รายการ")
    step(as_role(Role.DIRECTOR), "approve")
    step(client, "begin_work", network="ศูนย์เครือข่าย")
    return as_role(Role.SUPPLY)


def carried(supply: httpx.Client, stage: str, **more: Any) -> None:
    version = supply.get(ROUND).json()["plan"][0]["version"]
    post(supply, f"{ROUND}/lines/1/steps", stage=stage, version=version, **more)


def text_of(client: httpx.Client) -> str:
    answer = client.get(SLIP)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    done = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def test_what_leaves_for_a_school_has_its_slip(client: httpx.Client, as_role: By, district: Any) -> None:
    supply = planned(client, as_role)
    assert 'id="slip-1"' not in supply.get("/allocation/AL-2570-0001").text
    assert supply.get(SLIP).status_code == 404
    carried(supply, "reserved", pieces=2)
    carried(supply, "dispatched", pieces=2, serials=["RX-1", "RX-2"])
    assert f'id="slip-1" href="{SLIP}"' in supply.get("/allocation/AL-2570-0001").text
    text = text_of(supply)
    for told in ("RX-1", "RX-2", "AL-2570-0001", "7,000.00", "1/2570", "30010012"):
        assert told in text, told


def test_what_is_in_the_register_stands_there_with_its_number(client: httpx.Client, as_role: By, district: Any) -> None:
    supply = planned(client, as_role)
    carried(supply, "reserved", pieces=2)
    carried(supply, "dispatched", pieces=2)
    for stage in ("delivered", "installed"):
        carried(supply, stage)
    carried(supply, "accepted", receipt="8/2570", number="5820-001-0009", serial="RX9")
    text = text_of(supply)
    assert "5820-001-0009" in text
    assert "RX9" in text
    assert len(re.findall(r"1/2570", text)) == 2


def test_others_get_no_slip(client: httpx.Client, as_role: By, district: Any) -> None:
    supply = planned(client, as_role)
    carried(supply, "reserved", pieces=2)
    carried(supply, "dispatched")
    assert supply.get(SLIP.replace("lines/1", "lines/9")).status_code == 404
    assert supply.get(SLIP.replace("0001", "0009")).status_code == 404
    assert as_role(Role.SCHOOL).get(SLIP).status_code == 403
