"""An office without a database: the engine with a register of its own, and requests that are walked step by step."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.core.people import Principal, PrincipalKind, Role
from hub.workflows.clock import OfficeCalendar
from hub.workflows.engine import Engine, Scene, Wish
from hub.workflows.loading import load_definitions
from hub.workflows.request import Entry, Request, Step, Values
from hub.workflows.schema import Kind
from hub.workflows.settings import OfficeSettings

ZONE = ZoneInfo("Asia/Bangkok")
SIGNATURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()
MONDAY = "2026-11-23T09:00"
_DEFINITIONS = load_definitions()


def at(moment: str) -> int:
    """Thai time of ISO 8601 as ms."""
    return round(datetime.fromisoformat(moment).replace(tzinfo=ZONE).timestamp() * 1000)


@dataclass
class Office:
    """The engine's surroundings: everything that is named "known…" is there, and file 1."""

    engine: Engine
    now: int = at(MONDAY)
    rooms: list[Values] = field(default_factory=list)

    def knows(self, kind: Kind, value: str) -> bool:
        known = {"person:1", "cpm3/30010012", "cpm3/30010012/p1-tv", "LNB-U", "office", "7440-001-0001/69"}
        return value in known and kind in Kind

    def file(self, number: int) -> str | None:
        return "picture.jpg" if number == 1 else None

    def others(self, request_type: str, but: int) -> Sequence[Values]:
        return self.rooms

    def who(self, role: Role) -> Principal:
        school = "30010012" if role is Role.SCHOOL else None
        return Principal(PrincipalKind.PERSON, role.value, role.value.title(), frozenset({role}), school)

    def scene(self, role: Role) -> Scene:
        return Scene(self.who(role), self.now, self)

    def open(self, request_type: str, role: Role, note: str = "", **given: Any) -> "Walk":
        return Walk(self, self.engine.open(request_type, Wish(given, note), self.scene(role)))


@dataclass
class Walk:
    """A request on its way."""

    office: Office
    step: Step
    history: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._told(self.step)

    def _told(self, step: Step) -> None:
        self.step = step
        self.history.append(replace(step.entry, id=len(self.history) + 1))

    @property
    def request(self) -> Request:
        return self.step.request

    @property
    def state(self) -> str:
        return self.request.state

    def by(self, role: Role, transition: str, note: str = "", **given: Any) -> "Walk":
        wish = Wish(given, note, self.request.version)
        self._told(self.office.engine.move(self.request, transition, wish, self.office.scene(role)))
        return self

    def correct(self, role: Role, entry: int, **given: Any) -> "Walk":
        wish = Wish(given, "", self.request.version)
        scene = self.office.scene(role)
        self._told(self.office.engine.correct(self.request, self.history, entry, wish, scene))
        return self

    def remind(self) -> Step | None:
        step = self.office.engine.remind(self.request, self.office.now)
        if step is not None:
            self._told(step)
        return step

    def allowed(self, role: Role) -> tuple[str, ...]:
        return self.office.engine.allowed(self.request, self.office.who(role))


@pytest.fixture
def office() -> Office:
    """Monday morning, 23 November 2026, with the workflows that are shipped; also those that are not offered yet."""
    calendar = OfficeCalendar(OfficeSettings(holidays=()), ZONE)
    all_offered = {name: each.model_copy(update={"offered": True}) for name, each in _DEFINITIONS.items()}
    return Office(Engine(all_offered, calendar))


@pytest.fixture
def moment() -> Callable[[str], int]:
    return at


@pytest.fixture
def signature() -> str:
    return SIGNATURE


@pytest.fixture
def definition_text() -> Callable[..., str]:
    """A small definition as TOML; pieces of it can be replaced."""

    def text(changes: Mapping[str, str] | None = None) -> str:
        whole = SMALL
        for old, new in (changes or {}).items():
            assert old in whole, old
            whole = whole.replace(old, new)
        return whole

    return text


SMALL = """
id = "small"
th = "คำขอเล็ก"
en = "Small request"
about = { th = "สั้น", en = "Short." }
prefix = "SM"
subject = "wish"

[opening]
roles = ["requester"]
asks = ["wish"]

[fields.wish]
kind = "text"
th = "ต้องการ"
en = "Wish"

[fields.amount]
kind = "number"
th = "จำนวน"
en = "Amount"

[states.open]
kind = "begin"
th = "เปิด"
en = "Open"
limit = { hours = 4, warn_hours = 1, tells = ["group_head"] }

[states.done]
kind = "end"
th = "เสร็จ"
en = "Done"

[transitions.finish]
from = ["open"]
to = "done"
th = "ทำเสร็จ"
en = "Finish"
roles = ["technician"]
may = ["amount"]
"""
