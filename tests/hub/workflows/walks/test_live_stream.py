"""Taken on, asked back, and done by the time that was wanted."""

from collections.abc import Callable
from typing import Any

from hub.core.people import Role


def test_it_is_asked_back_and_done(office: Any, moment: Callable[[str], int]) -> None:
    walk = office.open("live_stream", Role.SCHOOL, wanted="ตามที่คุยกัน", wanted_at="2026-11-25T13:00")
    walk.by(Role.TECHNICIAN, "ask_back", lacking="กี่คน").by(Role.SCHOOL, "complete", wanted="ครู 30 คน")
    walk.by(Role.TECHNICIAN, "take")
    assert walk.request.due_at == moment("2026-11-25T13:00")
    assert walk.by(Role.TECHNICIAN, "finish", done="เรียบร้อย").state == "done"
