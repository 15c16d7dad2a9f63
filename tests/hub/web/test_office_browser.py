"""From a list of schools to a computer that is shut out, as the office does it: on a phone and at a desk, in both languages."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from hub.core.equipment import NodeKey
from hub.core.people import Role
from hub.enrolment.certificate import Issued
from hub.enrolment.codes import code_hash
from hub.store.enrolment import EnrolmentRows
from hub.web.settings import WebSettings
from provisioning.core.contract import Hardware, read_code
from tests.hub.web.looking import DESK, DESK_TH, PHONE, PHONE_EN, Screen, Seats, check, look

pytestmark = pytest.mark.e2e
NOW, DAY = 1_795_157_100_000, 86_400_000
HEAD = "รหัสโรงเรียน,ชื่อโรงเรียน,จำนวนนักเรียน\n"
BAD = f"{HEAD}30010012,,64\n30010027,โรงเรียนบ้านนาริมห้วย,มาก\n"
GOOD = f"{HEAD}30010012,โรงเรียนบ้านทุ่งดอกจาน,64\n30010027,โรงเรียนบ้านนาริมห้วย,41\n"


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture(params=[PHONE, PHONE_EN, DESK, DESK_TH], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def page(sit: Seats) -> Page:
    return sit(Role.GROUP_HEAD)


def send(page: Page, text: str) -> None:
    page.set_input_files("input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()})
    expect(page.locator(".chosen")).to_have_text("list.csv")
    page.locator("form[enctype] button").click()


def take_over(page: Page) -> None:
    page.goto("/manage")
    page.locator("a[href='/admin/schools/import']").click()
    look(page)
    send(page, BAD)
    expect(page.locator("#mistakes + .log > li")).to_have_count(2)
    expect(page.locator("[name=seal]")).to_have_count(0)
    look(page)
    send(page, GOOD)
    expect(page.locator("#new + .log > li")).to_have_count(2)
    look(page)
    check(page)
    page.locator("form.confirm button").click()
    expect(page.locator(".hint.ok")).to_contain_text("2")
    look(page)


def print_slips(page: Page, folder: Path) -> list[str]:
    """The codes, as a phone's camera reads them from the paper."""
    page.locator(".hint a[href='/admin/enrolment']").click()
    boxes = page.locator("input[name=schools]")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.check()
    expect(page.locator("main [data-count]")).to_have_text("2")
    look(page)
    check(page)
    page.locator("button[value=chosen]").click()
    page.wait_for_url("**/admin/enrolment/*")
    look(page)
    check(page)
    with page.expect_download() as download:
        page.locator("a[href*='paper=th']").click()
    pdf = folder / "slips.pdf"
    download.value.save_as(pdf)
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True, timeout=60).stdout.decode()
    assert "โรงเรียนบ้านทุ่งดอกจาน" in text
    subprocess.run(["pdftoppm", "-r", "150", "-png", str(pdf), str(folder / "page")], check=True, timeout=60)
    found = [read_qr(picture) for picture in sorted(folder.glob("page*.png"))]
    assert [line.startswith("curl -fsSk --pinnedpubkey") for line in found] == [True, True]
    return [line.rpartition(" ")[2] for line in found]


def read_qr(picture: Path) -> str:
    done = subprocess.run(["zbarimg", "--raw", "-q", str(picture)], capture_output=True, check=True, timeout=60)
    return done.stdout.decode().strip()


def join(fleet: Any, code: str) -> NodeKey:
    """As the device API does, without a certificate that could be read."""
    with fleet.store.begin() as work:
        rows = EnrolmentRows(work.connection)
        found = rows.code(code_hash(read_code(code)))
        assert found is not None
        issued = Issued(code, code, "root", "PEM", NOW, NOW + 90 * DAY)
        rows.use_code(
            found, issued, Hardware("10000000abcd1234", "Raspberry Pi 4 Model B", "Debian 12", "aarch64"), NOW
        )
        rows.keep(found.node, issued, NOW)
    return found.node


def test_from_a_list_to_slips_to_computers_to_one_that_is_shut_out(page: Page, fleet: Any, tmp_path: Path) -> None:
    take_over(page)
    codes = print_slips(page, tmp_path)
    nodes = [join(fleet, code) for code in codes]
    page.reload()
    expect(page.locator(".mark.on")).to_have_count(2)
    page.goto("/manage")
    page.locator("a[href='/admin/agents']").click()
    look(page)
    page.locator("input[type=search]").fill("ทุ่ง")
    page.keyboard.press("Enter")
    page.locator(f"a[href$='/{nodes[0].name}']").click()
    look(page)
    page.locator("a[href$='/shut-out']").click()
    look(page)
    check(page)
    page.locator("#reason").select_option("stolen")
    page.locator("button.stop").click()
    page.wait_for_url(re.compile(r"done=out"))
    expect(page.locator(".mark.trouble")).to_be_visible()
    expect(page.locator("a[href$='/shut-out']")).to_have_count(0)
    look(page)
    check(page)
    page.locator("form[action$='/again'] button").click()
    page.wait_for_url("**/admin/enrolment/*")
    expect(page.locator("code.secret")).to_have_count(1)


def test_what_was_chosen_before_the_script_came_counts_too(sit: Seats, district: Any) -> None:
    page = sit.another(Role.GROUP_HEAD, worker=False)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/office.js*", hold)
    page.goto("/admin/enrolment?show=all", wait_until="commit")
    page.locator("input[name=schools]").first.check()
    expect(page.locator("main [data-count]")).to_be_empty()
    held[0].continue_()
    expect(page.locator("main [data-count]")).to_have_text("1")


def test_a_file_that_is_too_large_is_not_even_sent(page: Page) -> None:
    page.goto("/admin/schools/import")
    file = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"x" * (8 * 1024**2 + 1)}
    page.set_input_files("input[type=file]", file)
    expect(page.locator("[data-too-large]")).to_be_visible()
    page.locator("form[enctype] button").click()
    expect(page.locator("input[type=file]:invalid")).to_have_count(1)
    assert page.url.endswith("/admin/schools/import")
