"""The alert rules speak of what the hub shows."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

from hub.ingestion.counters import Counters
from hub.intake_watch import Intake, IntakeGauges, IntakeWatch
from hub.store.unit_of_work import Store
from hub.watching.settings import WatchSettings
from hub.watching.troubles import Trouble
from hub.watchman import Watched, Watchman

DOCS = Path(__file__).parents[2] / "docs"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((DOCS / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
OTHERS = {"up"}
"""Which Prometheus makes itself."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all series that a hub shows, also before anything has happened."""
    registry = CollectorRegistry()
    Counters(registry)
    ProcessCollector(registry=registry)
    intake = Intake(lambda: 0.0, lambda: True, lambda: 0, lambda: 0)
    IntakeGauges(registry)
    nothing = Watched(IntakeWatch(intake, 0).look, dict, tmp_path_factory.mktemp("hub"))
    Watchman(nothing, Store.__new__(Store), WatchSettings(), registry, lambda: 0)
    lines = generate_latest(registry).decode().splitlines()
    return {re.split(r"[{ ]", line, maxsplit=1)[0] for line in lines if not line.startswith("#")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_rule_reads_only_what_the_hub_shows(rule: dict[str, Any], shown: set[str]) -> None:
    named = set(re.findall(r"\b(?:dltv|process)_\w+|\bup\b", rule["expr"]))
    assert named
    assert named <= shown | OTHERS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_rule_says_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert set(rule["annotations"]) == {"summary", "way_out"}


@pytest.mark.parametrize("trouble", Trouble)
def test_the_page_for_operators_names_each_trouble(trouble: Trouble) -> None:
    assert f"`{trouble}`" in (DOCS / "operations.md").read_text("utf-8")
