"""LINE and Telegram as their documents say, at a server on loopback: apprise is told another host, the rest is what goes out."""

import json
from collections.abc import Iterator

import pytest
from apprise.plugins.line import NotifyLine
from apprise.plugins.telegram import NotifyTelegram

from hub.messaging.addresses import read_address
from hub.messaging.letterbox import Wire, answer
from tests.hub.helpdesks.documented import Documented, documented

# Of what apprise imports for services that we do not use.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
LINE_TOKEN, BOT = "ab+c/d=", "123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHI"


@pytest.fixture
def server() -> Iterator[Documented]:
    def asked(_method: str, path: str, _params: object, headers: dict[str, str], body: object) -> tuple[int, object]:
        if path == "/v2/bot/message/push":
            return (200, {}) if headers["authorization"] == f"Bearer {LINE_TOKEN}" else (401, {"message": "…"})
        return 200, {"ok": True, "result": {"message_id": 1, "sent": body is not None}}

    with documented(asked) as one:
        yield one


def send(url: str) -> dict[str, str]:
    return answer({"url": url, "title": "แจ้งซ่อม", "body": "จานดาวเทียม\nเสีย"}, Wire())


def test_line_gets_a_push_with_the_token_for_the_user_or_group(
    server: Documented, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyLine, "notify_url", f"{server.url}/v2/bot/message/push")
    assert send(read_address("line", LINE_TOKEN, "C0123"))["outcome"] == "taken"
    ((method, path, body),) = server.log
    assert (method, path, body["to"]) == ("POST", "/v2/bot/message/push", "C0123")
    assert body["messages"][0]["type"] == "text"
    assert "จานดาวเทียม\nเสีย" in body["messages"][0]["text"]


def test_telegram_gets_a_message_for_the_chat(server: Documented, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"{server.url}/bot")
    assert send(read_address("tgram", BOT, "-100123"))["outcome"] == "taken"
    path, body = next((path, body) for _, path, body in server.log if path.endswith("/sendMessage"))
    assert path == f"/bot{BOT}/sendMessage"
    assert str(body["chat_id"]) == "-100123"
    assert "จานดาวเทียม" in json.dumps(body, ensure_ascii=False)


def test_a_service_that_refuses_the_token_refuses_the_letter(
    server: Documented, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyLine, "notify_url", f"{server.url}/v2/bot/message/push")
    assert send(read_address("line", "wrong", "C0123"))["outcome"] != "taken"
