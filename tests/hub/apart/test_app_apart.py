"""A hub, assembled, with a process of its own that judges: its pages hear of what that comes to, and whether it is there."""

import http.cookiejar
import json
import os
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

import psutil
import pytest

from hub.apart import keeper
from hub.app import App
from hub.config import HubSettings
from hub.store.opening import open_store
from hub.store.unit_of_work import Store
from tests.conftest import PATIENCE_S

pytestmark = pytest.mark.e2e


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def app(settings: HubSettings) -> Iterator[App]:
    given = settings.model_dump(exclude_unset=True) | {
        "http": {"listen": "127.0.0.1:0"},
        "mqtt": {"listen": "127.0.0.1:0"},
        "accounts": {"demo": True},
    }
    one = App(HubSettings.model_validate(given), apart=True)
    one.start()
    yield one
    one.stop()


def reasons(app: App) -> dict[str, str]:
    """Of a hub that is not ready."""
    try:
        with urllib.request.urlopen(f"http://{app.http}/readyz", timeout=PATIENCE_S) as answer:
            return dict(json.load(answer).get("reasons") or {})
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.load(error)["reasons"])


def pid_of(app: App) -> int:
    assert app._judge is not None
    return app._judge.pid


def signed_in(base: str) -> urllib.request.OpenerDirector:
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = urllib.parse.urlencode({"role": "technician", "next": "/account"}).encode()
    visitor.open(urllib.request.Request(f"{base}/sign-in/demo", form, {"Origin": base}), timeout=PATIENCE_S).close()
    return visitor


def test_an_open_page_hears_of_a_ticket_that_it_opened(
    app: App, left: Callable[[Store], int], filled: Callable[..., None]
) -> None:
    store = open_store(app.settings.store_url, app.settings.data_dir)
    try:
        until(lambda: left(store) == 0)
        base = f"http://{app.http}"
        with signed_in(base).open(f"{base}/live?topic=tickets", timeout=PATIENCE_S) as stream:
            until(lambda: stream.readline().startswith(b"event: hello"))
            filled(store, ("36030009",))
            until(lambda: stream.readline() == b"event: tickets\n")
    finally:
        store.close()


def test_it_is_not_ready_while_nobody_judges_and_all_end_with_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_AGAIN_S", (1.0,))
    until(lambda: not reasons(app))
    first = pid_of(app)
    os.kill(first, signal.SIGKILL)
    until(lambda: reasons(app) == {"judging": "its process ended with -9"})
    until(lambda: not reasons(app))
    second = pid_of(app)
    assert second != first
    app.stop()
    assert not psutil.pid_exists(second)
