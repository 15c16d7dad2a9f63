"""What becomes of what is recognised: a new device, one that is known already, one that has moved."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from agent.adapters.links import open_link
from agent.core.devices import DeviceSettings
from agent.core.discovery import Answer
from agent.core.finds import Finds
from agent.core.identities import SERIAL_NUMBER, Identities
from agent.core.readings import Equipment, Poll
from agent.services.devices import Device
from agent.services.newcomers import Hands, Newcomers
from firmware_profiles.loader import load_catalog
from wire.vocabulary import REACHABLE

CATALOGUE = load_catalog()
CLASS_2 = "pjlink/class-2"


def answer(host: str, serial: str = "", profile: str = CLASS_2, refusal: str = "") -> Answer:
    told = {SERIAL_NUMBER: serial} if serial else {}
    return Answer(host, f"tcp://{host}:4352", CATALOGUE.profile(profile), told, refusal)


class Desk:
    """Newcomers, and what they gave away."""

    def __init__(self, finds: Finds, **keys: Any) -> None:
        settings = DeviceSettings(key="p1-projector", profile=CLASS_2, address="tcp://192.0.2.7:4352", **keys)
        self.identities = Identities([Equipment("p1-projector", "projector", "p1", CLASS_2, (REACHABLE,))])
        self.adopted: list[Device] = []
        self.moved: list[Device] = []
        hands = Hands(self.adopted.append, self.moved.append, lambda finds: setattr(self, "kept", finds.as_text()))
        self.newcomers = Newcomers([settings], self.identities, finds, hands)

    def hear(self, key: str, serial: str = "", *, answers: bool = True) -> None:
        self.identities.hear(Poll(key, 0, {REACHABLE: answers}, {SERIAL_NUMBER: serial} if serial else None))

    def take(self, *answers: Answer) -> str:
        return self.newcomers.take(answers, open_link)


@pytest.fixture
def desk() -> Callable[..., Desk]:
    return lambda finds=None, **keys: Desk(finds or Finds(), **keys)


def test_what_is_recognised_becomes_a_device_with_what_it_told(desk: Callable[..., Desk]) -> None:
    one = desk()
    assert one.take(answer("192.0.2.9", "SN0002")) == ""
    (device,) = one.adopted
    assert (device.equipment.key, device.address) == ("new-projector-1", "tcp://192.0.2.9:4352")
    assert device.equipment.properties[SERIAL_NUMBER] == "SN0002"
    assert "tcp://192.0.2.9:4352" in one.newcomers.addresses


def test_a_device_by_its_serial_number_is_not_told_twice(desk: Callable[..., Desk]) -> None:
    one = desk()
    one.hear("p1-projector", "SN0001")
    assert one.take(answer("192.0.2.9", "sn-0001")) == ""
    assert (one.adopted, one.moved) == ([], [])


def test_a_device_that_has_moved_is_polled_where_it_is(desk: Callable[..., Desk]) -> None:
    one = desk(every_s=7)
    one.hear("p1-projector", "SN0001")
    one.hear("p1-projector", answers=False)
    one.take(answer("192.0.2.9", "SN0001"))
    (device,) = one.moved
    assert (device.name, device.address) == ("p1-projector", "tcp://192.0.2.9:4352")
    assert device.pace == pytest.approx(7 / CATALOGUE.profile(CLASS_2).polls[0].every_s)
    assert one.adopted == []
    assert one.newcomers.addresses == ["tcp://192.0.2.9:4352"]


def test_a_find_that_has_moved_is_followed_too(desk: Callable[..., Desk]) -> None:
    one = desk()
    one.take(answer("192.0.2.9", "SN0002"))
    one.hear("new-projector-1", answers=False)
    one.take(answer("192.0.2.10", "SN0002"))
    assert [device.address for device in one.moved] == ["tcp://192.0.2.10:4352"]


@pytest.mark.parametrize("secret", [{"password": SecretStr("x")}, {"user": "admin"}])
def test_a_password_follows_nobody(desk: Callable[..., Desk], caplog: Any, secret: Any) -> None:
    one = desk(**secret)
    one.hear("p1-projector", "SN0001")
    one.hear("p1-projector", answers=False)
    one.take(answer("192.0.2.9", "SN0001"))
    assert (one.adopted, one.moved) == ([], [])
    assert "change its address in the settings" in caplog.text


def test_the_same_set_by_another_protocol_is_only_told(desk: Callable[..., Desk], caplog: Any) -> None:
    one = desk()
    one.hear("p1-projector", "SN0001")
    one.hear("p1-projector", answers=False)
    one.take(answer("192.0.2.9", "SN0001", "epson/escvp21"))
    assert (one.adopted, one.moved) == ([], [])
    assert "p1-projector by its serial number" in caplog.text


def test_the_number_of_one_protocol_tells_for_the_other(desk: Callable[..., Desk]) -> None:
    one = desk()
    one.hear("p1-projector", "SN0001")
    by_two = (answer("192.0.2.9", "SN0001", "epson/escvp21"), answer("192.0.2.9"))
    one.take(*by_two)
    assert one.adopted == []


def test_another_set_without_a_number_is_new(desk: Callable[..., Desk]) -> None:
    one = desk()
    one.hear("p1-projector", answers=False)
    one.take(answer("192.0.2.9"))
    assert len(one.adopted) == 1
    assert one.moved == []


def test_after_a_restart_a_find_has_the_key_that_it_had(desk: Callable[..., Desk]) -> None:
    before = desk()
    before.take(answer("192.0.2.8", "SN0002"))
    before.take(answer("192.0.2.9", "SN0003"))
    after = desk(Finds.of_text(before.kept))  # type: ignore[attr-defined]
    after.take(answer("192.0.2.10", "SN0003"))
    assert [device.name for device in after.adopted] == ["new-projector-2"]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((), "nothing known answers there"),
        ((answer("192.0.2.9", refusal="it wants a password"),), f"may be {CLASS_2}: add it by hand"),
    ],
)
def test_what_is_not_sure_is_told_and_no_device(
    desk: Callable[..., Desk], answers: tuple[Answer, ...], told: str
) -> None:
    one = desk()
    assert one.take(*answers) == told
    assert one.adopted == []


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
