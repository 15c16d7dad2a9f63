"""The register of assets, asked directly: its pages, lists and stickers, and the same over JSON."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from hub.core.assets import Asset, AssetState, Deed, Disposal
from hub.core.people import Role
from hub.office.asset_filling import EVERY_MS, Filling
from hub.store.assets import AssetRows
from hub.store.tables import device
from hub.web.settings import WebSettings

NOW, DAY = 1_795_157_100_000, 86_400_000
OURS = {"Sec-Fetch-Site": "same-origin"}
TV = Asset(
    "cpm3", "tv", number="7730-1", name="โทรทัศน์ ป.1", serial="SN1", school="30010012", room="ป.1", device="p1-tv"
)


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def tv(fleet: Any, district: Any) -> Asset:
    with fleet.store.begin() as work:
        return AssetRows(work.connection).add(TV, Deed("added", "person:1", "Anong", NOW - DAY))


@pytest.fixture
def supply(as_role: Callable[[Role], httpx.Client]) -> httpx.Client:
    client = as_role(Role.SUPPLY)
    client.headers.update(OURS)
    return client


def of(fleet: Any, asset_id: int) -> Asset:
    with fleet.store.reading() as connection:
        found = AssetRows(connection).get(asset_id)
    assert found is not None
    return found


def births_say(fleet: Any, device_id: int, **properties: str) -> None:
    with fleet.store.begin() as work:
        work.connection.execute(update(device).where(device.c.id == device_id).values(properties=properties))


def sent(client: httpx.Client, address: str, **form: str) -> httpx.Response:
    return client.post(address, data=form)


def test_the_list_is_searched_filtered_and_sorted(supply: httpx.Client, fleet: Any, tv: Asset) -> None:
    with fleet.store.begin() as work:
        rows, deed = AssetRows(work.connection), Deed("added", "person:1", "Anong", NOW)
        rows.add(Asset("cpm3", "receiver", number="5820-1", room="ป.2", school="30010027"), deed)
        gone = Asset("cpm3", "tv", number="7730-0", state=AssetState.WRITTEN_OFF, disposal=Disposal.SOLD)
        rows.add(gone, deed)

    def shown(**asked: str) -> list[str]:
        return re.findall(r"<span>((?:7730|5820)-\d)</span>", supply.get("/assets", params=asked).text)

    assert shown() == ["7730-1", "5820-1"]
    assert shown(sort="number") == ["5820-1", "7730-1"]
    assert shown(search="ทุ่งดอกจาน sn1") == ["7730-1"]
    assert shown(kind="receiver") == ["5820-1"]
    assert shown(search="กล่องรับ") == shown(search="satellite") == ["5820-1"]
    assert shown(state="all", sort="number") == ["5820-1", "7730-0", "7730-1"]
    assert shown(state="written_off") == ["7730-0"]
    assert shown(school="-", state="") == ["7730-0"]
    assert shown(search="100%") == []


def test_what_is_wrong_in_a_form_is_told_at_its_field_and_nothing_typed_is_lost(
    supply: httpx.Client, tv: Asset
) -> None:
    answer = sent(supply, "/assets/new", number="7730-2", kind="", name="เครื่องใหม่", price="free", school="99")
    assert answer.status_code == 422
    assert 'value="เครื่องใหม่"' in answer.text
    assert 'id="add-price-fault"' in answer.text
    taken = sent(supply, "/assets/new", number="7730-1", kind="tv")
    assert taken.status_code == 422
    assert 'id="add-number-fault"' in taken.text


def test_an_asset_is_added_changed_moved_and_written_off_with_a_line_each(
    supply: httpx.Client, fleet: Any, district: Any
) -> None:
    added = sent(supply, "/assets/new", number="๗๗๓๐-๕", kind="tv", school="30010012", room="ป.1", price="12,990.50")
    asset_id = int(added.headers["location"].split("/")[2].partition("?")[0])
    page = f"/assets/{asset_id}"
    assert of(fleet, asset_id).price_satang == 1_299_050
    sent(supply, f"{page}/change", version="1", name="โทรทัศน์", why="แก้ชื่อ")
    sent(supply, f"{page}/move", version="2", school="30010027", room="ป.2", state="idle", why="ยุบห้อง")
    gone = sent(
        supply, f"{page}/write-off", version="3", disposal="destroyed", written_off_on="2026-11-20", note="จอแตก"
    )
    assert gone.status_code == 303, gone.text
    assert (of(fleet, asset_id).state, of(fleet, asset_id).school) == (AssetState.WRITTEN_OFF, "30010027")
    with fleet.store.reading() as connection:
        told = [each.deed.what for each in AssetRows(connection).history(asset_id)]
    assert told == ["written_off", "moved", "changed", "added"]
    text = supply.get(page).text
    assert "ยุบห้อง" in text
    assert f'action="{page}/take-back' in text


def test_two_at_once_are_told_and_the_second_loses_nothing(supply: httpx.Client, fleet: Any, tv: Asset) -> None:
    page = f"/assets/{tv.id}"
    assert sent(supply, f"{page}/change", version="1", room="ป.2").status_code == 303
    second = sent(supply, f"{page}/change", version="1", room="ป.3", name="ของฉัน")
    assert second.status_code == 409
    assert 'value="ของฉัน"' in second.text
    # The agent has filled in the model meanwhile.
    assert f'<input type="hidden" name="version" value="{of(fleet, tv.id).version}">' in second.text
    assert "ในทะเบียนขณะนี้: ป.2" in second.text
    assert of(fleet, tv.id).room == "ป.2"


def test_a_lamp_is_exchanged_and_both_stay_to_be_read(supply: httpx.Client, tv: Asset, fleet: Any) -> None:
    page = f"/assets/{tv.id}"
    sent(supply, f"{page}/parts", kind="lamp", name="LAMP-1", fitted_on="2025-01-02")
    with fleet.store.reading() as connection:
        first = AssetRows(connection).components(tv.id)[0]
    sent(supply, f"{page}/parts", kind="lamp", name="LAMP-2", fitted_on="2026-11-20", replaces=str(first.id))
    with fleet.store.reading() as connection:
        found = [(each.name, each.removed_on is None) for each in AssetRows(connection).components(tv.id)]
    assert found == [("LAMP-2", True), ("LAMP-1", False)]
    wrong = sent(supply, f"{page}/parts", kind="spaceship", price="much")
    assert wrong.status_code == 422
    early = sent(supply, f"{page}/parts/remove", part=str(first.id), on="2025-01-01")
    assert early.status_code == 422


def test_of_two_people_who_fit_a_part_the_second_is_told_and_loses_nothing(
    supply: httpx.Client, tv: Asset, fleet: Any
) -> None:
    page, version = f"/assets/{tv.id}", str(of(fleet, tv.id).version)
    assert sent(supply, f"{page}/parts", kind="lamp", name="LAMP-1", version=version).status_code == 303
    late = sent(supply, f"{page}/parts", kind="lamp", name="LAMP-1 ด้วย", version=version)
    assert late.status_code == 409
    assert 'value="LAMP-1 ด้วย"' in late.text
    with fleet.store.reading() as connection:
        assert len(AssetRows(connection).components(tv.id)) == 1


def test_what_agents_say_fills_what_is_empty(fleet: Any, tv: Asset, district: Any) -> None:
    births_say(fleet, district.tv, model="LG 43UR640S", serial_number="SN1", firmware="03.21")
    assert Filling(fleet.store).tick(NOW) == 1
    now = of(fleet, tv.id)
    assert (now.model, now.firmware, now.told) == ("LG 43UR640S", "03.21", frozenset({"model", "firmware"}))


def test_what_has_not_changed_is_not_looked_at_again(fleet: Any, tv: Asset, district: Any) -> None:
    births_say(fleet, district.tv, firmware="03.21")
    filling = Filling(fleet.store)
    assert filling.tick(NOW) == 1
    births_say(fleet, district.tv, firmware="03.22")
    assert filling.tick(NOW + EVERY_MS - 1) == 0
    assert filling.tick(NOW + EVERY_MS) == 1
    assert of(fleet, tv.id).firmware == "03.22"
    version = of(fleet, tv.id).version
    assert filling.tick(NOW + 2 * EVERY_MS) == 0
    assert of(fleet, tv.id).version == version


def test_a_conflict_is_shown_and_either_side_can_be_right(
    supply: httpx.Client, fleet: Any, tv: Asset, district: Any
) -> None:
    births_say(fleet, district.tv, serial_number="SN2")
    Filling(fleet.store).tick(NOW)
    page = f"/assets/{tv.id}"
    assert of(fleet, tv.id).serial == "SN1"
    assert f'action="{page}/conflicts"' in supply.get(page).text
    assert "conflict=True" in supply.get("/assets").text
    kept = sent(supply, f"{page}/conflicts", field="serial", said="SN2", decision="keep")
    assert kept.status_code == 303
    assert f'action="{page}/conflicts"' not in supply.get(page).text
    Filling(fleet.store).tick(NOW)
    assert f'action="{page}/conflicts"' not in supply.get(page).text
    births_say(fleet, district.tv, serial_number="SN3")
    Filling(fleet.store).tick(NOW)
    stale = sent(supply, f"{page}/conflicts", field="serial", said="SN2", decision="take")
    assert stale.status_code == 409
    assert sent(supply, f"{page}/conflicts", field="serial", said="SN3", decision="take").status_code == 303
    assert of(fleet, tv.id).serial == "SN3"
    assert f'action="{page}/conflicts"' not in supply.get(page).text


def test_a_set_that_was_exchanged_is_an_asset_of_its_own(
    supply: httpx.Client, fleet: Any, tv: Asset, district: Any
) -> None:
    births_say(fleet, district.tv, serial_number="SN2", model="LG 50")
    Filling(fleet.store).tick(NOW)
    page = f"/assets/{tv.id}/conflicts"
    assert sent(supply, page, field="serial", said="SN9", decision="exchange").status_code == 409
    done = sent(supply, page, field="serial", said="SN2", decision="exchange")
    new = of(fleet, int(done.headers["location"].split("/")[2].partition("?")[0]))
    former = of(fleet, tv.id)
    assert (new.serial, new.device, new.room, new.number) == ("SN2", "p1-tv", "ป.1", "")
    assert (former.serial, former.device, former.state) == ("SN1", None, AssetState.IN_REPAIR)
    assert 'value="exchange"' not in supply.get(f"/assets/{tv.id}").text


def test_equipment_that_reports_is_taken_in_at_one_click(supply: httpx.Client, fleet: Any, district: Any) -> None:
    births_say(fleet, district.tv, model="LG 43UR640S", serial_number="SN7", firmware="1")
    assert supply.get("/assets/found").text.count('name="device"') == 4
    taken = sent(supply, "/assets/found", group="cpm3", node="30010012", device="p1-tv")
    asset_id = int(taken.headers["location"].split("/")[2].partition("?")[0])
    now = of(fleet, asset_id)
    assert (now.kind, now.serial, now.model, now.room, now.device) == ("tv", "SN7", "LG 43UR640S", "ป.1", "p1-tv")
    assert supply.get("/assets/found").text.count('name="device"') == 3
    again = sent(supply, "/assets/found", group="cpm3", node="30010012", device="p1-tv")
    assert again.status_code == 422


def test_all_equipment_of_a_school_is_taken_in_at_once(supply: httpx.Client, fleet: Any, district: Any) -> None:
    shown = supply.get("/assets/found", params={"school": "cpm3/30010012"}).text
    assert shown.count('name="device"') == 3
    done = sent(supply, "/assets/found", school="cpm3/30010012", all="1")
    assert done.headers["location"] == "/assets?school=30010012"
    assert supply.get("/assets/found").text.count('name="device"') == 1
    assert sent(supply, "/assets/found", school="cpm3/30010012", all="1").status_code == 422


def test_a_list_is_looked_through_before_it_changes_anything(supply: httpx.Client, fleet: Any, tv: Asset) -> None:
    sheet = "หมายเลขครุภัณฑ์,ชนิด,รหัสโรงเรียน,ห้อง\n7730-1,โทรทัศน์,30010012,ป.4\n7730-9,ทีวี,30010027,ป.1\n"
    assert supply.post("/assets/import", files={"file": ("list.csv", sheet.encode())}).status_code == 303
    preview = supply.get("/assets/import").text
    assert "<ins>ป.4</ins>" in preview
    assert of(fleet, tv.id).room == "ป.1"
    found = re.search(r'name="seal" value="(\w+)"', preview)
    assert found is not None
    done = sent(supply, "/assets/import/confirm", seal=found[1])
    assert "new=1&changed=1&same=0" in done.headers["location"]
    assert of(fleet, tv.id).room == "ป.4"


def test_a_list_that_would_change_something_else_by_now_is_shown_anew(
    supply: httpx.Client, fleet: Any, tv: Asset
) -> None:
    supply.post("/assets/import", files={"file": ("list.csv", b"number,room\n7730-1,p4\n")})
    found = re.search(r'name="seal" value="(\w+)"', supply.get("/assets/import").text)
    assert found is not None
    with fleet.store.begin() as work:
        AssetRows(work.connection).change(replace(tv, room="p9"), Deed("moved", "person:2", "", NOW))
    assert sent(supply, "/assets/import/confirm", seal=found[1]).headers["location"].endswith("stale=1")
    assert of(fleet, tv.id).room == "p9"


def test_mistakes_of_a_list_name_row_and_column(supply: httpx.Client, tv: Asset) -> None:
    supply.post("/assets/import", files={"file": ("list.csv", b"number,school,price\n7730-1,30010012,\n8,99,free\n")})
    text = supply.get("/assets/import").text
    assert 'name="seal"' not in text
    assert re.search(r"แถว 3 · ราคา", text)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_what_is_exported_and_sent_back_changes_nothing(
    supply: httpx.Client, fleet: Any, tv: Asset, kind: str, language: str
) -> None:
    data = supply.get(f"/assets/export.{kind}", params={"state": "", "lang": language}).content
    supply.post("/assets/import", files={"file": (f"list.{kind}", data)})
    text = supply.get("/assets/import").text
    assert 'name="seal"' not in text
    assert "hint ok" in text


def test_a_workbook_holds_what_the_list_shows(supply: httpx.Client, tv: Asset) -> None:
    book = load_workbook(io.BytesIO(supply.get("/assets/export.xlsx?search=7730").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][1] == "หมายเลขครุภัณฑ์"
    assert rows[1][1:3] == ("7730-1", "SN1")
    assert load_workbook(io.BytesIO(supply.get("/assets/template.xlsx").content)).worksheets[0]["B1"].value


def test_stickers_are_a_sheet_of_those_that_were_chosen(supply: httpx.Client, tv: Asset) -> None:
    assert f'value="{tv.id}" checked' in supply.get("/assets/stickers").text
    pdf = supply.get("/assets/stickers.pdf", params={"id": tv.id})
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_what_went_to_a_school_has_a_slip_of_hand_over(supply: httpx.Client, tv: Asset) -> None:
    page = f"/assets/{tv.id}"
    assert supply.get(f"{page}/handover.pdf").status_code == 404
    sent(supply, f"{page}/move", version="1", school="30010027", room="ป.2", state="in_use", why="คำสั่งที่ 12/2570")
    assert f"{page}/handover.pdf" in supply.get(page).text
    assert supply.get(f"{page}/handover.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(("came_from", "ticked"), [("", []), ("30010012", ["โอนระหว่างโรงเรียน"])])
def test_only_what_came_from_a_school_is_a_transfer(
    supply: httpx.Client, tv: Asset, came_from: str, ticked: list[str]
) -> None:
    page = f"/assets/{tv.id}"
    sent(
        supply,
        f"{page}/move",
        version="1",
        school=came_from,
        room="",
        state="spare" if not came_from else "in_use",
        why="",
    )
    sent(supply, f"{page}/move", version="2", school="30010027", room="ป.2", state="in_use", why="")
    data = supply.get(f"{page}/handover.pdf").content
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=data, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    assert re.findall(r"☑ (\S+)", text) == ticked


def test_a_memorandum_asks_to_part_with_it_and_changes_nothing(supply: httpx.Client, fleet: Any, tv: Asset) -> None:
    address = f"/assets/{tv.id}/disposal.pdf"
    assert sent(supply, address, disposal="destroyed", note="จอแตก").content.startswith(b"%PDF")
    assert of(fleet, tv.id) == tv
    for form in ({"disposal": "eaten", "note": "จอแตก"}, {"note": "จอแตก"}):
        answer = sent(supply, address, **form)
        assert answer.status_code == 422
        assert "ช่อง “วิธีจำหน่าย” ว่างอยู่ หรือมีค่าที่ใช้ไม่ได้" in answer.text
    assert sent(supply, "/assets/none/disposal.pdf", disposal="sold", note="จอแตก").status_code == 404


def test_who_only_looks_changes_nothing(as_role: Callable[[Role], httpx.Client], tv: Asset) -> None:
    director = as_role(Role.DIRECTOR)
    director.headers.update(OURS)
    page = director.get(f"/assets/{tv.id}")
    assert page.status_code == 200
    assert "/write-off" not in page.text
    assert sent(director, f"/assets/{tv.id}/change", version="1", room="x").status_code == 403


def test_an_asset_of_another_district_is_not_there(supply: httpx.Client, fleet: Any) -> None:
    assert supply.get("/assets/4711").status_code == 404
    assert supply.get(f"/assets/{2**70}").status_code == 404


def test_programs_read_add_and_change(supply: httpx.Client, tv: Asset) -> None:
    first = supply.get("/api/v1/assets", params={"limit": 1}).json()
    assert [each["number"] for each in first["items"]] == ["7730-1"]
    assert first["next"] is None
    new = {"values": {"kind": "receiver", "number": "5820-2", "price": 990.5, "school": "30010012"}}
    added = supply.post("/api/v1/assets", json=new)
    assert added.status_code == 201, added.text
    one = added.json()
    assert (one["price_satang"], one["state"]) == (99_050, "in_use")
    wish = {"version": one["version"], "values": {"room": "ป.6", "price": None}, "note": "moved by hand"}
    changed = supply.patch(f"/api/v1/assets/{one['id']}", json=wish).json()
    assert (changed["room"], changed["price_satang"], changed["version"]) == ("ป.6", None, 2)
    stale = supply.patch(f"/api/v1/assets/{one['id']}", json=wish)
    assert (stale.status_code, stale.json()["title"]) == (409, "stale")
    wrong = supply.post("/api/v1/assets", json={"values": {"kind": "spaceship", "price": "free", "colour": "red"}})
    assert {each["field"] for each in wrong.json()["errors"]} == {"values.kind", "values.price", "values.colour"}
    history = supply.get(f"/api/v1/assets/{one['id']}/history").json()["items"]
    assert [each["what"] for each in history] == ["changed", "added"]
    assert {"field": "room", "before": "", "after": "ป.6"} in history[0]["changes"]
