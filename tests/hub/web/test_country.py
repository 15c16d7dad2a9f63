"""The page of many districts: counted by a chore, told by province and district, searched, sorted, and as files."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from hub.core.districts import DistrictSettings
from hub.core.findings import RoomDay
from hub.core.people import Permission, Role
from hub.web.district_names import DistrictsMistake, read_names
from hub.web.settings import WebSettings

NOW, MINUTE, DAY = 1_795_157_100_000, 60_000, 86_400_000
HEADING = "code,th,en,province_th,province_en\n"
NAMES = (
    f"{HEADING}cpm1,เขตหนึ่ง,Area One,ชัยภูมิ,Chaiyaphum\ncpm3,เขตสาม,Area Three,ชัยภูมิ,Chaiyaphum\n"
    "kkn1,เขตขอน,Area Kon,ขอนแก่น,Khon Kaen\n"
)
By = Callable[[Role], httpx.Client]


@pytest.fixture
def settings(tmp_path: Path) -> WebSettings:
    path = tmp_path / "districts.csv"
    path.write_text(NAMES, encoding="utf-8")
    return WebSettings(groups=frozenset({"cpm1", "cpm3", "kkn1"}), districts=DistrictSettings(names=path))


@pytest.fixture
def counted(hub: Any, district: Any) -> Any:
    hub.fleet.school("kkn1", "40010001", "โรงเรียนในขอนแก่น")
    hub.fleet.node("kkn1", "40010001", online=False)
    hub.fleet.ticket(district.node, "p9-tv", "tv_failed", [], [], onset_at=NOW - 9 * DAY)
    hub.fleet.room_days(
        RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 31.5}, 120.0),
        RoomDay("cpm3", "30010012", "ป.1", "2026-11-02", {"tv_failed": 100.0}, 0.0),
        RoomDay("cpm3", "30010012", "ป.1", "2026-10-31", {"tv_failed": 999.0}, 0.0),
    )
    hub.office.country.tick(NOW)
    return hub.office.country


def test_a_district_is_counted_with_all_that_is_told_of_it(counted: Any) -> None:
    told = counted.districts()["cpm3"]
    assert (told.at, told.schools, told.agents, told.silent, told.rooms) == (NOW, 1, 2, 1, 1)
    # From the first bell at 8.30 to a quarter to two, in the one room with a receiver.
    assert (told.class_min, told.lost, told.available) == (315.0, {"rain_fade": 31.5}, pytest.approx(0.9))
    assert told.lost_month == {"rain_fade": 31.5, "tv_failed": 100.0}
    assert told.ages == (2, 0, 0, 1)


@pytest.mark.parametrize("path", ["/", "/schools/cpm3/30010012", "/search?q=30010012"])
def test_a_district_is_called_by_its_name_wherever_it_stands(counted: Any, as_role: By, path: str) -> None:
    page = as_role(Role.ADMIN).get(path).text
    assert "cpm3/30010012" not in re.sub(r'[\w-]+="[^"]*"', "", page)
    assert "<span>เขตสาม</span>" in page
    assert "<span>cpm3</span>" not in page


def test_a_request_over_its_limit_is_counted_in_its_district(hub: Any, district: Any, as_role: By) -> None:
    wish = {"type": "repair", "values": {"school": "cpm3/30010012", "symptom": "x", "phone": "1", "reporter": "x"}}
    answer = as_role(Role.TECHNICIAN).post("/api/v1/requests", json=wish, headers={"X-Requested-With": "test"})
    assert answer.status_code == 201
    hub.office.country.tick(NOW)
    assert hub.office.country.districts()["cpm3"].overdue == 0
    hub.office.country.tick(NOW + 60 * DAY)
    assert hub.office.country.districts()["cpm3"].overdue == 1


def test_it_is_counted_every_two_minutes_and_never_by_who_looks(hub: Any, counted: Any) -> None:
    hub.fleet.school("cpm1", "30090001", "โรงเรียนใหม่")
    counted.tick(NOW + MINUTE)
    assert counted.districts()["cpm1"].schools == 0
    counted.tick(NOW + 2 * MINUTE)
    assert counted.districts()["cpm1"].schools == 1


def test_a_hub_that_is_started_again_leaves_counts_that_are_not_old(
    hub: Any, counted: Any, another_hub: Callable[[], Any]
) -> None:
    hub.fleet.school("cpm1", "30090001", "โรงเรียนใหม่")
    again = another_hub().office.country
    again.tick(NOW + MINUTE)
    assert again.districts()["cpm1"].at == NOW
    again.tick(NOW + 2 * MINUTE)
    assert again.districts()["cpm1"].schools == 1


def test_the_days_of_the_month_that_are_over_are_counted_again_after_an_hour(hub: Any, counted: Any) -> None:
    hub.fleet.room_days(RoomDay("cpm3", "30010012", "ป.1", "2026-11-02", {"lnb_failed": 40.0}, 0.0))
    counted.tick(NOW + 60 * MINUTE)
    assert counted.districts()["cpm3"].lost_month == {"rain_fade": 31.5, "lnb_failed": 40.0}


def test_provinces_stand_first_and_lead_to_their_districts(counted: Any, as_role: By) -> None:
    client = as_role(Role.DIRECTOR)
    page = client.get("/country?lang=en").text
    assert "Chaiyaphum" in page
    assert "2 districts" in page
    assert "Area One" not in page
    own = client.get("/country?lang=en&province=Chaiyaphum").text
    assert "Area One" in own
    assert "Area Kon" not in own
    # The name in the other language means the same.
    assert "Area One" in client.get("/country?lang=en&province=ชัยภูมิ").text


@pytest.mark.parametrize(
    ("sort", "first"),
    [("name", "cpm1"), ("open", "cpm3"), ("silent", "cpm3"), ("available", "cpm3"), ("month", "cpm3")],
)
def test_the_worst_stands_first(counted: Any, as_role: By, sort: str, first: str) -> None:
    rows = as_role(Role.DIRECTOR).get(f"/country/export.csv?lang=en&sort={sort}").text.splitlines()
    assert rows[1].lstrip("\ufeff").partition(",")[0] == first


@pytest.mark.parametrize(
    ("words", "found"), [("ขอน", "เขตขอน"), ("cpm1", "เขตหนึ่ง"), ("Khon", "เขตขอน"), ("area", None)]
)
def test_a_district_is_found_by_name_code_or_province(counted: Any, as_role: By, words: str, found: str | None) -> None:
    page = as_role(Role.DIRECTOR).get("/country", params={"q": words}).text
    names = [name for name in ("เขตหนึ่ง", "เขตสาม", "เขตขอน") if name in page]
    assert names == ([found] if found else [])


def test_what_is_shown_can_be_had_as_a_workbook(counted: Any, as_role: By) -> None:
    answer = as_role(Role.DIRECTOR).get("/country/export.xlsx?lang=en&sort=name&province=Chaiyaphum")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("Code", "District", "Province", "Counted")
    assert [row[0] for row in rows[1:]] == ["cpm1", "cpm3"]
    assert rows[2][4:] == (1, 2, 1, 0.9, 32, 132, 3, 2, 0, 0, 1, 0)
    assert as_role(Role.DIRECTOR).get("/country/export.txt").status_code == 404


def test_the_api_tells_each_district_with_the_age_of_what_it_tells(counted: Any, token: Any, anybody: Any) -> None:
    anybody.headers["Authorization"] = f"Bearer {token(Role.GROUP_HEAD, Permission.SEE_REPORTS)}"
    items = anybody.get("/api/v1/districts").json()["items"]
    assert [(each["code"], each["name_en"], each["counted_at"]) for each in items] == [
        ("cpm1", "Area One", NOW),
        ("cpm3", "Area Three", NOW),
        ("kkn1", "Area Kon", NOW),
    ]


def test_what_was_not_counted_is_not_told_as_nothing(hub: Any, district: Any, as_role: By) -> None:
    client = as_role(Role.DIRECTOR)
    assert "Not counted yet" in client.get("/country?lang=en").text
    items = [row.split(",") for row in client.get("/country/export.csv?lang=en").text.splitlines()[1:]]
    assert all(row[4:] == [""] * 12 for row in items)


def test_old_figures_say_that_they_are_old(hub: Any, district: Any, as_role: By) -> None:
    hub.office.country.tick(NOW - 16 * MINUTE)
    assert "These figures are old" in as_role(Role.DIRECTOR).get("/country?lang=en").text


def test_the_part_that_is_fetched_again_is_no_whole_page(counted: Any, as_role: By) -> None:
    headers = {"HX-Request": "true", "HX-Target": "country"}
    part = as_role(Role.DIRECTOR).get("/country?lang=en", headers=headers).text
    assert "<html" not in part
    assert "Chaiyaphum" in part


def test_the_office_leads_there_where_there_are_several(counted: Any, as_role: By) -> None:
    assert 'href="/country"' in as_role(Role.DIRECTOR).get("/office").text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("code,th\na,b\n", "has no column en"),
        (f"{HEADING},x,x,x,x\n", "line 2 has no code"),
        (f"{HEADING}a,x,x,x,x\na,y,y,y,y\n", "line 3 names a once more"),
        (f"{HEADING}a,{'x' * 200},x,x,x\n", "more than 120 characters"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DistrictsMistake, match=why):
        read_names(DistrictSettings(names=path))


def test_a_list_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DistrictsMistake, match="cannot be read"):
        read_names(DistrictSettings(names=tmp_path / "missing.csv"))
    (tmp_path / "d.csv").write_bytes(b"code,th,en,province_th,province_en\na,\xff\xfe,x,x,x\n")
    with pytest.raises(DistrictsMistake, match="no UTF-8"):
        read_names(DistrictSettings(names=tmp_path / "d.csv"))


def test_a_list_from_a_spreadsheet_may_begin_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(f"\ufeff{HEADING}a, เขต  หนึ่ง ,,,\n", encoding="utf-8")
    assert read_names(DistrictSettings(names=tmp_path / "d.csv"))["a"].name("en") == "เขต หนึ่ง"
