"""The adapter against a Request Tracker 5 that truly runs."""

import socket
from pathlib import Path
from typing import Any

import pytest

from hub.helpdesks.errors import DeskRefuses, DeskUnreachable
from hub.helpdesks.port import Answer, Case
from hub.helpdesks.request_tracker import RequestTracker
from hub.helpdesks.settings import DeskSettings
from tests.hub.helpdesks.request_tracker import PASSWORD, USER, Tracker

pytestmark = pytest.mark.e2e


def desk(tracker: Tracker, **more: Any) -> RequestTracker:
    given = {"name": "office", "kind": "request_tracker", "url": tracker.url, "username": USER, "secret": PASSWORD}
    return RequestTracker(DeskSettings.model_validate({**given, **more}))


def case(number: int, title: str = "ใบแจ้งซ่อม: โทรทัศน์เสีย") -> Case:
    return Case(f"dltv ticket:{number}", title, "โรงเรียนบ้านทุ่งดอกจาน\nhttps://hub.example/tickets/1")


def test_a_case_is_made_with_its_words_and_found_again_by_its_mark(tracker: Tracker) -> None:
    office = desk(tracker)
    reference = office.open(case(1))
    assert office.find("dltv ticket:1") == reference
    assert office.find("dltv ticket:11") is None
    there = tracker.ask("GET", f"/ticket/{reference}").json()
    assert there["Subject"] == "ใบแจ้งซ่อม: โทรทัศน์เสีย [dltv ticket:1]"
    assert office.url(reference) == f"{tracker.url}/Ticket/Display.html?id={reference}"
    assert office.look(reference) == Answer("new", False)


def test_a_comment_stands_in_its_history(tracker: Tracker) -> None:
    office = desk(tracker)
    reference = office.open(case(2))
    office.comment(reference, "ซ่อมแล้ว")
    kinds = tracker.ask("GET", f"/ticket/{reference}/history?fields=Type").json()["items"]
    assert [each["Type"] for each in kinds].count("Comment") == 1


def test_what_is_resolved_there_is_read_with_the_words_that_were_answered(tracker: Tracker) -> None:
    office = desk(tracker)
    reference = office.open(case(3))
    answer = {"Content": "เปลี่ยนสาย HDMI แล้ว ใช้ได้", "ContentType": "text/plain"}
    assert tracker.ask("POST", f"/ticket/{reference}/correspond", answer).status_code == 201
    assert office.look(reference) == Answer("open", False)
    tracker.ask("PUT", f"/ticket/{reference}", {"Status": "resolved"})
    assert office.look(reference) == Answer("resolved", True, "เปลี่ยนสาย HDMI แล้ว ใช้ได้")


def test_what_is_done_here_is_resolved_there_and_twice_is_once(tracker: Tracker) -> None:
    office = desk(tracker)
    reference = office.open(case(4))
    for _ in range(2):
        office.close(reference, "ปิดแล้ว")
    assert office.look(reference).state == "resolved"
    kinds = tracker.ask("GET", f"/ticket/{reference}/history?fields=Type&per_page=50").json()["items"]
    assert [each["Type"] for each in kinds].count("Comment") == 1


def test_a_long_title_keeps_its_mark(tracker: Tracker) -> None:
    office = desk(tracker)
    reference = office.open(case(5, "ย" * 300))
    assert office.find("dltv ticket:5") == reference


def test_a_wrong_password_and_a_wrong_queue_are_told_and_no_secret_is(tracker: Tracker) -> None:
    with pytest.raises(DeskRefuses, match="answers 401") as refused:
        desk(tracker, secret="hush-hush").open(case(6))
    assert "hush-hush" not in repr(refused.value)
    with pytest.raises(DeskRefuses):
        desk(tracker, queue="Nowhere").open(case(6))
    with pytest.raises(DeskRefuses):
        desk(tracker).look("99999")


def test_the_secret_comes_from_a_file(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{PASSWORD}\n")
    assert desk(tracker, secret=None, secret_file=tmp_path / "secret").open(case(7))
    with pytest.raises(DeskRefuses, match="secret_file"):
        desk(tracker, secret=None, secret_file=tmp_path / "none").open(case(7))


def test_one_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(DeskUnreachable):
        desk(Tracker(f"http://127.0.0.1:{port}")).open(case(8))
