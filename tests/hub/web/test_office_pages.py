"""The office's pages, asked directly: lists of schools, codes and slips, computers."""

import io
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE, Role
from hub.enrolment.certificate import Issued
from hub.enrolment.codes import code_hash
from hub.enrolment.records import Trouble
from hub.schools.records import SchoolList, SchoolRecord
from hub.store.enrolment import EnrolmentRows
from hub.store.schools import SchoolRegister, seal
from hub.web.server import WebServer
from hub.web.settings import WebSettings
from provisioning.core.contract import Hardware, read_code

NOW, DAY = 1_795_157_100_000, 86_400_000
OURS = {"Sec-Fetch-Site": "same-origin"}
IMPORT, ENROLMENT, AGENTS = "/admin/schools/import", "/admin/enrolment", "/admin/agents"
A, B = NodeKey("cpm3", "30010012"), NodeKey("cpm3", "30010027")
SCHOOLS = (SchoolRecord(A.name, "โรงเรียนบ้านทุ่งดอกจาน"), SchoolRecord(B.name, '=HYPERLINK("http://x.example")'))


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3", "cpm1"}))


@pytest.fixture
def register(fleet: Any) -> SchoolRegister:
    register, listed = SchoolRegister(fleet.store), SchoolList(SCHOOLS)
    register.take_over("cpm3", listed, seal(register.preview("cpm3", listed)), AT_THE_CONSOLE, NOW)
    return register


@pytest.fixture
def join(fleet: Any) -> Callable[[NodeKey, str], None]:
    """A computer uses a code; without a word to the authority, which these pages never ask."""

    def use(node: NodeKey, code: str) -> None:
        hardware = Hardware("10000000abcd1234", "Raspberry Pi 4 Model B", "Debian GNU/Linux 12", "aarch64")
        issued = Issued(code[:4], code, "root", "PEM", NOW, NOW + 90 * DAY)
        with fleet.store.begin() as work:
            rows = EnrolmentRows(work.connection)
            found = rows.code(code_hash(read_code(code)))
            assert found is not None
            assert found.node == node
            rows.use_code(found, issued, hardware, NOW)
            rows.keep(node, issued, NOW)

    return use


def post(client: httpx.Client, path: str, **fields: Any) -> httpx.Response:
    return client.post(path, data=fields, headers=OURS)


def send(client: httpx.Client, data: bytes, name: str = "list.csv", group: str = "cpm3") -> httpx.Response:
    return client.post(IMPORT, data={"group": group}, files={"file": (name, data)}, headers=OURS)


def seal_on(page: str) -> str:
    return page.partition('name="seal" value="')[2].partition('"')[0]


def make(client: httpx.Client, **fields: Any) -> str:
    """The page of the new batch."""
    answer = post(client, ENROLMENT, group="cpm3", **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def codes_on(page: str) -> list[str]:
    return [part.partition("<")[0] for part in page.split('<code class="secret small">')[1:]]


class TestLists:
    def test_only_what_was_seen_is_taken_over(self, client: httpx.Client, register: SchoolRegister) -> None:
        assert send(client, b"code,name,pupils\n30010012,renamed,64\n5,fifth,\n").headers["location"] == IMPORT
        page = client.get(f"{IMPORT}?lang=en").text
        assert "<del>โรงเรียนบ้านทุ่งดอกจาน</del> → <ins>renamed</ins>" in page
        assert "<del><i>empty</i></del> → <ins>64</ins>" in page
        assert "fifth" in page
        done = post(client, f"{IMPORT}/confirm", seal=seal_on(page)).headers["location"]
        page = client.get(done).text
        assert "1 new, 1 changed, 0 as they were." in page
        assert f'href="{ENROLMENT}"' in page
        assert [each.name for each in register.known("cpm3")][:2] == ["renamed", '=HYPERLINK("http://x.example")']

    def test_another_seal_takes_over_nothing_and_shows_what_would_change_now(
        self, client: httpx.Client, register: SchoolRegister
    ) -> None:
        send(client, b"code,name\n30010012,renamed\n")
        again = post(client, f"{IMPORT}/confirm", seal="0" * 64).headers["location"]
        assert "The register was changed meanwhile" in client.get(f"{again}&lang=en").text
        assert register.known("cpm3")[0].name == SCHOOLS[0].name

    def test_every_mistake_is_told_with_its_row_column_and_way_out(self, client: httpx.Client) -> None:
        send(client, "รหัส,ชื่อ,นักเรียน,เบอร์โทร\n1,,<b>x</b>,0\n3-3,ก,1,0\n".encode())
        page = client.get(f"{IMPORT}?lang=en").text
        for told in ("3 mistakes", "Row 2 · School name", "fill in this cell", "Row 3 · School code", "3-3", "เบอร์โทร"):
            assert told in page, told
        assert "&lt;b&gt;x&lt;/b&gt;" in page
        assert 'name="seal"' not in page

    def test_it_waits_for_who_sent_it_also_after_a_start(
        self, client: httpx.Client, as_role: Any, another_hub: Any
    ) -> None:
        send(client, b"code,name\n1,first\n")
        assert "first" not in as_role(Role.ADMIN).get(IMPORT).text
        started = another_hub()
        server = WebServer(started.app, started.live, "127.0.0.1", 0)
        server.start()
        cookies = {"session": client.cookies["session"]}
        page = httpx.get(f"http://127.0.0.1:{server.port}{IMPORT}", cookies=cookies).text
        server.stop()
        assert "first" in page

    def test_what_is_thrown_away_waits_no_more(self, client: httpx.Client) -> None:
        send(client, b"code,name\n1,first\n")
        post(client, f"{IMPORT}/drop")
        assert "first" not in client.get(IMPORT).text

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"\xd0\xcf\x11\xe0old", "cannot be read as a table"),
            (b"PK\x03\x04damaged", "cannot be read as a table"),
            (b"", "no row"),
        ],
    )
    def test_a_file_that_is_no_table_is_refused_in_words(self, client: httpx.Client, data: bytes, told: str) -> None:
        client.cookies["lang"] = "en"
        answer = send(client, data, "C:\\temp\\x.xlsx")
        assert answer.status_code == 422
        assert told in answer.text.lower()
        assert "C:" not in answer.text

    def test_a_workbook_that_is_a_bomb_is_not_opened(self, client: httpx.Client) -> None:
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70 * 1024**2)
        assert len(bomb.getvalue()) < 200_000
        assert send(client, bomb.getvalue()).status_code == 422

    def test_eight_megabytes_may_come_here_and_nowhere_else(self, client: httpx.Client) -> None:
        row = b"1,first," + b"x" * 1900 + b"\n"
        just = b"code,name,more\n" + row * (8 * 1024**2 // len(row) - 1)
        assert send(client, just).status_code == 303
        assert send(client, just + b"x" * 1024**2).status_code == 413
        assert client.post(f"{IMPORT}/confirm", content=b"x" * 70_000, headers=OURS).status_code == 413

    def test_nothing_of_a_body_is_read_for_who_may_not(self, as_role: Any) -> None:
        assert send(as_role(Role.TECHNICIAN), b"x" * 5_000_000).status_code == 403

    def test_another_district_than_the_hubs_is_refused(self, client: httpx.Client) -> None:
        assert send(client, b"code,name\n1,first\n", group="elsewhere").status_code == 404

    def test_no_formula_leaves_the_register(self, client: httpx.Client, register: SchoolRegister) -> None:
        text = client.get("/admin/schools/export.csv?group=cpm3&lang=en").content.decode("utf-8-sig")
        assert "\"'=HYPERLINK(" in text
        book = load_workbook(io.BytesIO(client.get("/admin/schools/export.xlsx?group=cpm3").content))
        assert {cell.data_type for row in book.active.iter_rows(max_col=2) for cell in row} == {"s"}
        assert client.get("/admin/schools/export.exe").status_code == 404

    @pytest.mark.parametrize("language", ["th", "en"])
    def test_the_template_can_be_filled_in_and_sent(self, client: httpx.Client, language: str) -> None:
        client.cookies["lang"] = language
        book = load_workbook(io.BytesIO(client.get("/admin/schools/template.xlsx").content))
        book.active.append(["30010012", "โรงเรียนบ้านทุ่งดอกจาน", 15.8, 102.0, 64])
        filled = io.BytesIO()
        book.save(filled)
        send(client, filled.getvalue(), "x.xlsx")
        assert 'name="seal"' in client.get(IMPORT).text


class TestCodes:
    def test_chosen_schools_get_codes_and_slips(self, client: httpx.Client, register: Any) -> None:
        batch = make(client, schools=[A.name, B.name], note="ส่งทางไปรษณีย์")
        page = client.get(f"{batch}?lang=en")
        assert page.headers["cache-control"] == "no-store"
        codes = codes_on(page.text)
        assert len(codes) == 2
        pdf = client.get(f"{batch}/slips.pdf")
        assert pdf.headers["content-type"] == "application/pdf"
        assert pdf.headers["cache-control"] == "no-store"
        text = subprocess.run(["pdftotext", "-", "-"], input=pdf.content, capture_output=True, check=True, timeout=60)
        assert [code in each for code, each in zip(codes, text.stdout.decode().split("\f"), strict=False)] == [True] * 2
        assert "ส่งทางไปรษณีย์" in client.get(f"{ENROLMENT}?group=cpm3").text

    def test_nobody_else_sees_the_codes(self, client: httpx.Client, as_role: Any, register: Any) -> None:
        batch = make(client, schools=[A.name])
        (code,) = codes_on(client.get(batch).text)
        other = as_role(Role.TECHNICIAN)
        page = other.get(f"{batch}?lang=en").text
        assert code not in page
        assert "cannot be printed again" in page
        assert other.get(f"{batch}/slips.pdf").headers["location"] == batch

    def test_all_that_are_listed_are_those_of_the_search(self, client: httpx.Client, register: Any) -> None:
        page = client.get(make(client, which="listed", show="all", q="ดอกจาน")).text
        assert A.name in page
        assert B.name not in page

    def test_all_at_once_does_not_make_slips_under_way_worthless(self, client: httpx.Client, register: Any) -> None:
        first = make(client, schools=[A.name])
        second = make(client, which="listed", show="all")
        assert len(codes_on(client.get(first).text)) == len(codes_on(client.get(second).text)) == 1
        assert 'value="listed"' not in client.get(f"{ENROLMENT}?group=cpm3&show=all").text
        assert post(client, ENROLMENT, group="cpm3", which="listed", show="all").status_code == 422

    def test_who_needs_no_code_is_not_offered_one(
        self, client: httpx.Client, register: Any, join: Callable[[NodeKey, str], None]
    ) -> None:
        batch = make(client, schools=[A.name])
        assert f'value="{A.name}"' not in client.get(f"{ENROLMENT}?group=cpm3").text
        assert f'value="{A.name}"' in client.get(f"{ENROLMENT}?group=cpm3&show=without").text
        (code,) = codes_on(client.get(batch).text)
        join(A, code)
        answer = post(client, f"{ENROLMENT}?lang=en", group="cpm3", schools=[A.name])
        assert answer.status_code == 422
        assert "it has a computer" in answer.text
        assert codes_on(client.get(make(client, schools=[A.name], purpose="further")).text)

    def test_a_hub_that_has_nothing_to_install_says_so(self, client: httpx.Client, register: Any) -> None:
        batch = make(client, schools=[A.name])
        for path in (f"{ENROLMENT}?lang=en&group=cpm3", f"{batch}?lang=en"):
            assert "dltv-hub bundle build" in client.get(path).text

    def test_nothing_chosen_is_told(self, client: httpx.Client, register: Any) -> None:
        assert post(client, ENROLMENT, group="cpm3").status_code == 422

    def test_what_was_left_out_is_told_on_the_page_of_the_batch(self, client: httpx.Client, register: Any) -> None:
        batch = make(client, schools=[A.name, "999"])
        assert "<b>999</b>: the register has no such school" in client.get(f"{batch}&lang=en").text
        assert client.get(f"{ENROLMENT}/1?s=x~%3Cb%3E&s=y&s=<i>~twice").text.count("<i>") == 0

    def test_a_code_is_withdrawn_and_made_anew(self, client: httpx.Client, register: Any) -> None:
        batch = make(client, schools=[A.name, B.name])
        first = codes_on(client.get(batch).text)
        post(client, f"{ENROLMENT}/codes/withdraw", group="cpm3", node=A.name, batch=batch.rpartition("/")[2])
        assert codes_on(client.get(batch).text) == first[1:]
        again = post(client, f"{ENROLMENT}/codes/again", group="cpm3", node=A.name).headers["location"]
        (second,) = codes_on(client.get(again).text)
        assert second not in first

    def test_a_batch_is_withdrawn_or_made_anew_as_a_whole(self, client: httpx.Client, register: Any) -> None:
        batch = make(client, schools=[A.name, B.name])
        again = post(client, f"{batch}/again").headers["location"]
        assert codes_on(client.get(batch).text) == []
        assert len(codes_on(client.get(again).text)) == 2
        post(client, f"{again}/withdraw")
        assert codes_on(client.get(again).text) == []

    @pytest.mark.parametrize("number", ["0", "99", "9" * 30])
    def test_there_is_no_such_batch(self, client: httpx.Client, number: str) -> None:
        assert client.get(f"{ENROLMENT}/{number}").status_code == 404

    def test_somebody_of_another_district_sees_nothing_of_it(
        self, client: httpx.Client, hub: Any, as_role: Any, register: Any, join: Callable[[NodeKey, str], None]
    ) -> None:
        batch = make(client, schools=[A.name])
        join(A, codes_on(client.get(batch).text)[0])
        person = hub.accounts.people.by_login("technician")
        hub.accounts.people.change(AT_THE_CONSOLE, person.id, replace(person.place, groups=frozenset({"cpm1"})), NOW)
        limited = as_role(Role.TECHNICIAN)
        for path in (batch, f"{batch}/slips.pdf", f"{ENROLMENT}?group=cpm3", f"{AGENTS}/cpm3/{A.name}"):
            assert limited.get(path).status_code == 404, path
        assert post(limited, f"{AGENTS}/cpm3/{A.name}/shut-out", reason="stolen").status_code == 404
        assert A.name not in limited.get(AGENTS).text


class TestComputers:
    @pytest.fixture
    def inside(self, client: httpx.Client, register: Any, fleet: Any, join: Callable[[NodeKey, str], None]) -> None:
        fleet.node("cpm3", A.name)
        join(A, codes_on(client.get(make(client, schools=[A.name])).text)[0])

    @pytest.mark.parametrize("wanted", ["ทุ่ง", "30010012", "abcd1234", "raspberry pi"])
    def test_a_computer_is_found_by_what_somebody_knows(self, client: httpx.Client, inside: None, wanted: str) -> None:
        assert f'href="{AGENTS}/cpm3/{A.name}"' in client.get(AGENTS, params={"q": wanted}).text

    def test_its_page_tells_what_is_known(self, client: httpx.Client, inside: None) -> None:
        page = client.get(f"{AGENTS}/cpm3/{A.name}?lang=en").text
        for told in ("10000000abcd1234", "Raspberry Pi 4 Model B", "0.1.0", "18 Feb 2027", "just now"):
            assert told in page, told

    def test_it_is_shut_out_for_a_reason_and_comes_in_by_a_new_code(self, client: httpx.Client, inside: None) -> None:
        path = f"{AGENTS}/cpm3/{A.name}"
        assert post(client, f"{path}/shut-out").status_code == 422
        assert post(client, f"{path}/shut-out", reason="other").status_code == 422
        done = post(client, f"{path}/shut-out", reason="stolen", note="<reported>").headers["location"]
        page = client.get(f"{done}&lang=en").text
        assert "It is shut out." in page
        assert "stolen: &lt;reported&gt;" in page
        assert A.name in client.get(f"{AGENTS}?which=revoked").text
        again = post(client, f"{ENROLMENT}/codes/again", group="cpm3", node=A.name).headers["location"]
        assert len(codes_on(client.get(again).text)) == 1

    def test_copies_are_told_before_all_others(self, client: httpx.Client, inside: None, fleet: Any) -> None:
        with fleet.store.begin() as work:
            EnrolmentRows(work.connection).note(Trouble("key_superseded", A, "k", "203.0.113.7"), NOW - DAY)
        for path in (AGENTS, f"{AGENTS}/cpm3/{A.name}"):
            assert "a copy of this computer tried to renew its certificate" in client.get(f"{path}?lang=en").text

    def test_who_may_not_shut_out_is_not_offered_it(self, as_role: Any, inside: None) -> None:
        assert as_role(Role.DIRECTOR).get(f"{AGENTS}/cpm3/{A.name}").status_code == 403

    def test_there_is_no_such_computer(self, client: httpx.Client) -> None:
        assert client.get(f"{AGENTS}/cpm3/nobody").status_code == 404
        assert client.get(f"{AGENTS}/elsewhere/{A.name}").status_code == 404
