"""The record of changes is told in words, not in codes."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
import pytest

from hub.accounts.audit import Entry
from hub.core.people import THE_HUB, Principal, PrincipalKind, Role
from hub.store.audit import AuditLog
from hub.web.deeds import about, deed, party
from hub.web.detail_words import details
from hub.web.figures import Figures
from hub.web.language import load_languages

HUB = Path(__file__).parents[3] / "hub"
LANGUAGES = load_languages()
WRITERS = {"write", "_audit", "_put", "write_down", "_changed"}
_CODE = re.compile(r"[a-z_]+\.[a-z_]+")


def calls() -> Iterator[ast.Call]:
    for path in sorted(HUB.rglob("*.py")):
        yield from (each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.Call))


def constants(call: ast.Call) -> list[str]:
    """Texts among its arguments, also within a pair."""
    parts = [part for each in call.args for part in (each.elts if isinstance(each, ast.Tuple) else [each])]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def written() -> set[str]:
    """Every code that the hub writes into the record, as far as it stands in one piece."""
    found = set()
    for call in calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        # Of a deed more is told than its name; others that write are told only what.
        if name in WRITERS and len(call.args) + len(call.keywords) > 1:
            found |= {text for text in constants(call) if _CODE.fullmatch(text)}
        if name == "record":
            found |= {f"asset.{text}" for text in constants(call)[:1]}
    return found


def entry(what: str, details: str = "{}") -> Entry:
    return Entry(1, 0, "hub", what, "", details, "")


def test_every_deed_that_is_written_has_words_and_a_family() -> None:
    codes = written()
    assert {"sign_in.wrong", "trip.dropped", "asset.moved", "webhook.changed", "ca.rotated"} - codes <= {"trip.dropped"}
    for language in LANGUAGES.values():
        assert {code for code in codes if not language.lookup(f"deed.{code}")} == set()
        assert {code for code in codes if not language.lookup(f"deeds.{code.partition('.')[0]}")} == set()


def told_of() -> set[str]:
    """Names of what entries tell besides the deed: keys of what is handed to a writer as it stands, or by the name that it has
    in the same function."""
    found: set[str] = set()
    for path in sorted(HUB.rglob("*.py")):
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(part, ast.FunctionDef) and any(map(_writes, ast.walk(part))):
                found |= {key for each in ast.walk(part) for key in _keys(each)}
    return found


def _writes(part: ast.AST) -> bool:
    name = part.func.attr if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) else ""
    return name in WRITERS and any(_CODE.fullmatch(text) for text in constants(cast(ast.Call, part)))


def _keys(part: ast.AST) -> Iterator[str]:
    if isinstance(part, ast.Call):
        # What `_changed` is handed besides is the row itself.
        told = _writes(part) and getattr(part.func, "attr", "") != "_changed"
        handed = [each for each in part.args if isinstance(each, ast.Dict)] if told else []
    elif isinstance(part, ast.Assign | ast.AnnAssign) and isinstance(part.value, ast.Dict):
        names = part.targets if isinstance(part, ast.Assign) else [part.target]
        named = any(isinstance(each, ast.Name) and each.id in ("told", "details") for each in names)
        handed = [part.value] if named else []
    else:
        handed = []
    yield from (key.value for each in handed for key in each.keys if isinstance(key, ast.Constant))


def test_whatever_an_entry_tells_is_called_by_a_word() -> None:
    keys = told_of()
    assert {"due_on", "roles", "sessions", "before_satang", "devices"} <= keys
    for language in LANGUAGES.values():
        assert {key for key in keys if not language.lookup(f"detail.{key}")} == set()


def test_money_days_people_and_kinds_are_told_in_words() -> None:
    told = {
        "kind": "tv",
        "price_satang": 2_400_000,
        "due_on": "2026-12-20",
        "owner": "person:7",
        "note": "",
        "restored": True,
    }
    words = details(told, LANGUAGES["th"], Figures(LANGUAGES["th"], ZoneInfo("Asia/Bangkok")), {"person:7": "somchai"})
    assert [value for _, value in words] == ["โทรทัศน์", "24,000", "20 ธ.ค. 2569", "somchai", "ใช่"]


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("session:5", "การใช้งานครั้งที่ 5"),
        ("node:cpm3/36030001", "เครื่อง cpm3/36030001"),
        ("person:7", "somchai"),
        ("person:8", "ผู้ใช้ 8"),
        ("clerk", "เจ้าหน้าที่ธุรการ"),
        ("", ""),
    ],
)
def test_what_a_deed_is_about_is_told_in_words(subject: str, words: str) -> None:
    assert about(LANGUAGES["th"], subject, {"person:7": "somchai"}) == words


def test_whoever_tries_a_role_has_its_name() -> None:
    label = Principal(PrincipalKind.DEMO, Role.ADMIN.value).label
    assert party(LANGUAGES["en"], label, {}) == "demonstration as Administrator"
    assert party(LANGUAGES["th"], THE_HUB.label, {}) == "ระบบกลาง"


def test_what_nobody_has_words_for_is_told_by_its_family() -> None:
    assert deed(LANGUAGES["en"], entry("request.strange"), {"type": "none"}, {}) == "Requests of the office"
    assert deed(LANGUAGES["en"], entry("odd.one"), {}, {}) == "odd.one"


def test_a_step_of_a_request_has_the_words_of_its_workflow(as_role: Callable[[Role], httpx.Client], fleet: Any) -> None:
    details = {"type": "user_card", "state": "ready", "told": "moved"}
    AuditLog(fleet.store).write("hub", "request.make", "request:ID-2570-0001", details, 1)
    page = as_role(Role.ADMIN).get("/audit?what=request&lang=en").text
    assert "The card is made" in page
    assert "Request ID-2570-0001" in page
    assert "User identity card" in page
    assert "moved" not in page
