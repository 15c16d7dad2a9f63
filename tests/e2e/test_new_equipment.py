"""A projector is plugged in while broker, hub, agent and a browser run: it appears as not registered; one click registers it."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SCHOOL = "36030001"
KEY, MODEL = "new-projector-1", "Lumen 7"
INVENTORY = {
    "district": {"code": "cpm3", "name": "สพป.ตัวอย่าง เขต 3"},
    "schools": [{"code": SCHOOL, "name": "บ้านตัวอย่าง"}],
    "devices": [{"school": SCHOOL, "device": "p1-tv", "kind": "tv", "room": "p1"}],
}


@pytest.fixture
def hub(start: Any, until: Any, hub_at: Any, mosquitto: Any, free_port: Callable[[], int], tmp_path: Path) -> Any:
    """A hub whose register names one TV."""
    inventory, settings, port = tmp_path / "inventory.json", tmp_path / "hub.toml", free_port()
    inventory.write_text(json.dumps(INVENTORY), "utf-8")
    settings.write_text(f'groups = ["cpm3"]\ninventory = "{inventory}"\ndata_dir = "{tmp_path}/hub"\n')
    start("hub", "serve", "--config", str(settings), "--http", f"127.0.0.1:{port}", "--broker", mosquitto.url)
    hub = hub_at(port)
    until("the hub", lambda: hub.ready)
    return hub


@pytest.fixture
def net() -> str:
    """The first three numbers of a network of the loopback that nobody else uses; 7 is its broadcast address."""
    return f"127.{random.randint(64, 250)}.{random.randint(1, 250)}"


@pytest.fixture
def agent(start: Any, mosquitto: Any, net: str, tmp_path: Path) -> Any:
    """An agent without devices, which looks around."""
    settings = tmp_path / "agent.toml"
    discovery = (
        f'[discovery]\nevery_s = 0.5\nserial = []\ndvb = []\ncec = []\nnetwork = true\nsubnets = ["{net}.0/29"]\n'
    )
    settings.write_text(f'group = "cpm3"\nnode = "{SCHOOL}"\n[journal]\ndirectory = "{tmp_path}/journal"\n{discovery}')
    return start("agent", "run", "--config", str(settings), "--broker", mosquitto.url)


@pytest.fixture
def plug_in(start: Any, net: str, tmp_path: Path) -> Callable[[], Any]:
    """A projector that tells the network that it has come."""

    def begin() -> Any:
        settings = tmp_path / "bench.toml"
        who = f'host = "{net}.2"\nannounce_to = "{net}.7"\nmodel = "{MODEL}"\nserial_number = "SN0002"\n'
        settings.write_text(f'[[device]]\nkey = "p"\nroom = "p1"\nspeaks = "pjlink"\n{who}')
        return start("bench", "run", str(settings), "--dir", str(tmp_path / "bench"))

    return begin


def test_what_is_plugged_in_is_registered_with_one_click(
    hub: Any, agent: Any, plug_in: Callable[[], Any], until: Any, page: Page
) -> None:
    device = f"/api/v1/nodes/cpm3/{SCHOOL}/devices/{KEY}"
    until("the school", lambda: (hub.get(f"/api/v1/nodes/cpm3/{SCHOOL}") or {}).get("online"))
    until("the agent to look around", lambda: "looking for new equipment in" in agent.output)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    hub.let_in(page, f"/schools/cpm3/{SCHOOL}?lang=en")
    row = page.locator("li.device", has=page.locator(f"#d-{KEY}"))
    expect(page.locator("#host")).to_be_visible()
    expect(row).to_have_count(0)

    plug_in()
    expect(row).to_be_visible()
    expect(row).to_contain_text("not registered")
    expect(row).to_contain_text(MODEL)
    assert hub.get(device)["unregistered"] is True

    row.get_by_role("button", name="Adopt").click()
    expect(row.get_by_role("button")).to_have_count(0)
    expect(row).not_to_contain_text("not registered")
    expect(row).to_contain_text("Projector")
    expect(row).to_contain_text(MODEL)
    expect(page).to_have_url(re.compile(f"#d-{KEY}$"))
    assert hub.get(device)["unregistered"] is False

    page.goto(f"{hub.url}/?lang=en")
    expect(page.locator("main")).not_to_contain_text("New equipment")
    assert errors == []
    assert agent.stop() == 0
    assert "Traceback" not in agent.output
