"""Needs, prices and rounds of allocation: their pages and their JSON, one whole round through the API."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, update

from hub.allocation.lines import Line
from hub.core.assets import Asset, AssetState, Deed
from hub.core.people import AT_THE_CONSOLE, Role
from hub.core.texts import Text
from hub.office.confirming import confirm
from hub.store.allocation import AllocationRows
from hub.store.allocation import Deed as LineDeed
from hub.store.assets import AssetRows
from hub.store.tables import device, ticket
from tests.hub.documents.test_forms import bare, poppler

NOW, DAY = 1_795_157_100_000, 86_400_000
ZONE = ZoneInfo("Asia/Bangkok")
OURS = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
OLD = Asset("cpm3", "tv", "7730-001-0001", "OLD-1", "LG 32", school="30010012", room="ป.1", device="p1-tv")
ROUND = "/api/v1/allocation/AL-2570-0001"
By = Callable[[Role], httpx.Client]


@pytest.fixture
def assets(fleet: Any, district: Any) -> list[Asset]:
    """An old TV that breaks often, at the school of the district, and one that another school does not use."""
    fleet.school("cpm3", "30010027", "โรงเรียนบ้านหนองไผ่")
    idle = replace(OLD, number="7730-001-0002", serial="IDLE-1", school="30010027", room="ป.4", device=None)
    told = {"device": "p1-tv", "dish": "", "cause": "tv_failed", "signs": [], "version": 1, "state": "closed"}
    with fleet.store.begin() as work:
        rows = AssetRows(work.connection)
        for at in range(3):
            onset = NOW - (100 + at) * DAY
            when = {"onset_at": onset, "opened_at": onset, "closed_at": onset + 20 * DAY, "open": False}
            work.connection.execute(insert(ticket).values(node_id=district.node, **told, **when))
        bought = date(2017, 1, 1)
        return [
            rows.add(each, Deed("added", "command", "", NOW))
            for each in (replace(OLD, acquired_on=bought), replace(idle, state=AssetState.IDLE, acquired_on=bought))
        ]


@pytest.fixture
def priced(client: httpx.Client, assets: list[Asset]) -> None:
    for kind, price in (("tv", "24,000"), ("receiver", "3500")):
        answer = client.post("/api/v1/prices/2570", json={"kind": kind, "price": price, "source": "x"}, headers=OURS)
        assert answer.status_code == 200, answer.text


def post(client: httpx.Client, address: str, status: int = 200, **wish: Any) -> Any:
    answer = client.post(address, json=wish, headers=OURS)
    assert answer.status_code == status, answer.text
    return answer.json()


def begin(client: httpx.Client, budget: str = "100000", rules: str = "none") -> Any:
    """A round with the plan that the hub proposes."""
    values = {"title": "ปีงบประมาณ 2570", "budget": budget, "rules": rules}
    post(client, "/api/v1/requests", 201, type="allocation", values=values)
    step(client, "appoint", members="กลุ่ม DLICT")
    return client.get(ROUND).json()


def step(client: httpx.Client, transition: str, **values: str) -> Any:
    address = "/api/v1/requests/AL-2570-0001"
    version = client.get(address).json()["version"]
    return post(client, f"{address}/steps", transition=transition, version=version, values=values)


def line(client: httpx.Client, at: int = 0) -> Any:
    return client.get(ROUND).json()["plan"][at]


@pytest.mark.usefixtures("priced")
def test_needs_are_told_with_their_reasons_and_totals(client: httpx.Client) -> None:
    needs = client.get("/api/v1/needs").json()["items"]
    assert [(each["number"], each["advice"], each["price_satang"]) for each in needs] == [
        ("7730-001-0001", "replace", 2_400_000)
    ]
    assert [each["code"] for each in needs[0]["reasons"]] == [
        "need.long_past_life",
        "need.broken",
        "need.down",
        "need.faults",
    ]
    totals = client.get("/api/v1/needs/totals").json()["items"]
    assert [(each["kind"], each["count"], each["price_satang"]) for each in totals] == [("tv", 1, 2_400_000)]
    assert client.get("/api/v1/needs?kind=dish").json()["items"] == []


@pytest.mark.usefixtures("priced")
def test_a_reservation_is_taken_back_on_the_page_and_through_the_api(client: httpx.Client, as_role: By) -> None:
    begin(client)
    step(client, "propose", plan="1 รายการ")
    step(as_role(Role.DIRECTOR), "approve")
    supply, reserved = as_role(Role.SUPPLY), line(client)
    assert 'id="back-1"' in supply.get("/allocation/AL-2570-0001").text
    told = {"version": str(reserved["version"]), "reason": ""}
    answer = supply.post("/allocation/AL-2570-0001/lines/1/taking-back", data=told, headers=OURS)
    assert (answer.status_code, line(client)["done"]) == (422, {"reserved": 1})
    free = post(supply, f"{ROUND}/lines/1/taking-back", version=reserved["version"], reason="ใช้ที่อื่นก่อน")
    assert (free["done"], free["next_stages"]) == ({}, ["reserved"])
    assert 'id="back-1"' not in supply.get("/allocation/AL-2570-0001").text


@pytest.mark.usefixtures("priced")
def test_a_whole_round_goes_through_the_api(client: httpx.Client, as_role: By, hub: Any, district: Any) -> None:
    view = begin(client)
    assert [(each["source"], each["cost_satang"], each["from_school"]) for each in view["plan"]] == [
        ("moved", 0, "30010027")
    ]
    wish: dict[str, Any] = {
        "group": "cpm3",
        "school": "30010027",
        "kind": "receiver",
        "quantity": 2,
        "price_satang": 350_000,
    }
    added = post(client, f"{ROUND}/lines", 201, **wish, source="purchase", reason="สองห้องใหม่")
    step(client, "propose", plan="2 รายการ")
    director = as_role(Role.DIRECTOR)
    step(director, "return_plan", comments="ขอชิ้นเดียวก่อน")
    post(
        client, f"{ROUND}/lines/{added['id']}", **wish | {"quantity": 1}, reason="ตามความเห็น", version=added["version"]
    )
    step(client, "propose", plan="2 รายการ")
    step(director, "approve", comments="เห็นชอบ")
    assert line(client)["done"] == {"reserved": 1}
    supply = as_role(Role.SUPPLY)
    bought = line(client, 1)
    order = post(
        supply, f"{ROUND}/lines/{bought['id']}/purchase", 201, version=bought["version"], subject="กล่องรับสัญญาณ"
    )
    assert order["number"].startswith("PR-2570-")
    step(client, "begin_work", network="ศูนย์เครือข่าย")
    moved = line(client)
    post(supply, f"{ROUND}/lines/{moved['id']}/steps", stage="dispatched", version=moved["version"])
    with hub.fleet.store.begin() as work:
        there = (device.c.node_id == district.node) & (device.c.key == "p1-tv")
        work.connection.execute(update(device).where(there).values(properties={"serial_number": "IDLE-1"}))
    assert confirm(hub.fleet.store, ZONE, NOW) == 1
    moved = line(client)
    assert (moved["stage"], moved["next_stages"]) == ("installed", ["accepted"])
    done = post(
        supply,
        f"{ROUND}/lines/{moved['id']}/steps",
        stage="accepted",
        version=moved["version"],
        receipt="7/2570",
        fate="returned",
    )
    assert done["stage"] == "accepted"
    bought = line(client, 1)
    for stage in ("dispatched", "delivered", "installed"):
        bought = post(supply, f"{ROUND}/lines/{bought['id']}/steps", stage=stage, version=bought["version"])
    papers: dict[str, Any] = {"receipt": "8/2570", "number": "5820-001-0009", "serial": "RX9"}
    post(supply, f"{ROUND}/lines/{bought['id']}/steps", stage="accepted", version=bought["version"], **papers)
    step(client, "sum_up")
    step(client, "submit", results="ครบ")
    found = client.get(ROUND).json()
    assert (found["state"], found["done"], found["spent_satang"]) == ("submitted", 2, 350_000)
    register = {each["number"]: each for each in client.get("/api/v1/assets?limit=100").json()["items"]}
    assert (register["7730-001-0002"]["school"], register["7730-001-0002"]["device"]) == ("30010012", "p1-tv")
    assert (register["7730-001-0001"]["school"], register["7730-001-0001"]["state"]) == ("", "in_repair")
    assert register["5820-001-0009"]["serial"] == "RX9"


@pytest.mark.usefixtures("priced")
def test_two_people_at_one_line_are_told_and_a_plan_over_budget_is_refused(client: httpx.Client) -> None:
    found = begin(client)["plan"][0]
    same = {name: found[name] for name in ("group", "school", "kind", "what", "quantity", "work")}
    change = {**same, "price_satang": 11_000_000, "source": "purchase", "reason": "ใหม่ดีกว่า"}
    post(client, f"{ROUND}/lines/{found['id']}", **change, version=found["version"])
    refused = post(client, f"{ROUND}/lines/{found['id']}", 409, **change, version=found["version"])
    assert (refused["title"], refused["field"]) == ("stale", "line")
    version = client.get("/api/v1/requests/AL-2570-0001").json()["version"]
    wish = {"transition": "propose", "version": version, "values": {"plan": "x"}}
    refused = post(client, "/api/v1/requests/AL-2570-0001/steps", 422, **wish)
    assert refused["errors"] == [
        {"field": "values", "problem": "over_budget (over_baht=10000.0, budget_baht=100000.0)"}
    ]


def test_what_cannot_be_is_named(client: httpx.Client) -> None:
    begin(client)
    wish = {"group": "cpm3", "school": "999", "kind": "tv", "reason": "x"}
    assert post(client, f"{ROUND}/lines", 422, **wish)["field"] == "school"
    assert post(client, f"{ROUND}/lines/77/removal", 404, version=1, reason="x")["title"] == "no such line"
    assert client.get("/api/v1/allocation/AL-2570-0009").status_code == 404
    assert post(client, "/api/v1/prices/2570", 422, kind="tv", price="much", source="x")["field"] == "price"


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.SUPPLY, Role.CLERK, Role.DIRECTOR])
def test_whoever_may_not_plan_looks_only(as_role: By, client: httpx.Client, role: Role) -> None:
    begin(client)
    somebody = as_role(role)
    page = somebody.get("/allocation/AL-2570-0001?lang=en").text
    assert "Add a line to the plan" not in page
    assert somebody.post("/allocation/AL-2570-0001/proposal", headers=OURS).status_code == 403


@pytest.mark.usefixtures("priced")
def test_the_page_of_needs_says_why_in_both_languages(client: httpx.Client) -> None:
    english, thai = client.get("/needs?lang=en").text, client.get("/needs?lang=th").text
    assert "In use for 9 years, far beyond its useful life of 5 years" in english
    assert "24,000 baht" in english
    assert "เสีย 4 ครั้งใน 24 เดือน" in thai
    kept = client.get("/needs?advice=keep&lang=en").text
    assert "Nothing asks for anything here" in kept


@pytest.mark.usefixtures("priced")
def test_needs_are_summed_up_by_school_in_a_workbook(client: httpx.Client) -> None:
    rows = list(load_workbook(BytesIO(client.get("/needs/summary.xlsx?lang=en").content)).active.values)
    assert rows[0][:4] == ("School", "Code", "Pupils", "Replace")
    assert rows[1] == ("โรงเรียนบ้านทุ่งดอกจาน", "30010012", None, 1, 0, 0, 0, 24000, 0, "replace TV 1")
    assert rows[2][:4] == ("Total", None, 0, 1)


@pytest.mark.usefixtures("priced")
def test_the_page_of_an_asset_says_what_it_needs(client: httpx.Client) -> None:
    page = client.get("/assets/1?lang=en").text
    assert "What it needs" in page
    assert "far beyond its useful life" in page
    assert "What it needs" not in client.get("/assets/2?lang=en").text


def test_without_assets_the_page_says_what_to_do(client: httpx.Client) -> None:
    assert "add what the schools have" in client.get("/needs?lang=en").text


def test_a_price_that_is_none_is_told_and_nothing_typed_is_lost(client: httpx.Client) -> None:
    told = {"year": "2570", "kind": "tv", "price": "เยอะ", "name": "LED 55", "source": "เกณฑ์ ข้อ 12"}
    answer = client.post("/prices", data=told, headers=OURS)
    assert answer.status_code == 422
    assert "ไม่ใช่ราคา" in answer.text
    assert 'value="LED 55"' in answer.text
    assert client.post("/prices", data=told | {"price": "24000"}, headers=OURS).status_code == 303
    assert "24,000 บาท" in client.get("/prices?year=2570").text
    assert client.post("/prices/removal", data=told, headers=OURS).status_code == 303
    assert "24,000 บาท" not in client.get("/prices?year=2570").text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_price_list_comes_back_as_it_went_out(client: httpx.Client, priced: None, kind: str) -> None:
    exported = client.get(f"/prices/export.{kind}?year=2570&lang=th").content
    sent = {"file": (f"prices.{kind}", exported)}
    answer = client.post("/prices/import", data={"year": "2571"}, files=sent, headers=OURS)
    assert answer.headers["location"] == "/prices?year=2571#list"
    page = client.get("/prices?year=2571&lang=en").text
    assert "The list that you sent" in page
    assert client.get("/api/v1/prices/2571").json()["items"] == []
    answer = confirmed(client, page)
    assert answer.headers["location"] == "/prices?year=2571&done=2"
    assert "The list that you sent" not in client.get("/prices?year=2571&lang=en").text
    first, again = (client.get(f"/api/v1/prices/{year}").json()["items"] for year in (2570, 2571))
    assert first == again


def confirmed(client: httpx.Client, page: str) -> httpx.Response:
    seal = page.split('name="seal" value="')[1].split('"', maxsplit=1)[0]
    return client.post("/prices/import/confirm", data={"year": "2571", "seal": seal}, headers=OURS)


def test_a_list_that_would_change_something_else_by_now_is_looked_through_once_more(client: httpx.Client) -> None:
    sent = {"file": ("prices.csv", "ประเภทอุปกรณ์,ราคากลาง (บาท),ที่มา\nโทรทัศน์,24000,ก\n".encode())}
    client.post("/prices/import", data={"year": "2571"}, files=sent, headers=OURS)
    page = client.get("/prices?year=2571").text
    client.post("/api/v1/prices/2571", json={"kind": "tv", "price": "19000", "source": "x"}, headers=OURS)
    late = confirmed(client, page)
    assert late.status_code == 409
    assert "19,000 บาท</del>" in late.text
    assert confirmed(client, late.text).status_code == 303
    assert "24,000 บาท" in client.get("/prices?year=2571").text


def test_a_list_is_dropped(client: httpx.Client) -> None:
    sent = {"file": ("prices.csv", "ประเภทอุปกรณ์,ราคากลาง (บาท),ที่มา\nโทรทัศน์,24000,ก\n".encode())}
    client.post("/prices/import", data={"year": "2571"}, files=sent, headers=OURS)
    assert client.post("/prices/import/drop", data={"year": "2571"}, headers=OURS).status_code == 303
    assert "prices.csv" not in client.get("/prices?year=2571").text


def test_of_two_people_at_one_price_the_second_is_told_and_loses_nothing(client: httpx.Client) -> None:
    told = {"year": "2570", "kind": "tv", "price": "24000", "name": "LED 55", "source": "ก", "seen": ""}
    assert client.post("/prices", data=told, headers=OURS).status_code == 303
    late = client.post("/prices", data=told | {"price": "30000", "name": "LED 65"}, headers=OURS)
    assert late.status_code == 409
    assert "มีผู้อื่นแก้ราคานี้" in late.text
    assert 'value="LED 65"' in late.text
    assert "24,000 บาท" in late.text
    seen = late.text.split('name="seen" value="')[1].split('"')[0]
    again = client.post("/prices", data=told | {"price": "30000", "seen": seen}, headers=OURS)
    assert again.status_code == 303


def test_a_list_with_mistakes_changes_nothing_and_names_them(client: httpx.Client) -> None:
    rows = "ประเภทอุปกรณ์,ราคากลาง (บาท),ที่มา\nโทรทัศน์,24000,ก\nจรวด,1,ก\n"
    sent = {"file": ("prices.csv", rows.encode())}
    answer = client.post("/prices/import", data={"year": "2570"}, files=sent, headers=OURS)
    assert answer.status_code == 422
    assert "จรวด" in answer.text
    assert client.get("/api/v1/prices/2570").json()["items"] == []
    broken = client.post("/prices/import", data={"year": "2570"}, files={"file": ("x", b"\x00\x01")}, headers=OURS)
    assert broken.status_code == 422


@pytest.mark.usefixtures("priced")
def test_a_line_that_cannot_be_kept_stays_open_with_what_was_typed(client: httpx.Client) -> None:
    found = begin(client)["plan"][0]
    page = "/allocation/AL-2570-0001"
    told = {"version": "1", "school": "cpm3/30010012", "kind": "tv", "quantity": "1", "price": "ฟรี", "reason": "ลองดู"}
    answer = client.post(f"{page}/lines/{found['id']}", data=told, headers=OURS)
    assert answer.status_code == 422
    assert 'id="refused"' in answer.text
    assert "ลองดู</textarea>" in answer.text
    done = client.post(f"{page}/lines/{found['id']}", data=told | {"price": "100"}, headers=OURS)
    assert done.headers["location"] == f"{page}#line-{found['id']}"
    stale = client.post(f"{page}/lines/{found['id']}", data=told | {"price": "200"}, headers=OURS)
    assert stale.status_code == 409
    assert "มีผู้แก้ไขรายการนี้" in stale.text


@pytest.mark.usefixtures("district")
def test_the_yearly_plan_of_maintenance_goes_to_the_director(client: httpx.Client, as_role: By, fleet: Any) -> None:
    watched = replace(OLD, number="7730-001-0003", serial="", device=None, acquired_on=date(2020, 6, 1))
    broken = replace(OLD, number="7730-001-0004", acquired_on=date(2024, 6, 1))
    with fleet.store.begin() as work:
        for each in (watched, broken):
            AssetRows(work.connection).add(each, Deed("added", "command", "", NOW))
    advised = {each["number"]: each["advice"] for each in client.get("/api/v1/needs").json()["items"]}
    assert advised == {"7730-001-0003": "watch", "7730-001-0004": "repair"}
    head = as_role(Role.GROUP_HEAD)
    assert 'id="maintenance"' in head.get("/needs").text
    text = bare(poppler(head.get("/needs/maintenance.pdf").content))
    for told in ("แผนการซ่อมบำรุง", "โทรทัศน์(ซ่อม)โดยเร็ว", "ปิดภาคเรียนเม.ย.–พ.ค.๒๕๗๐", "๒รายการของโรงเรียน๑แห่ง"):
        assert bare(told) in text, text
    assert head.get("/needs/maintenance.pdf?group=other").status_code == 404


@pytest.fixture
def long_plan(client: httpx.Client, fleet: Any, priced: None) -> list[int]:
    """Ids of sixty lines."""
    begin(client)
    with fleet.store.begin() as work:
        rows = AllocationRows(work.connection)
        deed = LineDeed(AT_THE_CONSOLE, NOW, Text("line.added"))
        for at in range(2, 61):
            one = Line("AL-2570-0001", "cpm3", "30010027", "tv", f"set {at}", reason="x")
            rows.add(one, deed)
        return [each.id for each in rows.lines("AL-2570-0001")]


def test_a_long_plan_is_read_in_parts(client: httpx.Client, long_plan: list[int]) -> None:
    page = "/allocation/AL-2570-0001"
    first = client.get(f"{page}?lang=en").text
    assert "Lines 1 to 25 of 60" in first
    assert first.count('class="card plan-line"') == 25
    assert len(first) < 250_000
    second = client.get(f"{page}?skip=25&lang=en").text
    assert 'href="/allocation/AL-2570-0001#plan"' in second
    assert f'/lines/{long_plan[30]}/removal?skip=25#plan"' in second
    assert f'id="line-{long_plan[59]}"' in client.get(f"{page}?line={long_plan[59]}").text
    found = client.get(f"{page}?q=set 60&lang=en").text
    assert "Lines 1 to 1 of 1" in found
    assert "No line of the plan has these words." in client.get(f"{page}?q=nothing&lang=en").text


def test_who_changes_a_line_further_on_comes_back_to_it(client: httpx.Client, long_plan: list[int]) -> None:
    page, line_id = "/allocation/AL-2570-0001", long_plan[59]
    told = {"version": "1", "school": "cpm3/30010012", "kind": "tv", "quantity": "1", "price": "ฟรี", "reason": "ลองดู"}
    refused = client.post(f"{page}/lines/{line_id}", data=told, headers=OURS)
    assert refused.status_code == 422
    assert "ลองดู</textarea>" in refused.text
    done = client.post(f"{page}/lines/{line_id}?skip=50", data=told | {"price": "100"}, headers=OURS)
    assert done.headers["location"] == f"{page}?skip=50#line-{line_id}"
    added = client.post(f"{page}/lines", data=told | {"price": "100"}, headers=OURS)
    assert added.headers["location"] == f"{page}?line={line_id + 1}#line-{line_id + 1}"


@pytest.mark.usefixtures("priced")
def test_the_plan_is_a_workbook_as_well(client: httpx.Client) -> None:
    begin(client)
    answer = client.get("/allocation/AL-2570-0001/plan.xlsx?lang=th")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[0][:4] == ("ที่", "โรงเรียน", "รหัสโรงเรียน", "ประเภท")
    assert rows[1][1:4] == ("โรงเรียนบ้านทุ่งดอกจาน", "30010012", "โทรทัศน์")
    assert rows[-1][4] == "รวม"


def test_rules_that_the_hub_does_not_know_are_ticked_on_the_page(client: httpx.Client, assets: list[Asset]) -> None:
    begin(client, rules="foundation")
    page = "/allocation/AL-2570-0001"
    told = {"school": "cpm3/30010012", "rule": ["teachers", "size"]}
    assert client.post(f"{page}/rules", data=told, headers=OURS).status_code == 303
    verdicts = {each["rule"]: each["verdict"] for each in client.get(ROUND).json()["rules"]}
    assert (verdicts["teachers"], verdicts["stays"], verdicts["internet"]) == ("ticked", "open", "met")
    late = client.post(f"{page}/rules?lang=en", data={**told, "rule": ["stays"], "seen": ""}, headers=OURS)
    assert late.status_code == 409
    assert "Somebody answered the rules of this school meanwhile" in late.text
    assert 'value="stays" checked' in late.text
    seen = late.text.split('name="seen" value="')[1].split('"', maxsplit=1)[0]
    assert set(seen.split(",")) == {"teachers", "size"}
    again = client.post(f"{page}/rules", data={**told, "rule": ["stays"], "seen": seen}, headers=OURS)
    assert again.status_code == 303
