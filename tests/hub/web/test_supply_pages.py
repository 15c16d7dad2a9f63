"""The stock on pages and over JSON: adding, moving, counting with a reason, lists, and nothing typed lost."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from hub.core.people import Role

OURS = {"Sec-Fetch-Site": "same-origin"}
NEW = {"code": "LNB-U", "name": "หัวรับสัญญาณ", "unit": "ตัว", "least": 2}


@pytest.fixture
def api(client: httpx.Client, district: Any) -> httpx.Client:
    """The head of the group, with five LNBs at the office."""
    client.headers.update(OURS)
    assert client.post("/api/v1/stock", json=NEW).status_code == 201
    answer = client.post("/api/v1/stock/LNB-U/moves", json={"deed": "give", "count": 5})
    assert answer.status_code == 200, answer.text
    return client


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data=form, headers=OURS)


def test_an_item_is_added_and_found(client: httpx.Client, district: Any) -> None:
    assert "ยังไม่มีรายการในคลัง" in client.get("/supply").text
    answer = post(client, "/supply/new", code="F-01", name="หัวต่อกันน้ำ", unit="ตัว", least="10", price="12.50")
    assert (answer.status_code, answer.headers["location"]) == (303, "/supply/items/F-01")
    assert "12.50" in client.get("/supply/items/F-01").text
    assert "หัวต่อกันน้ำ" in client.get("/supply?search=กันน้ำ").text
    assert "หัวต่อกันน้ำ" not in client.get("/supply?search=จาน").text
    assert "ต่ำกว่า" in client.get("/supply?low=true").text


def test_what_cannot_be_taken_comes_back_with_all_that_was_typed(api: httpx.Client) -> None:
    answer = post(api, "/supply/new", code="LNB-U", name="อีกตัว", unit="อัน", least="สิบ")
    assert answer.status_code == 422
    assert 'value="อีกตัว"' in answer.text
    assert "ต้องเป็นจำนวนเต็ม" in answer.text
    assert "มีรายการอื่นใช้รหัสนี้แล้ว" in post(api, "/supply/new", code="LNB-U", name="อีกตัว", unit="อัน").text


def test_stock_moves_to_a_school_and_more_than_there_is_does_not(api: httpx.Client) -> None:
    move = {"place": "office", "to": "cpm3/30010012", "count": "3", "note": "เตรียมไว้ซ่อม"}
    assert post(api, "/supply/items/LNB-U/move", **move).status_code == 303
    page = api.get("/supply/items/LNB-U").text
    assert "โรงเรียนบ้านทุ่งดอกจาน" in page
    assert "เตรียมไว้ซ่อม" in page
    again = post(api, "/supply/items/LNB-U/move", **move)
    assert again.status_code == 422
    assert "เหลือ 2" in again.text
    assert 'value="เตรียมไว้ซ่อม"' in again.text


def test_a_count_needs_a_reason_and_is_refused_when_somebody_was_quicker(api: httpx.Client) -> None:
    count = {"deed": "count", "count": 4, "seen": 5}
    assert api.post("/api/v1/stock/LNB-U/moves", json=count).json()["type"].endswith("stock-no-reason")
    answer = api.post("/api/v1/stock/LNB-U/moves", json={**count, "note": "หายหนึ่งตัว"})
    assert answer.json()["free"] == 4
    late = api.post("/api/v1/stock/LNB-U/moves", json={**count, "note": "หายหนึ่งตัว"})
    assert (late.status_code, late.json()["type"].rpartition(":")[2]) == (409, "stock-stale")
    told = api.get("/api/v1/stock/LNB-U/moves").json()["items"][0]
    assert (told["why"], told["change"], told["left"], told["note"]) == ("counted", -1, 4, "หายหนึ่งตัว")


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"deed": "move", "count": 9, "to": "cpm3/30010012"}, 409, "stock-short"),
        ({"deed": "move", "count": 1, "to": "office"}, 409, "stock-same-place"),
        ({"deed": "move", "count": 1, "to": "moon"}, 422, "stock-no-such-place"),
        ({"deed": "give", "count": 0}, 422, "stock-no-count"),
    ],
)
def test_the_api_says_why_not(api: httpx.Client, wish: dict[str, Any], status: int, code: str) -> None:
    answer = api.post("/api/v1/stock/LNB-U/moves", json=wish)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (status, code)


def test_an_item_is_changed_only_as_it_was_read(api: httpx.Client) -> None:
    wish = {**NEW, "name": "หัวรับ Ku", "version": 1}
    assert api.put("/api/v1/stock/LNB-U", json=wish).json()["name"] == "หัวรับ Ku"
    assert api.put("/api/v1/stock/LNB-U", json=wish).status_code == 409
    assert api.post("/api/v1/stock", json=NEW).json()["type"].endswith("stock-code-taken")
    assert api.post("/api/v1/stock", json={**NEW, "code": "a/b"}).json()["field"] == "code"
    late = post(api, "/supply/items/LNB-U", code="LNB-U", name="ชื่ออื่น", unit="ตัว", version="1")
    assert late.status_code == 409
    assert 'value="ชื่ออื่น"' in late.text


def test_an_item_that_there_is_not_is_told(client: httpx.Client, district: Any) -> None:
    assert client.get("/supply/items/NONE").status_code == 404
    assert client.get("/api/v1/stock/NONE").status_code == 404


def test_who_only_sees_does_not_move(as_role: Callable[[Role], httpx.Client], api: httpx.Client) -> None:
    director = as_role(Role.DIRECTOR)
    director.headers.update(OURS)
    assert "หัวรับสัญญาณ" in director.get("/supply").text
    assert "/supply/new" not in director.get("/supply").text
    assert director.post("/api/v1/stock/LNB-U/moves", json={"deed": "give", "count": 1}).status_code == 403


def send(client: httpx.Client, text: str) -> httpx.Response:
    file = {"file": ("stock.csv", text.encode("utf-8"), "text/csv")}
    return client.post("/supply/import", files=file, headers=OURS)


def test_a_list_is_looked_through_before_anything_changes(api: httpx.Client) -> None:
    text = "รหัส,รายการ,หน่วย,คงเหลือ\nLNB-U,,,7\nRG6,สาย RG6,เมตร,100\n"
    assert send(api, text).status_code == 303
    page = api.get("/supply/import").text
    assert "สาย RG6" in page
    assert api.get("/api/v1/stock/LNB-U").json()["free"] == 5
    seal = page.split('name="seal" value="')[1].split('"')[0]
    assert "done=1" in post(api, "/supply/import/confirm", seal=seal).headers["location"]
    assert [(each["code"], each["free"]) for each in api.get("/api/v1/stock").json()["items"]] == [
        ("RG6", 100),
        ("LNB-U", 7),
    ]


def test_a_list_that_was_overtaken_is_shown_anew(api: httpx.Client) -> None:
    send(api, "รหัส,คงเหลือ\nLNB-U,7\n")
    seal = api.get("/supply/import").text.split('name="seal" value="')[1].split('"')[0]
    api.post("/api/v1/stock/LNB-U/moves", json={"deed": "give", "count": 1})
    assert "stale=1" in post(api, "/supply/import/confirm", seal=seal).headers["location"]
    assert api.get("/api/v1/stock/LNB-U").json()["free"] == 6


def test_mistakes_of_a_list_name_the_row(api: httpx.Client) -> None:
    send(api, "รหัส,คงเหลือ\nLNB-U,มาก\n")
    page = api.get("/supply/import").text
    assert "ต้องเป็นจำนวนเต็ม" in page
    assert "มาก" in page
    assert 'name="seal"' not in page
    assert post(api, "/supply/import/drop").status_code == 303


def test_what_is_no_list_is_refused(api: httpx.Client) -> None:
    file = {"file": ("x.xlsx", b"PK\x03\x04nothing", "application/zip")}
    assert api.post("/supply/import", files=file, headers=OURS).status_code == 422


def test_the_stock_comes_as_a_file(api: httpx.Client) -> None:
    sheet = load_workbook(io.BytesIO(api.get("/supply/export.xlsx").content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["LNB-U", "หัวรับสัญญาณ", "ตัว"]
    assert b"LNB-U" in api.get("/supply/export.csv").content
    assert api.get("/supply/template.xlsx").status_code == 200
    assert api.get("/supply/export.pdf").status_code == 404


def test_a_material_request_goes_all_the_way_over_json(
    api: httpx.Client, as_role: Callable[[Role], httpx.Client]
) -> None:
    technician, supply = as_role(Role.TECHNICIAN), as_role(Role.SUPPLY)
    for each in (technician, supply):
        each.headers.update(OURS)
    rows = [{"item": "LNB-U", "quantity": 4}]
    wish = {"type": "material_request", "values": {"purpose": "ซ่อมจาน", "items": rows}}
    made = technician.post("/api/v1/requests", json=wish).json()
    wrong = technician.post(
        "/api/v1/requests", json={**wish, "values": {"purpose": "x", "items": [{"item": "NONE", "quantity": 1}]}}
    )
    assert wrong.json()["errors"] == [{"field": "values.items.1.item", "problem": "unknown_item"}]

    def step(who: httpx.Client, transition: str, **values: Any) -> httpx.Response:
        version = technician.get(f"/api/v1/requests/{made['number']}").json()["version"]
        wish = {"transition": transition, "version": version, "values": values}
        return who.post(f"/api/v1/requests/{made['number']}/steps", json=wish)

    assert step(supply, "approve").json()["state"] == "approved"
    short = step(supply, "issue", issued=[{"item": "LNB-U", "quantity": 6}], place="office")
    assert short.json()["errors"][0]["field"] == "values.issued.1.quantity"
    done = step(supply, "issue", issued=rows, place="office").json()
    assert done["state"] == "issued"
    assert api.get("/api/v1/stock/LNB-U").json()["low"] is True
    papers = technician.get(f"/api/v1/requests/{made['number']}/papers").json()["items"]
    assert [each["form"] for each in papers] == ["F08"]
    assert technician.get(papers[0]["files"]["pdf"]).content.startswith(b"%PDF")


def test_types_tell_of_their_columns_and_templates(client: httpx.Client, district: Any) -> None:
    types = {each["type"]: each for each in client.get("/api/v1/requests/types").json()["items"]}
    items = next(each for each in types["material_request"]["fields"] if each["name"] == "items")
    assert [(each["name"], each["kind"], each["required"]) for each in items["columns"]] == [
        ("item", "item", True),
        ("quantity", "number", True),
        ("note", "text", False),
    ]
    assert "lnb" in types["specification"]["templates"]


def test_rows_can_be_added_without_a_script_and_nothing_is_lost(api: httpx.Client) -> None:
    form = {"f.purpose": "ซ่อม", "f.items.0.item": "LNB-U", "f.items.0.quantity": "2", "more": "items"}
    answer = post(api, "/requests/new/material_request", **form)
    assert answer.status_code == 200
    assert 'name="f.items.3.item"' in answer.text
    assert 'value="LNB-U"' in answer.text
    assert ">ซ่อม</textarea>" in answer.text
    wrong = post(api, "/requests/new/material_request", **{**form, "more": "", "f.items.0.quantity": "0"})
    assert wrong.status_code == 422
    assert "แถวที่ 1" in wrong.text


def test_a_template_fills_the_form(client: httpx.Client, district: Any) -> None:
    page = client.get("/requests/new/specification?template=lnb").text
    assert "หัวรับสัญญาณ LNB แบบยูนิเวอร์แซล" in page
    assert 'name="f.requirements.5.topic"' in page
