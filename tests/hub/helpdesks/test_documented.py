"""GLPI and Zammad as their documents say. Neither was tried against a live server."""

from collections.abc import Iterator
from typing import Any

import pytest

from hub.helpdesks.choosing import desk_of
from hub.helpdesks.errors import DeskRefuses, DeskUnreachable
from hub.helpdesks.port import Answer, Case
from hub.helpdesks.settings import DeskSettings
from tests.hub.helpdesks.documented import Answer as Said
from tests.hub.helpdesks.documented import Documented, documented

CASE = Case("dltv ticket:1", "ใบแจ้งซ่อม", "<b>จาน</b>\nเสีย")


class GlpiServer:
    """Tickets, sessions and solutions, as apirest.md tells."""

    def __init__(self) -> None:
        self.tickets: dict[str, dict[str, Any]] = {}
        self.solutions: list[str] = []

    def __call__(self, method: str, path: str, params: dict[str, str], headers: dict[str, str], body: Any) -> Said:
        path = path.removeprefix("/glpi/apirest.php")
        if path == "/initSession":
            fit = headers.get("authorization") == "user_token u1" and headers.get("app-token") == "a1"
            return (200, {"session_token": "s1"}) if fit else (401, ["ERROR_GLPI_LOGIN_USER_TOKEN", "…"])
        if headers.get("session-token") != "s1":
            return 401, ["ERROR_SESSION_TOKEN_INVALID", "…"]
        return self._inside(method, path, params, body)

    def _inside(self, method: str, path: str, params: dict[str, str], body: Any) -> Said:
        if path == "/killSession":
            return 200, None
        if path == "/search/Ticket":
            wanted = params["criteria[0][value]"]
            rows = [{"1": t["name"], "2": int(n)} for n, t in self.tickets.items() if wanted in t["name"]]
            return 200, {"totalcount": len(rows), "data": rows}
        if (method, path) == ("POST", "/Ticket"):
            number = str(len(self.tickets) + 1)
            self.tickets[number] = {**body["input"], "status": 1}
            return 201, {"id": int(number), "message": ""}
        if path.endswith("/ITILSolution") and method == "GET":
            return 200, [{"content": each} for each in self.solutions]
        if (method, path) == ("POST", "/ITILSolution"):
            self.solutions.append(body["input"]["content"])
            self.tickets[str(body["input"]["items_id"])]["status"] = 5
            return 201, {"id": 1}
        if (method, path) == ("POST", "/ITILFollowup"):
            return 201, {"id": 1}
        ticket = self.tickets.get(path.removeprefix("/Ticket/"))
        return (200, ticket) if ticket else (404, ["ERROR_ITEM_NOT_FOUND", "…"])


class ZammadServer:
    """Tickets and articles, as docs.zammad.org tells."""

    def __init__(self) -> None:
        self.tickets: dict[str, dict[str, Any]] = {}
        self.articles: list[dict[str, Any]] = []

    def __call__(self, method: str, path: str, params: dict[str, str], headers: dict[str, str], body: Any) -> Said:
        path = path.removeprefix("/api/v1")
        if headers.get("authorization") != "Token token=t1":
            return 401, {"error": "authentication failed"}
        if path == "/tickets/search":
            wanted = params["query"].removeprefix('title:"').rstrip('"')
            return 200, [t for t in self.tickets.values() if wanted in t["title"]]
        if (method, path) == ("POST", "/tickets"):
            number = len(self.tickets) + 1
            self.tickets[str(number)] = {"id": number, "title": body["title"], "state": "new"}
            self.articles.append({**body["article"], "ticket_id": number})
            return 201, self.tickets[str(number)]
        if (method, path) == ("POST", "/ticket_articles"):
            self.articles.append(body)
            return 201, {"id": 9}
        if path.startswith("/ticket_articles/by_ticket/"):
            return 200, self.articles
        ticket = self.tickets.get(path.removeprefix("/tickets/"))
        if ticket is None:
            return 404, {"error": "Couldn't find Ticket"}
        if method == "PUT":
            self.articles.append(body["article"])
            ticket["state"] = body["state"]
        return 200, ticket


def settings(kind: str, url: str, **more: Any) -> DeskSettings:
    return DeskSettings.model_validate({"name": "office", "kind": kind, "url": url, **more})


@pytest.fixture
def glpi() -> Iterator[Documented]:
    with documented(GlpiServer()) as one:
        yield one


@pytest.fixture
def zammad() -> Iterator[Documented]:
    with documented(ZammadServer()) as one:
        yield one


def test_glpi_takes_a_case_a_comment_and_a_solution(glpi: Documented) -> None:
    desk = desk_of(settings("glpi", f"{glpi.url}/glpi", secret="u1 a1"))
    assert desk.find(CASE.mark) is None
    reference = desk.open(CASE)
    assert desk.find(CASE.mark) == reference
    assert desk.look(reference) == Answer("new", False)
    desk.comment(reference, "a < b")
    desk.close(reference, "ซ่อมแล้ว")
    desk.close(reference, "ซ่อมแล้ว")
    assert desk.look(reference) == Answer("solved", True, "ซ่อมแล้ว")
    made = [body["input"] for method, _, body in glpi.log if method == "POST"]
    assert made[0]["content"] == "&lt;b&gt;จาน&lt;/b&gt;<br>เสีย"
    assert [each["content"] for each in made[1:]] == ["a &lt; b", "ซ่อมแล้ว"]
    assert desk.url(reference).endswith("/glpi/front/ticket.form.php?id=1")
    opened = sum(path.endswith("/initSession") for _, path, _ in glpi.log)
    assert opened == sum(path.endswith("/killSession") for _, path, _ in glpi.log)


def test_zammad_takes_a_case_a_comment_and_its_end(zammad: Documented) -> None:
    desk = desk_of(settings("zammad", zammad.url, secret="t1", queue="Users", customer="hub@district.example"))
    reference = desk.open(CASE)
    assert desk.find(CASE.mark) == reference
    desk.comment(reference, "x")
    assert desk.look(reference) == Answer("new", False)
    desk.close(reference, "ซ่อมแล้ว")
    desk.close(reference, "ซ่อมแล้ว")
    assert desk.look(reference) == Answer("closed", True)
    made = zammad.log[0][2]
    assert (made["group"], made["customer"]) == ("Users", "hub@district.example")
    assert made["article"]["internal"] is True
    assert sum(method == "PUT" for method, _, _ in zammad.log) == 1


@pytest.mark.parametrize("kind", ["glpi", "zammad"])
def test_a_wrong_token_is_refused(kind: str, glpi: Documented, zammad: Documented) -> None:
    url = f"{glpi.url}/glpi" if kind == "glpi" else zammad.url
    with pytest.raises(DeskRefuses, match="answers 401"):
        desk_of(settings(kind, url, secret="wrong")).open(CASE)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ((503, {}), DeskUnreachable),
        ((429, {}), DeskUnreachable),
        ((302, {}), DeskRefuses),
        ((200, "x" * 3_000_000), DeskRefuses),
        ((200, []), DeskRefuses),
    ],
)
def test_what_a_server_answers_decides_what_is_tried_again(said: Said, error: type[Exception]) -> None:
    with documented(lambda *_asked: said) as server, pytest.raises(error):
        desk_of(settings("zammad", server.url, secret="t1")).open(CASE)


def test_a_help_desk_without_a_secret_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="secret_file"):
        settings("zammad", "https://desk.example")
