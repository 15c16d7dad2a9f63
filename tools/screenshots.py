"""`make screenshots`: the pictures of the README, taken of a classroom that is stood up for them, with one fault in it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from tools.test_services import browser_path
from tools.visit import Visit

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
HTTP, MQTT = "127.0.0.1:8480", "127.0.0.1:8483"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
DESK, PHONE = {"width": 1180, "height": 820}, {"width": 390, "height": 844}
PATIENCE_S = 120.0
VISIT = Visit(f"http://{HTTP}")
PICTURES: list[tuple[str, str, dict[str, int]]] = [
    ("overview", "/", DESK),
    ("school", "/schools/demo/99990001", DESK),
    ("office", "/office", DESK),
    ("overview-phone", "/", PHONE),
    ("ticket", "/tickets/1", PHONE),
]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        # The hub's own port stands for the Internet, so that the pictures do not depend on the machine's.
        env = {**os.environ, "DLTV_AGENT_HOST__INTERNET": f'["{HTTP}"]', "DLTV_AGENT_HOST__NTP": ""}
        command = [sys.executable, "-m", "tools.run", "--dir", folder, "--http", HTTP, "--mqtt", MQTT]
        classroom = subprocess.Popen(command, cwd=ROOT, env=env)
        try:
            _break_the_tv(Path(folder))
            _take_pictures()
        finally:
            classroom.terminate()
            classroom.wait(20)
    return 0


def _break_the_tv(folder: Path) -> None:
    _wait(
        "the TV to be switched on",
        lambda: _get("/api/v1/nodes/demo/99990001/devices/p1-tv")["values"]["power/on"]["value"],
    )
    bench = ["fault", "tv-dead", "--dir", str(folder / "var" / "bench")]
    subprocess.run([sys.executable, "-m", "bench", *bench], cwd=ROOT, check=True)
    _wait("the ticket", lambda: _get("/api/v1/tickets")["items"])


def _take_pictures() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=SWITCHES)
        visitor = browser.new_context()
        _sign_in(visitor)
        for language in ("th", "en"):
            for name, path, size in PICTURES:
                _picture(visitor, f"{path}?lang={language}", size, IMAGES / f"{name}-{language}.png")
        browser.close()


def _sign_in(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto(f"http://{HTTP}/sign-in?next=/account")
    page.locator("button[value=technician]").click()
    page.wait_for_url("**/account")
    page.close()


def _picture(visitor: BrowserContext, path: str, size: dict[str, int], target: Path) -> None:
    page = visitor.new_page()
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(f"http://{HTTP}{path}")
    page.evaluate("document.fonts.ready")
    if page.locator("#map").count():
        # It is drawn after the page; on a phone when it is asked for.
        page.locator("#map.ready, #map-load:not([hidden])").first.wait_for()
        if page.locator("#map-load").is_visible():
            page.locator("#map-load").click()
        page.locator("#map.ready .pin").first.wait_for()
    page.screenshot(path=target)
    page.close()
    print(target.relative_to(ROOT))


def _wait(what: str, probe: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if probe():
                return
        except (OSError, KeyError):
            pass
        time.sleep(0.2)
    raise TimeoutError(f"waited {PATIENCE_S:.0f} s in vain for {what}")


def _get(path: str) -> Any:
    return VISIT.get(path)


if __name__ == "__main__":
    sys.exit(main())
