"""Pages of device profiles: which there are, who uses them, and a new one: checked, signed in a set, rolled out from there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.core.people import Role
from hub.releases.profile_sets import ids_in, profiles_target
from hub.releases.publishing import publish_profiles
from hub.releases.repository import SignedRepository
from hub.releases.signing import FLEET
from hub.store.audit import Wanted, entries
from hub.web.settings import WebSettings

NOW = 1_795_157_100_000
OURS = {"Sec-Fetch-Site": "same-origin"}
PAGE = "/admin/profiles"
NEW = """\
id = "acme/set"
label = { en = "Acme set", th = "ทีวีแอคมี" }
kind = "tv"
source = ["a manual"]
standby = "unknown"

[protocol]
name = "ascii"
request_end = "\\r"
answer = 'OK.*'

[link]
serial = {}

[[poll]]
name = "power"
every_s = 10
request = "P?"
answer = { format = "pattern", pattern = 'OK(?P<state>\\d)' }
read = [{ metric = "power/on", field = "state", table = { "0" = false, "1" = true } }]
"""


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def admin(as_role: Callable[[Role], httpx.Client]) -> httpx.Client:
    return as_role(Role.ADMIN)


@pytest.fixture
def repository(fleet: Any, tmp_path: Path) -> SignedRepository:
    """Of the hub, with its keys."""
    made = SignedRepository(fleet.folder / "repository", fleet.folder / "pki")
    made.begin(tmp_path / "offline", NOW - 1000)
    return made


def sent(client: httpx.Client, text: str, deed: str = "check") -> httpx.Response:
    return client.post(f"{PAGE}/{deed}", data={"text": text}, headers=OURS)


def ids(repository: SignedRepository, version: str) -> frozenset[str]:
    return ids_in(repository.read(FLEET, profiles_target(version), NOW))


def test_the_list_says_what_can_be_read_and_who_uses_it(admin: httpx.Client, fleet: Any) -> None:
    node = fleet.node("cpm3", "30010012")
    fleet.device(node, "p1-tv", "tv", {}, profile="lg/rs232")
    fleet.device(node, "p2-tv", "tv", {}, profile="lg/rs232")
    page = admin.get(PAGE).text
    assert "โทรทัศน์ LG รุ่นเชิงพาณิชย์ (RS-232C)" in page
    assert "อุปกรณ์ 2 ชิ้น · 1 โรงเรียน" in page
    assert "ยังไม่มีเครื่องใช้" in page


def test_devices_of_other_districts_are_not_counted(admin: httpx.Client, fleet: Any) -> None:
    fleet.device(fleet.node("elsewhere", "1"), "p1-tv", "tv", {}, profile="lg/rs232")
    assert "อุปกรณ์ 1 ชิ้น" not in admin.get(PAGE).text


def test_a_kind_is_chosen(admin: httpx.Client) -> None:
    page = admin.get(PAGE, params={"kind": "projector"}).text
    assert "/admin/profiles/pjlink/generic" in page
    assert "/admin/profiles/lg/rs232" not in page


def test_a_profile_names_its_sources_its_metrics_and_its_devices(admin: httpx.Client, fleet: Any) -> None:
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    fleet.device(fleet.node("cpm3", "30010012"), "p1-tv", "tv", {}, profile="lg/rs232", room="ป.1")
    page = admin.get(f"{PAGE}/lg/rs232").text
    for told in ("LG 70UL3E manual", "input/source", "โรงเรียนบ้านทุ่งดอกจาน", "/schools/cpm3/30010012/devices/p1-tv"):
        assert told in page


def test_no_profile_of_that_name_is_said_so(admin: httpx.Client) -> None:
    assert admin.get(f"{PAGE}/acme/nothing").status_code == 404


def test_a_mistake_is_told_by_line_and_key_with_the_way_out(admin: httpx.Client) -> None:
    answer = sent(admin, NEW.replace('metric = "power/on"', 'metric = "power/onn"'))
    assert answer.status_code == 422
    assert "บรรทัดที่ 20" in answer.text
    assert "&#34;power/onn&#34; ไม่ใช่ค่าของอุปกรณ์ชนิด tv" in answer.text
    assert "หมายถึง &#34;power/on&#34; หรือไม่" in answer.text
    # What was typed is there to be mended.
    assert "ทีวีแอคมี" in answer.text


def test_in_english_it_is_told_as_the_program_says_it(admin: httpx.Client) -> None:
    text = NEW.replace('metric = "power/on"', 'metric = "power/onn"')
    page = admin.post(f"{PAGE}/check", params={"lang": "en"}, data={"text": text}, headers=OURS).text
    assert "is no metric of a tv" in page


def test_a_file_is_checked_as_well(admin: httpx.Client) -> None:
    files = {"file": ("set.toml", NEW.encode(), "text/plain")}
    assert "ทีวีแอคมี พร้อมลงลายมือชื่อ" in admin.post(f"{PAGE}/check", files=files, headers=OURS).text


def test_a_file_that_is_no_text_is_said_so(admin: httpx.Client) -> None:
    files = {"file": ("set.toml", b"\xff\xfe\x00", "text/plain")}
    answer = admin.post(f"{PAGE}/check", files=files, headers=OURS)
    assert answer.status_code == 422
    assert "ไฟล์นี้ไม่ใช่ข้อความ" in answer.text
    assert "ส่งไฟล์ .toml ที่บันทึกเป็น UTF-8" in answer.text


def test_a_profile_that_starts_a_program_is_not_taken(admin: httpx.Client) -> None:
    other = NEW.replace("serial = {}", 'command = { program = ["/bin/sh"] }')
    assert sent(admin, other).status_code == 422


def test_a_good_profile_is_signed_in_a_new_set(admin: httpx.Client, repository: SignedRepository, hub: Any) -> None:
    answer = sent(admin, NEW, "publish")
    assert answer.status_code == 303
    version = answer.headers["location"].partition("published=")[2]
    assert ids(repository, version) == {"acme/set"}
    page = admin.get(answer.headers["location"]).text
    assert f"ลงลายมือชื่อชุด {version} แล้ว" in page
    assert "ทีวีแอคมี" in page
    written = entries(hub.fleet.store, Wanted(what="profiles.published"), 5)
    assert [each.subject for each in written] == [f"profiles:{version}"]


def test_the_set_is_chosen_where_it_is_rolled_out(admin: httpx.Client, repository: SignedRepository) -> None:
    version = sent(admin, NEW, "publish").headers["location"].partition("published=")[2]
    page = admin.get("/rollouts", params={"what": f"profiles:{version}"}).text
    assert f'<option value="profiles:{version}" selected>' in page


def test_a_newer_set_keeps_what_the_one_before_brought(
    admin: httpx.Client, repository: SignedRepository, tmp_path: Path
) -> None:
    before = tmp_path / "set" / "acme"
    before.mkdir(parents=True)
    (before / "old.toml").write_text(NEW.replace("acme/set", "acme/old"), "utf-8")
    publish_profiles(repository, before.parent, "2026-01-01", NOW - 500)
    version = sent(admin, NEW, "publish").headers["location"].partition("published=")[2]
    assert ids(repository, version) == {"acme/old", "acme/set"}


def test_what_says_the_same_is_not_signed_again(admin: httpx.Client, repository: SignedRepository) -> None:
    assert sent(admin, NEW, "publish").status_code == 303
    again = sent(admin, NEW.replace("\n", "\r\n"), "publish")
    assert again.status_code == 422
    assert "เหมือนโปรไฟล์ที่ใช้อยู่" in again.text


def test_without_keys_the_way_to_them_is_told(admin: httpx.Client) -> None:
    answer = sent(admin, NEW, "publish")
    assert answer.status_code == 422
    assert "dltv-hub release keys" in answer.text


def test_mistakes_are_never_signed(admin: httpx.Client, repository: SignedRepository) -> None:
    assert sent(admin, NEW.replace('kind = "tv"', 'kind = "tvv"'), "publish").status_code == 422
    assert not [name for name in repository.offer(NOW).targets[FLEET] if name.startswith("profiles/")]


def test_the_head_of_the_group_checks_and_the_administrator_signs(as_role: Callable[[Role], httpx.Client]) -> None:
    head = as_role(Role.GROUP_HEAD)
    page = sent(head, NEW).text
    assert "ผู้ดูแลระบบเป็นผู้ลงลายมือชื่อ" in page
    assert f"{PAGE}/publish" not in page
    assert sent(head, NEW, "publish").status_code == 403


def test_one_begins_with_a_profile_that_is_alike(admin: httpx.Client) -> None:
    assert "request_end" in admin.get(f"{PAGE}/check", params={"like": "lg/rs232"}).text
