"""`make run`, as a newcomer sees it: this computer, a bench classroom, faults that become tickets, without a reload."""

import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]


class Classroom:
    """`make run` in a directory of the test, on free ports."""

    def __init__(self, folder: Path, free_port: Callable[[], int]) -> None:
        self.folder, self.http, self._mqtt = folder, free_port(), free_port()
        settings = folder / "classroom"
        shutil.copytree(ROOT / "bench" / "classroom", settings)
        for number in ("4352", "8352"):
            port = str(free_port())
            for name in ("bench.toml", "agent.toml"):
                text = (settings / name).read_text("utf-8")
                (settings / name).write_text(re.sub(rf"\b{number}\b", port, text), "utf-8")

    @property
    def command(self) -> list[str]:
        addresses = ["--http", f"127.0.0.1:{self.http}", "--mqtt", f"127.0.0.1:{self._mqtt}"]
        return ["--dir", str(self.folder), "--classroom", str(self.folder / "classroom"), *addresses]

    @property
    def env(self) -> dict[str, str]:
        """The hub's own port stands for the Internet."""
        return {"DLTV_AGENT_HOST__INTERNET": f'["127.0.0.1:{self.http}"]'}

    def tell(self, *words: str) -> None:
        """What `make bench-fault` and `make bench-mend` do."""
        command = [sys.executable, "-m", "bench", *words, "--dir", str(self.folder / "var" / "bench")]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


@pytest.fixture
def classroom(tmp_path: Path, free_port: Callable[[], int]) -> Classroom:
    return Classroom(tmp_path, free_port)


def values(hub: Any, device: str) -> dict[str, Any]:
    found = hub.get(f"/api/v1/nodes/demo/99990001/devices/{device}") or {"values": {}}
    return {name: reported["value"] for name, reported in found["values"].items()}


def tickets(hub: Any) -> list[dict[str, Any]]:
    return list((hub.get("/api/v1/tickets") or {"items": []})["items"])


def test_this_computer_is_on_the_page_in_thai_and_english_and_stays_there(
    classroom: Classroom, start: Any, until: Any, hub_at: Any, page: Page
) -> None:
    hub = hub_at(classroom.http)
    program = start("tools.run", *classroom.command, env=classroom.env)
    until("the hub", lambda: hub.ready)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    hub.let_in(page)
    expect(page.locator("html")).to_have_attribute("lang", "th")
    page.get_by_role("link", name="บ้านตัวอย่าง").click()
    expect(page.locator("#host")).to_be_visible()
    expect(page.locator(".tiles")).to_contain_text("ซีพียู")
    expect(page.locator(".tiles")).to_contain_text(re.compile(r"\d+%"))
    page.get_by_text("English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for word in ("CPU", "Memory", "Disk", "Internet"):
        expect(page.locator(".tiles")).to_contain_text(re.compile(word, re.I))
    assert errors == []

    first = hub.get("/api/v1/nodes/demo/99990001/reports?limit=1")["items"]
    assert program.stop() == 0
    program.start()
    until("the hub again", lambda: hub.ready)
    assert hub.get("/api/v1/nodes/demo/99990001/reports?limit=1")["items"] == first


def test_a_dead_tv_becomes_a_ticket_that_shows_its_recovery(
    classroom: Classroom, start: Any, until: Any, hub_at: Any, page: Page
) -> None:
    hub = hub_at(classroom.http)
    start("tools.run", *classroom.command, env=classroom.env)
    until("the TV to be switched on", lambda: values(hub, "p1-tv").get("power/on") is True)
    hub.let_in(page, "/?lang=en")
    expect(page.locator("#stat-tickets")).to_contain_text("0")

    classroom.tell("fault", "tv-dead")
    expect(page.locator("#stat-tickets strong")).to_have_text("1")
    [ticket] = tickets(hub)
    assert (ticket["cause"], ticket["device"], ticket["recovered_at"]) == ("tv_failed", "p1-tv", None)
    [repair] = hub.get("/api/v1/requests?type=repair")["items"]
    assert (repair["state"], repair["values"]["symptom"]) == ("reported", "cause.tv_failed")

    page.goto(f"{hub.url}/tickets/{ticket['id']}")
    expect(page.locator(".evidence")).to_contain_text("room p1")
    classroom.tell("mend", "tv-dead")
    expect(page.locator("#ticket .hint.ok")).to_be_visible()
    [same] = tickets(hub)
    assert same["id"] == ticket["id"]
    assert same["recovered_at"] is not None


def test_what_merely_is_switched_off_opens_no_ticket(
    classroom: Classroom, start: Any, until: Any, hub_at: Any, tmp_path: Path
) -> None:
    hub = hub_at(classroom.http)
    start("tools.run", *classroom.command, env=classroom.env)
    until("the TV to be switched on", lambda: values(hub, "p1-tv").get("power/on") is True)
    until("the projector to be on", lambda: values(hub, "p1-projector").get("power/on") is True)
    for fault in ("tv-off", "projector-off", "receiver-standby"):
        classroom.tell("fault", fault)
    for device in ("p1-tv", "p1-projector", "p1-receiver"):
        until(f"{device} off", lambda device=device: values(hub, device).get("power/on") is False)
    # What is off says nothing new, so only the clock tells that the hub has had the time to be wrong.
    over = time.monotonic() + 45
    until("45 s without class", lambda: time.monotonic() > over, 60)
    assert tickets(hub) == []


def test_a_port_in_use_is_said_in_one_line_by_make_run(classroom: Classroom, start: Any, until: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", classroom.http))
        taken.listen()
        closing = threading.Event()
        threading.Thread(target=_refuse_everybody, args=(taken, closing)).start()
        program = start("tools.run", *classroom.command, env=classroom.env)
        until("the end", lambda: not program.running)
        closing.set()
        socket.create_connection(("127.0.0.1", classroom.http)).close()
        assert program.stop() == 2
    assert str(classroom.http) in program.output
    assert "Traceback" not in program.output


def _refuse_everybody(listener: socket.socket, closing: threading.Event) -> None:
    while not closing.is_set():
        listener.accept()[0].close()
