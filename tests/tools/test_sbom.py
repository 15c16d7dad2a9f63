"""The bill of materials, read by a validator of its own standard, and the page of licences."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest

from hub.bundles.lock import read_pins
from tools.components import ASSETS, LOCK, UNKNOWN, components
from tools.licences import PAGE, page
from tools.sbom import text

THEN = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def bill() -> Any:
    return json.loads(text("1.2.3", THEN))


def test_it_is_what_cyclonedx_wants(bill: Any) -> None:
    schemas = files("cyclonedx.schema._res")
    names = ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
    known = [
        (f"http://cyclonedx.org/schema/{name}", json.loads(schemas.joinpath(name).read_text("utf-8"))) for name in names
    ]
    schema = json.loads(schemas.joinpath("bom-1.6.SNAPSHOT.schema.json").read_text("utf-8"))
    found = jsonschema_rs.validator_for(schema, registry=jsonschema_rs.Registry(known))
    assert [error.message for error in found.iter_errors(bill)] == []


def test_everything_in_the_locks_stands_in_it_with_its_checksums(bill: Any) -> None:
    listed = {(each["name"], each["version"]) for each in bill["components"]}
    pins = read_pins(LOCK.read_text("utf-8"))
    assert {(name, str(pin.version)) for name, pin in pins.items()} <= listed
    assert ("leaflet", json.loads(ASSETS.read_text("utf-8"))["packages"]["node_modules/leaflet"]["version"]) in listed
    assert all(each["externalReferences"][0]["hashes"] for each in bill["components"] if "pypi" in each["purl"])


def test_it_says_who_needs_what(bill: Any) -> None:
    needs = {each["ref"].partition("@")[0]: each.get("dependsOn", []) for each in bill["dependencies"]}
    assert any(each.startswith("pkg:pypi/h11@") for each in needs["pkg:pypi/uvicorn"])
    assert any(each.startswith("pkg:pypi/fastapi@") for each in needs["dltv-fleet"])


def test_the_same_locks_give_the_same_bytes() -> None:
    assert text("1.2.3", THEN) == text("1.2.3", THEN)
    assert text("1.2.4", THEN) != text("1.2.3", THEN)


def test_each_package_has_a_licence_that_is_known() -> None:
    assert [each.name for each in components() if each.licence == UNKNOWN] == []


def test_the_page_of_licences_is_that_of_the_locks() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m tools.licences"
