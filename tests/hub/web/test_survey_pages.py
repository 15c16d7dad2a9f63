"""Surveys from the office's start to its acceptance, in the browser's eyes and over JSON."""

import io
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from hub.core.findings import RoomDay
from hub.core.people import Permission, Role
from hub.store.message_tables import message
from hub.store.survey_tables import survey_sheet
from hub.store.tables import school

OURS = {"Sec-Fetch-Site": "same-origin"}
PROGRAM = {**OURS, "X-Requested-With": "test"}
By = Callable[[Role], httpx.Client]
OWN = {"a.responsible": "ครูมานี", "a.phone": "044 000 000", "a.informant": "ครูมานี ตั้งใจ"}


@pytest.fixture
def schools(fleet: Any, district: Any) -> None:
    """The district's one, and two that are not small or of which nobody knows."""
    fleet.school("cpm3", "30010027", "โรงเรียนบ้านนาริมห้วย")
    with fleet.store.begin() as work:
        work.connection.execute(update(school).where(school.c.code == "30010012").values(pupils=64))
        work.connection.execute(update(school).where(school.c.code == "30010027").values(pupils=240))
    fleet.room_days(*(RoomDay("cpm3", "30010012", "ป.1", f"2026-11-{day:02}", {}, 180.0) for day in range(2, 7)))


@pytest.fixture
def settings() -> Any:
    from hub.web.settings import WebSettings

    return WebSettings(groups=frozenset({"cpm3"}))


def start(client: httpx.Client, **typed: Any) -> str:
    given = {"type": "needs", "turn": "รอบที่ 1/2570", "due_on": "2026-12-20", "which": "small"} | typed
    answer = client.post("/surveys/new", data=given, headers=OURS)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def token(fleet: Any, code: str = "30010012") -> str:
    with fleet.store.reading() as connection:
        return str(connection.execute(select(survey_sheet.c.token).where(survey_sheet.c.school == code)).scalar_one())


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send back of a sheet that is not touched."""
    fields: dict[str, Any] = {}
    for tag in re.findall(r'<input[^>]*name="(?:a\.[^"]+|version)"[^>]*>', page):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        assert name is not None
        if 'type="checkbox"' in tag and "checked" not in tag:
            continue
        fields.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select[^>]*name="(a\.[^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(r'<textarea[^>]*name="(a\.[^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        fields[name] = [text]
    return fields


def send(client: httpx.Client, path: str, **changed: str) -> httpx.Response:
    form = form_of(client.get(path).text) | {key: [value] for key, value in changed.items()}
    return client.post(path, data=form, files={"nothing": ("", b"")}, headers=OURS)


class TestStarting:
    def test_small_schools_are_asked_with_what_is_known(self, client: httpx.Client, fleet: Any, schools: None) -> None:
        where = start(client)
        page = client.get(f"{where}?lang=en").text
        assert "โรงเรียนบ้านทุ่งดอกจาน" in page
        assert "โรงเรียนบ้านนาริมห้วย" not in page
        sheet = client.get(f"/s/{token(fleet)}?lang=en").text
        assert 'name="a.pupils" type="text" inputmode="decimal" autocomplete="off" value="64"' in sheet
        # A television with an open ticket is one that can be mended.
        assert 'value="โทรทัศน์หรือเครื่องฉายภาพชำรุด"' in sheet

    def test_the_school_is_told(self, client: httpx.Client, fleet: Any, schools: None) -> None:
        start(client)
        with fleet.store.reading() as connection:
            told = connection.execute(select(message)).one()
        assert (told.code, told.whom, told.school) == ("survey.started", ["school"], "30010012")
        assert told.params["due"] == {"th": "20 ธ.ค. 2569", "en": "20 Dec 2026"}
        assert told.params["path"] == f"/s/{token(fleet)}"

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"due_on": "2026-11-01"}, "has passed"),
            ({"turn": " "}, "is missing"),
            ({"due_on": "soon"}, "is missing"),
            ({"which": "chosen"}, "No school was chosen"),
            ({"type": "hobbies"}, "Choose which survey"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, client: httpx.Client, schools: None, typed: dict[str, str], words: str
    ) -> None:
        client.get("/surveys?lang=en")
        given = {"type": "needs", "turn": "1/2570 <b>", "due_on": "2026-12-20", "which": "all"} | typed
        answer = client.post("/surveys/new", data=given, headers=OURS)
        assert answer.status_code == 422
        assert words in answer.text
        assert typed.get("turn", "1/2570 &lt;b&gt;") in answer.text

    def test_a_register_without_schools_says_what_to_do(self, client: httpx.Client) -> None:
        assert "Import a list of schools first" in client.get("/surveys/new?lang=en").text
        assert "No survey yet" in client.get("/surveys?lang=en").text


class TestAnswering:
    def test_a_school_confirms_by_its_link_without_an_account(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        where, path = start(client), f"/s/{token(fleet)}"
        assert send(anybody, path, **OWN).status_code == 303
        page = anybody.get(f"{path}?done&lang=en").text
        assert "Nothing was otherwise than we knew it." in page
        sheet = client.get(f"{where}/sheets/1?lang=en").text
        assert "The school confirms all that we knew." in sheet
        assert "ครูมานี ตั้งใจ" in sheet

    def test_what_it_corrects_is_a_difference_for_the_office(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        where, path = start(client), f"/s/{token(fleet)}"
        assert send(anybody, path, **OWN, **{"a.pupils": "61"}).status_code == 303
        assert "You corrected 1 thing" in anybody.get(f"{path}?done&lang=en").text
        sheet = client.get(f"{where}/sheets/1?lang=en").text
        assert "<td>All pupils</td><td>64</td><td><b>61</b></td>" in sheet
        assert client.post(f"{where}/sheets/1/accept", data={"version": "2"}, headers=OURS).status_code == 303
        with fleet.store.reading() as connection:
            assert connection.execute(select(school.c.pupils).where(school.c.code == "30010012")).scalar_one() == 61
        assert "has accepted your answers" in anybody.get(f"{path}?lang=en").text
        assert anybody.post(path, data={"version": "3"}, headers=OURS).status_code == 409

    def test_a_fault_is_said_at_its_place_and_nothing_typed_is_lost(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        start(client)
        path = f"/s/{token(fleet)}"
        anybody.get(f"{path}?lang=en")
        answer = send(anybody, path, **{"a.pupils": "many <i>", "a.suggestion": "ฝนตกแล้วภาพหาย"})
        assert answer.status_code == 422
        for words in ("many &lt;i&gt;", "is no number", "<b>Your name</b>", "is missing", "ฝนตกแล้วภาพหาย"):
            assert words in answer.text
        assert "we knew: 64" in answer.text

    def test_two_who_answer_at_once_are_told_and_lose_nothing(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        start(client)
        path = f"/s/{token(fleet)}"
        slow = form_of(anybody.get(f"{path}?lang=en").text) | {key: [value] for key, value in OWN.items()}
        assert send(anybody, path, **OWN, **{"a.pupils": "61"}).status_code == 303
        answer = anybody.post(path, data=slow | {"a.pupils": ["60"]}, headers=OURS)
        assert answer.status_code == 409
        assert "Somebody else has changed this sheet meanwhile" in answer.text
        assert 'value="60"' in answer.text
        again = {key: value for key, value in form_of(answer.text).items() if value}
        assert anybody.post(path, data=again, headers=OURS).status_code == 303

    def test_it_is_asked_back_and_sees_why(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        where, path = start(client), f"/s/{token(fleet)}"
        send(anybody, path, **OWN)
        empty = client.post(f"{where}/sheets/1/ask-back", data={"version": "2", "note": " "}, headers=OURS)
        assert empty.status_code == 422
        answer = client.post(f"{where}/sheets/1/ask-back", data={"version": "2", "note": "นับ <จอ> ใหม่"}, headers=OURS)
        assert answer.status_code == 303
        page = anybody.get(f"{path}?lang=en").text
        assert "The office asks back:" in page
        assert "นับ &lt;จอ&gt; ใหม่" in page
        assert send(anybody, path).status_code == 303

    def test_a_closed_survey_takes_no_answers(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        where, path = start(client), f"/s/{token(fleet)}"
        form = form_of(anybody.get(path).text) | {key: [value] for key, value in OWN.items()}
        for _ in range(2):
            assert client.post(f"{where}/close", headers=OURS).status_code == 303
        assert anybody.post(path, data=form, headers=OURS).status_code == 409
        assert "This survey is closed" in anybody.get(f"{path}?lang=en").text

    def test_guessing_is_stopped(self, anybody: httpx.Client) -> None:
        found = [anybody.get(f"/s/{number}").status_code for number in range(31)]
        assert found == [404] * 30 + [429]

    def test_nobody_sends_answers_without_end(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        start(client)
        path = f"/s/{token(fleet)}"
        assert [anybody.post(path, headers=OURS).status_code for _ in range(41)][-2:] == [409, 429]

    def test_the_address_goes_nowhere(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        start(client)
        headers = anybody.get(f"/s/{token(fleet)}").headers
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "same-origin")

    def test_a_school_that_is_signed_in_finds_its_sheet(
        self, client: httpx.Client, as_role: By, fleet: Any, schools: None
    ) -> None:
        start(client)
        own = as_role(Role.SCHOOL)
        assert f'href="/s/{token(fleet)}"' in own.get("/surveys").text
        assert send(own, f"/s/{token(fleet)}", **OWN).status_code == 303
        assert own.get("/surveys/1").status_code == 403
        start(client, which="chosen", schools="30010027")
        assert own.get("/surveys").text.count('href="/s/') == 1


class TestOutput:
    def test_all_answers_go_into_a_workbook(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None
    ) -> None:
        where = start(client, which="all")
        send(anybody, f"/s/{token(fleet)}", **OWN, **{"a.pupils": "61", "a.suggestion": "=1+1"})
        answer = client.get(f"{where}/answers.xlsx?lang=en")
        book = load_workbook(io.BytesIO(answer.content))
        assert book.sheetnames == ["Schools", "Lines", "Differences"]
        rows = list(book["Schools"].iter_rows(values_only=True))
        assert rows[1][:4] == ("30010012", "โรงเรียนบ้านทุ่งดอกจาน", "answered", "ครูมานี ตั้งใจ")
        assert 61 in rows[1]
        assert "=1+1" in rows[1]
        assert rows[2][2] == "waiting for the school"
        assert [row[5:7] for row in book["Differences"].iter_rows(values_only=True)][1:] == [(64, 61)]

    def test_the_links_are_a_list(self, client: httpx.Client, fleet: Any, schools: None) -> None:
        where = start(client)
        book = load_workbook(io.BytesIO(client.get(f"{where}/links.xlsx").content))
        assert str(book.active["C2"].value).endswith(f"/s/{token(fleet)}")

    @pytest.mark.parametrize("kind", ["needs", "usage", "dlit"])
    def test_a_sheet_is_printed_answered_or_not(
        self, client: httpx.Client, anybody: httpx.Client, fleet: Any, schools: None, kind: str
    ) -> None:
        where, path = start(client, type=kind), f"/s/{token(fleet)}"
        for _ in range(2):
            answer = client.get(f"{where}/sheets/1/paper.pdf")
            assert answer.headers["content-type"] == "application/pdf", answer.text
            assert answer.content.startswith(b"%PDF")
            assert send(anybody, path, **OWN, **{"a.path": "ku"}).status_code == 303

    def test_a_survey_without_a_paper_has_none(self, client: httpx.Client, schools: None) -> None:
        where = start(client, type="computer_needs")
        assert client.get(f"{where}/sheets/1/paper.pdf").status_code == 404


class TestApi:
    def test_a_survey_goes_from_its_start_to_acceptance(self, anybody: httpx.Client, token: Any, schools: None) -> None:
        held = token(Role.GROUP_HEAD, Permission.RUN_SURVEYS, Permission.SEE_ASSETS)
        anybody.headers.update(PROGRAM | {"Authorization": f"Bearer {held}"})
        wish = {"type": "usage", "turn": "2/2569", "due_on": "2026-12-20", "small_only": True}
        made = anybody.post("/api/v1/surveys", json=wish)
        assert made.status_code == 201, made.text
        assert (made.json()["schools"], made.json()["states"]) == (1, {"waiting": 1})
        (line,) = anybody.get("/api/v1/surveys/1/sheets").json()["items"]
        path = f"/api/v1/surveys/1/sheets/{line['id']}"
        sheet = anybody.get(path).json()
        assert [row["row"] for row in sheet["known"]["grades"]] == ["ป.1"]
        answers = sheet["known"] | {"responsible": "ครู", "phone": "1", "path": ["ku"], "pupils": 61}
        bad = anybody.post(f"{path}/answers", json={"answers": {}, "informant": "", "version": 1})
        assert bad.status_code == 422
        assert {each["field"] for each in bad.json()["errors"]} >= {"answers.pupils", "answers.informant"}
        told = anybody.post(f"{path}/answers", json={"answers": answers, "informant": "ครู", "version": 1})
        assert [each["question"] for each in told.json()["differences"]] == ["pupils"]
        stale = anybody.post(f"{path}/decision", json={"accept": True, "version": 1})
        assert (stale.status_code, stale.json()["type"]) == (409, "urn:dltv-fleet:problem:stale")
        assert anybody.post(f"{path}/decision", json={"accept": True, "version": 2}).json()["state"] == "accepted"
        assert anybody.get("/api/v1/surveys").json()["items"][0]["states"] == {"accepted": 1}
