from typing import Any

import pytest
from pydantic import ValidationError

from agent.core.devices import DeviceSettings, HostSettings


def device(**keys: Any) -> DeviceSettings:
    return DeviceSettings.model_validate({"key": "p1-tv", "profile": "lg/rs232", "address": "/dev/ttyUSB0", **keys})


def test_the_key_profile_and_address_are_enough() -> None:
    assert device().room is None


@pytest.mark.parametrize("key", ["", "P1-TV", "a/b", "a+", "-a", "a" * 64])
def test_a_key_must_do_as_a_topic_level(key: str) -> None:
    with pytest.raises(ValidationError):
        device(key=key)


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(device(password="hunter2"))


@pytest.mark.parametrize("every_s", [0, -1, 1e9])
def test_an_interval_is_positive_and_at_most_a_day(every_s: float) -> None:
    with pytest.raises(ValidationError):
        device(every_s=every_s)


@pytest.mark.parametrize("target", ["1.1.1.1", "1.1.1.1:", ":443", "a:0", "a:x"])
def test_an_internet_target_is_a_host_and_a_port(target: str) -> None:
    with pytest.raises(ValidationError, match="write for example"):
        HostSettings.model_validate({"internet": [target]})


def test_the_internet_may_be_left_alone() -> None:
    assert HostSettings.model_validate({"internet": [], "ntp": ""}).internet == ()
