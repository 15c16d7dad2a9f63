"""docs/detection.md says what is true: it names every cause, its example is a working one, its recording gives its ticket."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from hub.__main__ import main
from hub.detection import causes
from hub.detection.calendars import Calendars
from hub.detection.causes import ABSENCES, CAUSES, HYPOTHESES
from hub.detection.facts import DeviceFacts
from hub.detection.service import Detection
from hub.detection.settings import CalendarSettings, DetectionSettings
from hub.detection.thresholds import DishSettings, LevelSettings, PresenceSettings, SkySettings

PAGE = Path(__file__).parents[3] / "docs" / "detection.md"
TEXT = PAGE.read_text("utf-8")


def block(name: str) -> str:
    found = re.findall(rf"^```\w+ {name}\n(.*?)^```$", TEXT, re.M | re.S)
    assert len(found) == 1, name
    return str(found[0])


def test_the_page_names_every_cause() -> None:
    codes = {*(each.code for each in CAUSES), *(each.code for each in HYPOTHESES), *(each.code for each in ABSENCES)}
    assert {code for code in codes if f"`{code}`" not in TEXT} == set()


def test_what_is_weighed_of_a_dish_stands_in_the_table() -> None:
    rows = set(re.findall(r"^\| `(\w+)`[^|]*\| [+−]", TEXT, re.M))
    assert rows == {each.code for each in HYPOTHESES}


def test_the_settings_that_the_page_names_are_there() -> None:
    groups = (DetectionSettings, LevelSettings, DishSettings, PresenceSettings, SkySettings)
    known = {name for group in groups for name in group.model_fields} | {"same_fault_h"}
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)*_(?:min|s|h|db|km|days|share|count|schools)|belief|looks)`", TEXT))
    assert named - known == set()


def test_the_cause_of_the_example_works(lab: SimpleNamespace) -> None:
    module = ModuleType("ups_battery_worn")
    exec(block("cause"), module.__dict__)
    ups = DeviceFacts("office-ups", "ups", "office")
    said = [
        (lab.at("08:00"), ups.key, {"device/reachable": True, "ups/replace_battery": False}),
        (lab.at("09:00"), ups.key, {"ups/replace_battery": True}),
    ]
    memory = lab.Memory([ups])
    memory.add(*lab.Classroom([ups]).journal(said, lab.at("12:00")))
    detection = Detection(DetectionSettings(), Calendars(CalendarSettings()).of, {}, causes=[*CAUSES, module.CAUSE])
    found = lab.found(detection.finish(memory, lab.at("12:00")))
    assert lab.told(found) == [("opened", "office-ups: ups_battery_worn", "reported", lab.at("09:50"))]


def test_the_recording_of_the_example_gives_the_ticket_that_the_page_tells(tmp_path: Path) -> None:
    inventory, recording, out = (tmp_path / name for name in ("inventory.json", "recording.ndjson", "result.json"))
    inventory.write_text(block("inventory"), "utf-8")
    recording.write_text(block("recording"), "utf-8")
    assert main(["replay", "--inventory", str(inventory), "--recording", str(recording), "--out", str(out)]) == 0
    result = json.loads(out.read_text("utf-8"))
    (ticket,) = result["tickets"]
    assert (ticket["device"], ticket["cause"]) == ("p1-receiver", "receiver_failed")
    assert ticket["opened_at"] - ticket["onset_at"] == 50 * 60_000
    assert result["counts"]["rejected"] == 0


def test_a_cause_is_added_by_its_module_being_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is touched: no list names it, and pages that know no more of it show less."""
    (tmp_path / "ups_battery_worn.py").write_text(block("cause"), "utf-8")
    monkeypatch.setattr(causes, "__path__", [*causes.__path__, str(tmp_path)])
    found = causes.declared("CAUSE")
    monkeypatch.delitem(sys.modules, f"{causes.__name__}.ups_battery_worn")
    assert {each.code for each in found} == {*(each.code for each in CAUSES), "ups_battery_worn"}
