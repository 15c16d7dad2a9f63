"""The office's requests in the browser's eyes and over JSON: lists, forms made from definitions, steps, refusals."""

import base64
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hub.core.people import Permission, Role

OURS = {"Sec-Fetch-Site": "same-origin"}
PROGRAM = {**OURS, "X-Requested-With": "test"}
CALL = {"caller": "ครูมานี", "phone": "044 000 000", "question": "ภาพกระตุก <b>"}
SIGNATURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 9000).decode()
By = Callable[[Role], httpx.Client]


def send(client: httpx.Client, path: str, version: int | None = None, note: str = "", **fields: Any) -> httpx.Response:
    """As a form of the page does."""
    data = {f"f.{name}": value for name, value in fields.items()} | {"note": note}
    if version is not None:
        data["version"] = str(version)
    return client.post(path, data=data, files={"nothing": ("", b"")}, headers=OURS)


def opened(client: httpx.Client, request_type: str = "phone_consult", **fields: Any) -> str:
    answer = send(client, f"/requests/new/{request_type}", **(fields or CALL))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_whoever_is_of_one_school_need_not_write_it(fleet: Any, as_role: Callable[[Role], httpx.Client]) -> None:
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    fleet.school("cpm3", "30010027", "โรงเรียนบ้านอื่น")
    asked = re.compile(r'<input id="-school"[^>]* value="([^"]*)"')
    shown = [asked.search(as_role(each).get("/requests/new/repair").text) for each in (Role.SCHOOL, Role.TECHNICIAN)]
    assert [each and each[1] for each in shown] == ["โรงเรียนบ้านทุ่งดอกจาน", ""]


def test_a_phone_number_that_was_written_can_be_called(client: httpx.Client, fleet: Any) -> None:
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    where = opened(client, "repair", school="30010012", symptom="จอดับ", phone="044-000 000")
    assert '<a class="tap" href="tel:044000000">044-000 000</a>' in client.get(where).text
    where = opened(client, "repair", school="30010012", symptom="จอดับ", phone="ถามธุรการ")
    assert "tel:" not in client.get(where).text


def test_each_is_offered_what_their_roles_may_open(as_role: By) -> None:
    school, head = (as_role(role).get("/requests/new?lang=en").text for role in (Role.SCHOOL, Role.GROUP_HEAD))
    assert "Software installation" in school
    assert "Incoming letter" not in school
    assert "Incoming letter" in head
    assert "Yearly allocation" in head


def test_what_can_be_asked_for_stands_on_shelves(as_role: By) -> None:
    page = as_role(Role.SCHOOL).get("/requests/new?lang=en").text
    shelves = [page.index(f'id="shelf-{name}"') for name in ("equipment", "supply", "meetings", "systems", "accounts")]
    assert shelves == sorted(shelves)
    assert 'id="shelf-other"' not in page


def test_a_way_down_to_the_next_step_names_it_but_leads_nobody_to_a_bad_end(as_role: By) -> None:
    technician, clerk = as_role(Role.TECHNICIAN), as_role(Role.CLERK)
    where = opened(clerk, "purchase_request", subject="กระดาษ")
    assert '<a class="button main" href="#steps">Next step: Write it out' in technician.get(f"{where}?lang=en").text
    page = clerk.get(f"{where}?lang=en").text
    assert "Somebody else does the next step." in page
    assert 'href="#steps"' not in page
    assert '<summary class="button step" id="step-cancel">' in page


def test_a_school_is_called_by_its_name(client: httpx.Client, fleet: Any) -> None:
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    where = opened(client, "repair", school="บ้านทุ่งดอกจาน", symptom="จอดับ")
    assert client.get(f"/api/v1{where}").json()["values"]["school"] == "cpm3/30010012"
    answer = send(client, "/requests/new/repair", school="บ้านอื่น", symptom="จอดับ")
    assert (answer.status_code, 'value="บ้านอื่น"' in answer.text) == (422, True)


def test_a_list_of_requests_names_their_schools(client: httpx.Client, fleet: Any) -> None:
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    wish = {
        "type": "repair",
        "values": {"school": "cpm3/30010012", "symptom": "ไม่มีภาพ", "reporter": "ครู", "phone": "1"},
    }
    answer = client.post("/api/v1/requests", json=wish, headers={**OURS, "X-Requested-With": "test"})
    assert answer.status_code == 201, answer.text
    for path in ("/requests", "/search?q=ทุ่งดอก", f"/requests/{answer.json()['number']}"):
        page = client.get(path).text
        assert "โรงเรียนบ้านทุ่งดอกจาน" in page
        assert "โรงเรียนรหัส" not in page


def test_a_form_is_made_from_its_definition(client: httpx.Client) -> None:
    page = client.get("/requests/new/room_booking?lang=en").text
    assert '<option value="chan_pha">Chan Pha</option>' in page
    assert 'type="datetime-local"' in page
    assert 'type="file"' in page
    assert "At least 2 hours ahead" in page
    thai = client.get("/requests/new/room_booking?lang=th").text
    assert "จันทน์ผา" in thai


def test_what_is_not_offered_is_not_there(client: httpx.Client) -> None:
    assert client.get("/requests/new/never_heard_of").status_code == 404
    assert send(client, "/requests/new/never_heard_of").status_code == 404


def test_what_is_not_for_a_role_is_not_shown_to_it(as_role: By) -> None:
    assert as_role(Role.SCHOOL).get("/requests/new/letter_in").status_code == 403


def test_a_request_is_opened_and_walked_to_its_end(client: httpx.Client) -> None:
    where = opened(client)
    assert where == "/requests/PC-2570-0001"
    page = client.get(f"{where}?lang=en").text
    assert "ภาพกระตุก &lt;b&gt;" in page
    assert "Promise to call back" in page
    answer = send(client, f"{where}/steps/promise", 1, "จะถามศูนย์", call_back_at="2026-11-23T10:00")
    assert answer.status_code == 303
    page = client.get(f"{where}?lang=en").text
    assert "due 23 Nov 2026 10:00" in page
    assert "<blockquote>จะถามศูนย์</blockquote>" in page
    assert send(client, f"{where}/steps/call_back", 2, answer="จูนช่องใหม่").status_code == 303
    page = client.get(f"{where}?lang=en").text
    assert "This request is done." in page
    assert "Called back and advised" in page


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client: httpx.Client) -> None:
    client.get("/requests?lang=en")
    answer = send(client, "/requests/new/phone_consult", note="สำคัญ", caller="ครู <มานี>", phone="", question="")
    assert answer.status_code == 422
    assert "What you typed is kept." in answer.text
    assert answer.text.count("must be filled") == 4
    assert 'value="ครู &lt;มานี&gt;"' in answer.text
    assert ">สำคัญ</textarea>" in answer.text


def test_a_rule_that_says_no_is_told_in_the_readers_language(client: httpx.Client) -> None:
    room = {"room": "video", "meeting": "ก", "people": "16", "urgent": "no", "phone": "1"}
    room |= {"starts": "2026-11-21T09:00", "ends": "2026-11-21T12:00"}
    english = send(client, "/requests/new/room_booking?lang=en", **room)
    assert english.status_code == 422
    assert "has to be told at least 3 days ahead" in english.text
    assert "speak to the DLICT group directly" in english.text
    assert "ต้องแจ้งล่วงหน้าอย่างน้อย 3 วัน" in send(client, "/requests/new/room_booking?lang=th", **room).text


def test_a_stale_page_is_told_so_and_keeps_what_was_typed(client: httpx.Client) -> None:
    where = opened(client)
    send(client, f"{where}/steps/promise", 1, call_back_at="2026-11-23T10:00")
    answer = send(client, f"{where}/steps/promise?lang=en", 1, "ของฉัน", call_back_at="2026-11-24T11:00")
    assert answer.status_code == 409
    assert "Somebody changed this request while you had it open" in answer.text
    assert 'value="2026-11-24T11:00"' in answer.text
    assert ">ของฉัน</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text


def test_what_was_typed_into_a_step_that_is_gone_is_shown(client: httpx.Client) -> None:
    where = opened(client)
    send(client, f"{where}/steps/answer_now", 1, answer="ตอบแล้ว")
    answer = send(client, f"{where}/steps/answer_now?lang=en", 1, "โน้ต", answer="คำตอบยาว ๆ ของฉัน")
    assert answer.status_code == 409
    assert "คำตอบยาว ๆ ของฉัน" in answer.text
    assert "โน้ต" in answer.text


def test_a_repair_asks_for_photos_once_and_a_card_for_its_picture(client: httpx.Client, as_role: By) -> None:
    repair, card = as_role(Role.TECHNICIAN).get("/requests/new/repair").text, client.get("/requests/new/user_card").text
    assert ('name="f.picture"' in repair, 'name="photo"' in repair) == (False, True)
    assert 'name="f.picture"' in card


def test_a_file_is_kept_although_the_form_is_refused(client: httpx.Client) -> None:
    files = {"f.picture": ("รูป.jpg", b"JPEG", "image/jpeg")}
    refused = client.post("/requests/new/user_card?lang=en", data={"f.user_name": "ก"}, files=files, headers=OURS)
    assert refused.status_code == 422
    assert "A file is kept already" in refused.text
    kept = refused.text.partition('name="kept.picture" value="')[2].partition('"')[0]
    data = {"f.user_name": "ก", "f.position": "ครู", "kept.picture": kept}
    answer = client.post("/requests/new/user_card", data=data, files={"f.picture": ("", b"")}, headers=OURS)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    assert "รูป.jpg" in page
    file = client.get(f"/requests/files/{kept}")
    assert (file.content, file.headers["content-type"]) == (b"JPEG", "application/octet-stream")
    assert file.headers["content-disposition"].startswith("attachment")
    assert client.get(f"/requests/files/{kept}/picture").status_code == 404


def test_a_year_is_told_without_a_comma_and_a_sum_with_one(client: httpx.Client) -> None:
    values = {"title": "รอบ", "budget": 100000, "rules": "none", "fiscal_year": 2570}
    made = client.post("/api/v1/requests", json={"type": "allocation", "values": values}, headers=PROGRAM)
    assert made.status_code == 201, made.text
    page = client.get(f"/requests/{made.json()['number']}").text
    assert "<dd>2570</dd>" in page
    assert "<dd>100,000</dd>" in page


def test_a_file_that_is_too_large_is_refused(client: httpx.Client) -> None:
    files = {"f.picture": ("x.jpg", b"x" * (5 * 1024 * 1024 + 1))}
    assert client.post("/requests/new/user_card", data={}, files=files, headers=OURS).status_code == 413


def test_a_signature_is_drawn_and_shown(client: httpx.Client, as_role: By) -> None:
    clerk = as_role(Role.CLERK)
    files = {"f.picture": ("x.jpg", b"JPEG")}
    data = {"f.user_name": "ก", "f.position": "ครู"}
    where = client.post("/requests/new/user_card", data=data, files=files, headers=OURS).headers["location"]
    assert send(clerk, f"{where}/steps/accept", 1).status_code == 303
    assert send(clerk, f"{where}/steps/make", 2, card_number="1", valid_until="2028-09-30").status_code == 303
    assert 'data-sign="hand_over-received_with"' in clerk.get(where).text
    assert send(clerk, f"{where}/steps/hand_over", 3, received_with=SIGNATURE).status_code == 303
    assert f'src="{SIGNATURE}"' in clerk.get(where).text
    card = clerk.get(f"{where}/papers/F16.pdf")
    assert (card.status_code, card.content[:4]) == (200, b"%PDF"), card.text


def test_a_mistake_is_corrected_by_a_further_entry(client: httpx.Client, as_role: By) -> None:
    where = opened(client)
    entry = client.get(where).text.partition("/corrections/")[2].partition("#")[0]
    answer = send(client, f"{where}/corrections/{entry}", 1, **{**CALL, "phone": "044 111 111"})
    assert answer.status_code == 303, answer.text
    page = client.get(f"{where}?lang=en").text
    assert "corrects an earlier entry" in page
    assert "044 111 111" in page
    assert "044 000 000" in page
    assert "Correct this" not in as_role(Role.CLERK).get(f"{where}?lang=en").text
    assert send(client, f"{where}/corrections/{entry}?lang=en", 2, phone="").status_code == 422


def test_a_consultation_leads_to_its_repair_and_back(client: httpx.Client, fleet: Any) -> None:
    fleet.school("cpm3", "30010012", "โรงเรียนบ้านทุ่งดอกจาน")
    where = opened(client)
    assert send(client, f"{where}/steps/make_repair", 1, school="cpm3/30010012").status_code == 303
    assert 'href="/requests/RP-2570-0001"' in client.get(where).text
    repair = client.get("/requests/RP-2570-0001?lang=en").text
    assert 'href="/requests/PC-2570-0001"' in repair
    assert "โรงเรียนบ้านทุ่งดอกจาน" in repair


def test_lists_are_narrowed(client: httpx.Client, as_role: By) -> None:
    opened(client)
    technician = as_role(Role.TECHNICIAN)
    opened(technician, "software_install", software="LibreOffice", computers="2", licence="free")
    assert ("LibreOffice" in client.get("/requests").text) is True
    assert ("LibreOffice" in client.get("/requests?show=mine").text) is False
    assert ("LibreOffice" in client.get("/requests?type=phone_consult").text) is False
    assert ("LibreOffice" in client.get("/requests?type=software_install&state=received").text) is True
    assert ("LibreOffice" in client.get("/requests?show=done").text) is False
    assert "No request here" in client.get("/requests?show=overdue&lang=en").text


def test_a_school_sees_and_moves_only_its_own(client: httpx.Client, as_role: By) -> None:
    school = as_role(Role.SCHOOL)
    own = opened(school, "software_install", software="LibreOffice", computers="2", licence="free")
    other = opened(client)
    assert "LibreOffice" in school.get("/requests").text
    assert "ภาพกระตุก" not in school.get("/requests").text
    assert school.get(own).status_code == 200
    assert school.get(other).status_code == 403
    assert send(school, f"{other}/steps/withdraw", 1).status_code == 403
    refused = send(school, f"{own}/steps/prepare?lang=en", 1, licence="free")
    assert refused.status_code == 403
    assert "None of your roles may do this" in refused.text
    assert school.get("/api/v1" + other).status_code == 403


@pytest.mark.parametrize("path", ["/requests/XX-1", "/requests/" + "9" * 60, "/requests/files/7", "/requests/new/x"])
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_broken_form_is_refused(client: httpx.Client) -> None:
    where = opened(client)
    assert send(client, f"{where}/steps/never_heard_of", 1).status_code == 404
    assert client.post(f"{where}/steps/promise", data={"version": "x"}, headers=OURS).status_code == 409
    assert send(client, f"{where}/corrections/999", 1).status_code == 404


class TestApi:
    """The same over JSON."""

    def test_types_tell_what_they_ask(self, client: httpx.Client) -> None:
        types = {each["type"]: each for each in client.get("/api/v1/requests/types").json()["items"]}
        field = {each["name"]: each for each in types["software_install"]["fields"]}["licence"]
        assert (field["kind"], field["required"], list(field["choices"])) == (
            "choice",
            True,
            ["free", "bought", "to_buy"],
        )

    def test_a_request_is_opened_moved_and_corrected(self, client: httpx.Client) -> None:
        wish = {"type": "phone_consult", "values": CALL}
        answer = client.post("/api/v1/requests", json=wish, headers=PROGRAM)
        assert answer.status_code == 201
        made = answer.json()
        assert (made["number"], made["state"], made["version"]) == ("PC-2570-0001", "received", 1)
        assert made["allowed_steps"][0]["transition"] == "answer_now"
        path = "/api/v1/requests/PC-2570-0001"
        wish = {"entry": made["history"][0]["id"], "version": 1, "values": {"phone": "1"}}
        corrected = client.post(f"{path}/corrections", json=wish, headers=PROGRAM).json()
        assert (corrected["values"]["phone"], corrected["history"][1]["told"]) == ("1", "corrected")
        wish = {"transition": "answer_now", "version": 2, "values": {"answer": "x"}, "note": "by phone"}
        done = client.post(f"{path}/steps", json=wish, headers=PROGRAM).json()
        assert (done["open"], done["history"][-1]["note"], done["allowed_steps"]) == (False, "by phone", [])
        assert client.get("/api/v1/requests").json()["items"] == []
        assert [each["number"] for each in client.get("/api/v1/requests?show=all").json()["items"]] == ["PC-2570-0001"]

    def test_a_file_is_sent_as_text_and_named_in_a_field(self, client: httpx.Client) -> None:
        data = base64.b64encode(b"JPEG").decode()
        sent = client.post("/api/v1/requests/files", json={"name": "รูป.jpg", "data": data}, headers=PROGRAM)
        assert sent.status_code == 201, sent.text
        values = {"user_name": "ก", "position": "ครู", "picture": sent.json()["file"]}
        made = client.post("/api/v1/requests", json={"type": "user_card", "values": values}, headers=PROGRAM).json()
        assert made["values"]["picture"] == {"file": sent.json()["file"], "name": "รูป.jpg"}
        assert client.get(f"/requests/files/{sent.json()['file']}").content == b"JPEG"

    @pytest.mark.parametrize(
        ("data", "status"), [("???", 422), ("Ö@", 422), ("A" * (5 * 1024 * 1024 // 3 * 4 + 8), 413)]
    )
    def test_a_file_that_cannot_be_taken_is_refused(self, client: httpx.Client, data: str, status: int) -> None:
        sent = client.post("/api/v1/requests/files", json={"name": "x", "data": data}, headers=PROGRAM)
        assert (sent.status_code, sent.json()["status"]) == (status, status)
        assert sent.json()["way_out"]

    def test_a_list_goes_on(self, client: httpx.Client) -> None:
        for _ in range(3):
            opened(client)
        first = client.get("/api/v1/requests?limit=2").json()
        rest = client.get(first["next"]).json()
        assert [each["number"][-1] for each in first["items"] + rest["items"]] == ["3", "2", "1"]
        assert rest["next"] is None

    @pytest.mark.parametrize(
        ("wish", "status", "title"),
        [
            ({"transition": "answer_now", "version": 7, "values": {"answer": "x"}}, 409, "stale"),
            ({"transition": "call_back", "version": 1}, 409, "not from here"),
            ({"transition": "fly", "version": 1}, 404, "no such step"),
            ({"transition": "answer_now", "version": 1}, 422, "fields"),
            ({"transition": "promise", "version": 1, "values": {"call_back_at": "2026-11-23T20:00"}}, 422, "guard"),
            ({"transition": "answer_now", "version": 1, "typo": 1}, 422, "invalid input"),
        ],
    )
    def test_a_refusal_names_what_is_wrong(
        self, client: httpx.Client, wish: dict[str, Any], status: int, title: str
    ) -> None:
        where = opened(client)
        problem = client.post(f"/api/v1{where}/steps", json=wish, headers=PROGRAM).json()
        assert (problem["status"], problem["title"]) == (status, title)
        assert problem["way_out"]
        if title in ("fields", "guard"):
            assert problem["errors"][0]["field"].startswith("values.")

    def test_a_token_needs_the_scope(self, anybody: httpx.Client, token: Any) -> None:
        anybody.headers["Authorization"] = f"Bearer {token(Role.TECHNICIAN, Permission.SEE_FLEET)}"
        assert anybody.get("/api/v1/requests").status_code == 403
        scopes = (Permission.MAKE_REQUESTS, Permission.SEE_REQUESTS)
        anybody.headers["Authorization"] = f"Bearer {token(Role.TECHNICIAN, *scopes)}"
        assert anybody.get("/api/v1/requests").status_code == 200


class TestLive:
    """An open page hears of its request."""

    def test_whoever_may_see_it_is_told_that_it_moved(self, client: httpx.Client) -> None:
        where = opened(client)
        number = where.rpartition("/")[2]
        with client.stream("GET", "/live", params={"topic": f"request {number}"}) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            send(client, f"{where}/steps/promise", 1, call_back_at="2026-11-23T10:00")
            assert next(line for line in lines if line.startswith("data: request")) == f"data: request {number}"

    def test_a_school_hears_only_of_its_own(self, client: httpx.Client, as_role: By) -> None:
        school = as_role(Role.SCHOOL)
        own = opened(school, "software_install", software="LibreOffice", computers="2", licence="free")
        others = opened(client)
        for where, status in ((own, 200), (others, 403), ("/requests/XX-1", 403)):
            topic = {"topic": f"request {where.rpartition('/')[2]}"}
            with school.stream("GET", "/live", params=topic) as stream:
                assert stream.status_code == status, where

    def test_a_page_asks_whether_there_is_a_newer_one(self, client: httpx.Client) -> None:
        where = opened(client)
        part = {"HX-Request": "true", "HX-Target": "meanwhile"}
        assert client.get(f"{where}?seen=1&lang=en", headers=part).text.strip() == ""
        send(client, f"{where}/steps/promise", 1, call_back_at="2026-11-23T10:00")
        assert "Somebody has changed this request" in client.get(f"{where}?seen=1&lang=en", headers=part).text
