"""New equipment: seen on the pages, adopted with one button or by the API."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.store.inventory import read_inventory
from hub.store.registration import register_devices

SCHOOL = "/schools/cpm3/30010012"
API = "/api/v1/nodes/cpm3/30010012/devices"
PROGRAM = {"X-Requested-With": "test"}


@pytest.fixture
def register(fleet: Any, district: Any, tmp_path: Path) -> None:
    """A register that names the receiver, and not the television."""
    file = tmp_path / "inventory.json"
    devices = [{"school": "30010012", "device": "p1-receiver"}, {"school": "30010027", "device": "p1-tv"}]
    file.write_text(json.dumps({"district": {"code": "cpm3", "name": "x"}, "devices": devices}))
    register_devices(fleet.store, read_inventory(file))


def test_without_a_register_no_page_speaks_of_new_equipment(client: httpx.Client, district: Any) -> None:
    assert "New equipment" not in client.get("/?lang=en").text
    assert "Adopt" not in client.get(SCHOOL).text


@pytest.mark.parametrize(
    ("language", "title", "button"), [("en", "New equipment", "Adopt"), ("th", "อุปกรณ์ใหม่", "รับเข้าทะเบียน")]
)
def test_new_equipment_is_listed_and_has_one_button(
    client: httpx.Client, register: None, language: str, title: str, button: str
) -> None:
    assert title in client.get(f"/?lang={language}").text
    school = client.get(SCHOOL).text
    assert school.count(button) == 1
    assert f'action="{SCHOOL}/devices/p1-tv/adopt"' in school


def test_the_button_adopts(client: httpx.Client, register: None) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post(f"{SCHOOL}/devices/p1-tv/adopt", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SCHOOL}#d-p1-tv")
    assert "adopt" not in client.get(SCHOOL).text


def test_the_api_adopts_and_answers_with_the_device(client: httpx.Client, register: None) -> None:
    assert client.get(f"{API}/p1-tv").json()["unregistered"] is True
    answer = client.post(f"{API}/p1-tv/adopt", json={}, headers=PROGRAM)
    assert answer.status_code == 200
    assert answer.json()["unregistered"] is False


@pytest.mark.parametrize("address", [f"{API}/p9-tv/adopt", f"{SCHOOL}/devices/p9-tv/adopt"])
def test_what_has_not_reported_is_not_found(client: httpx.Client, register: None, address: str) -> None:
    assert client.post(address, json={}, headers=PROGRAM).status_code == 404


def test_another_sites_page_cannot_adopt(client: httpx.Client, register: None) -> None:
    answer = client.post(f"{API}/p1-tv/adopt", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
