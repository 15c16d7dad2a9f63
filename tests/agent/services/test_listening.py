"""Looking around: on the networks that are there now, at whom nobody knows."""

import logging
import threading
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network
from typing import ClassVar

import pytest

from agent.adapters.system_clock import SystemClock
from agent.core.neighbourhood import Neighbourhood
from agent.errors import OperatorError
from agent.services.listening import NETWORKS_EVERY, Listening

HOME = Neighbourhood(IPv4Network("192.0.2.0/29"), "192.0.2.1")
NAMES = {f"192.0.2.{number}": ["PJLink"] for number in (2, 3)}


class Ear:
    """Hears the same hosts whenever it has asked."""

    opened: ClassVar[list["Ear"]] = []

    def __init__(self, near: Sequence[Neighbourhood], services: Sequence[str]) -> None:
        self.near, self.services, self.closed, self._asked = list(near), services, False, False
        self.opened.append(self)

    def search(self) -> None:
        self._asked = True

    def heard(self, rests: Callable[[str], bool]) -> dict[str, list[str]]:
        told, self._asked = {host: names for host, names in NAMES.items() if self._asked and not rests(host)}, False
        return told

    def close(self) -> None:
        self.closed = True


class Networks:
    """Those that the computer is in."""

    def __init__(self) -> None:
        self.now: list[Neighbourhood] = [HOME]
        self.wrong = ""

    def __call__(self) -> list[Neighbourhood]:
        if self.wrong:
            raise OperatorError(self.wrong)
        return self.now


@pytest.fixture
def networks() -> Networks:
    return Networks()


@pytest.fixture
def listening(networks: Networks) -> Listening:
    Ear.opened = []
    stopping = threading.Event()
    stopping.set()  # nobody waits here
    return Listening(networks, Ear, ["_http._tcp"], SystemClock(), stopping)


def test_who_answers_is_told_once_and_who_is_a_device_never(listening: Listening) -> None:
    assert listening.look({"192.0.2.2"}) == {"192.0.2.3": ["PJLink"]}
    assert listening.is_first("192.0.2.3")
    assert listening.look({"192.0.2.2"}) == {}
    assert Ear.opened[0].services == ["_http._tcp"]


def test_an_answer_is_heard_at_the_next_look(listening: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    listening.look(NAMES)
    monkeypatch.setitem(NAMES, "192.0.2.4", ["PJLink"])
    assert list(listening.look({"192.0.2.2", "192.0.2.3"})) == ["192.0.2.4"]


def test_another_network_gets_another_ear(listening: Listening, networks: Networks) -> None:
    listening.look(())
    networks.now = []
    for _ in range(NETWORKS_EVERY):
        listening.look(())
    assert [ear.closed for ear in Ear.opened] == [True]
    networks.now = [HOME]
    listening.look(())
    assert [ear.closed for ear in Ear.opened] == [True, False]
    listening.close()
    listening.close()
    assert Ear.opened[1].closed


def test_a_network_that_is_not_this_computers_is_told_once(
    listening: Listening, networks: Networks, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    networks.wrong = "192.0.2.0/24 is not a network of this computer"
    assert [listening.look(()), listening.look(())] == [{}, {}]
    assert caplog.text.count("not a network of this computer") == 1
    networks.wrong = ""
    assert listening.look(()) == NAMES
