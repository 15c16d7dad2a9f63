"""The example of a whole school stands up, and its rooms are told apart."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import config
from bench.app import Bench
from bench.control import ask

SCHOOL = Path(__file__).parents[2] / "bench" / "school.toml"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The example itself, on free ports."""
    path = tmp_path / "school.toml"
    path.write_text(re.sub(r"port = \d+", "port = 0", SCHOOL.read_text("utf-8")), "utf-8")
    bench = Bench(config.load(path), path, tmp_path / "run")
    bench.open()
    yield bench
    bench.close()


def test_every_device_listens_and_is_listed(bench: Bench) -> None:
    lines = bench.places()
    keys = [device.key for device in config.load(SCHOOL).device]
    assert [line.split()[0] for line in lines] == [*(key for key in keys for _ in bench.ports(key)), "faults"]


def test_the_example_has_its_own_ports() -> None:
    ports = re.findall(r"^port = (\d+)$", SCHOOL.read_text("utf-8"), re.MULTILINE)
    assert len(set(ports)) == len(ports)
    assert {"4352", "8352"}.isdisjoint(ports)


def test_a_fault_hits_its_own_room_only(bench: Bench) -> None:
    assert ask(bench.control.path, {"do": "fault", "name": "p2/tv-dead"})["active"] == ["p2/tv-dead"]
    school = bench.live.look().school
    assert [key for key in school.powers if not school.powered(key)] == ["p2-tv"]


def test_a_fault_that_only_one_room_has_needs_no_room(bench: Bench) -> None:
    assert ask(bench.control.path, {"do": "fault", "name": "ups-dead"})["active"] == ["ups-dead"]


def test_rain_falls_on_one_dish(bench: Bench) -> None:
    answer = ask(bench.control.path, {"do": "fault", "name": "rain"})
    assert answer["problem"] == "no fault 'rain'; which one? d1/rain, d2/rain"
    assert ask(bench.control.path, {"do": "fault", "name": "d2/rain"})["active"] == ["d2/rain"]


def test_the_long_list_of_a_school_comes_through(bench: Bench) -> None:
    listed = ask(bench.control.path, {"do": "list"})["faults"]
    assert len(listed) > 100
