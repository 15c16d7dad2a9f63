"""The agent's polling against equipment on real ports: tests/agent/services/conftest.py."""

import itertools
import logging
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.adapters.links import open_link
from agent.adapters.system_clock import SystemClock
from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.services.devices import Device, build_device, host_device
from agent.services.polling import Polling
from firmware_profiles.loader import load_catalog

CATALOGUE = load_catalog()
Serve = Callable[[Any], int]
HANGS_MS = 2000


def device(key: str, profile: str, address: str, timeout_ms: int = 30_000, **keys: Any) -> Device:
    settings = DeviceSettings(key=key, profile=profile, address=address, every_s=0.1, **keys)
    built = build_device(settings, CATALOGUE, open_link)
    return rebuilt(settings, built, built.profile.link.model_copy(update={"timeout_ms": timeout_ms}))


def rebuilt(settings: DeviceSettings, built: Device, link: Any) -> Device:
    """The device with another link in its profile: a test has no time for one that hangs, and all of it for one that answers."""

    class Catalogue:
        def profile(self, _profile_id: str) -> Any:
            return built.profile.model_copy(update={"link": link})

    return build_device(settings, Catalogue(), open_link)  # type: ignore[arg-type]


@pytest.fixture
def poll_all(polls: Any) -> Iterator[Callable[..., Polling]]:
    running: list[Polling] = []

    def start(*devices: Device, on_poll: Callable[[Poll], None] = polls) -> Polling:
        running.append(Polling(devices, on_poll, SystemClock()))
        running[-1].start()
        return running[-1]

    yield start
    for polling in running:
        polling.stop()


def test_a_set_on_a_serial_line_is_read(tv: Any, polls: Any, poll_all: Any) -> None:
    tv.plug()
    poll_all(device("p1-tv", "lg/rs232", f"serial:{tv.path}"))
    poll = polls.wait(lambda all_: all_.of("p1-tv"))[0]
    assert poll.readings == {
        "device/reachable": True,
        "power/on": True,
        "input/signal": True,
        "input/source": "hdmi1",
        "panel/temp_c": 32.0,
        "error/code": "",
        "panel/hours": 7210,
    }
    assert poll.properties == {"Properties/model": "75UH5F-HJ", "Properties/firmware": "04.13.50"}


def test_a_projector_with_a_password_is_read(serve: Serve, projector: Any, polls: Any, poll_all: Any) -> None:
    port = serve(projector("JBMIAProjectorLink"))
    poll_all(device("p1-projector", "pjlink/generic", f"tcp://127.0.0.1:{port}", password="JBMIAProjectorLink"))
    poll = polls.wait(lambda all_: all_.of("p1-projector"))[0]
    assert poll.readings["power/on"] is True
    assert poll.readings["lamp/hours"] == 1234
    assert poll.properties == {"Properties/model": "Acme P-100"}


def test_each_round_with_a_projector_is_a_session_of_its_own(
    serve: Serve, projector: Any, polls: Any, poll_all: Any
) -> None:
    peer = projector("secret")
    poll_all(device("p", "pjlink/generic", f"tcp://127.0.0.1:{serve(peer)}", password="secret"))
    polls.wait(lambda all_: len(all_.of("p")) >= 3)
    assert peer.sessions >= 3


def test_a_wrong_password_is_one_clear_line(
    serve: Serve, projector: Any, polls: Any, poll_all: Any, caplog: pytest.LogCaptureFixture
) -> None:
    port = serve(projector("right"))
    poll_all(device("p1-projector", "pjlink/generic", f"tcp://127.0.0.1:{port}", password="hunter2"))
    polls.wait(lambda all_: len(all_.of("p1-projector")) >= 3)
    assert polls.of("p1-projector")[0].readings == {"device/reachable": False}
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert lines == ["p1-projector: the projector refuses the password; correct password = … of this device"]


def test_a_receiver_is_read(receiver: int, polls: Any, poll_all: Any) -> None:
    poll_all(device("p1-receiver", "enigma2/openwebif", f"http://127.0.0.1:{receiver}"))
    poll = polls.wait(lambda all_: all_.of("p1-receiver"))[0]
    assert poll.readings == {
        "device/reachable": True,
        "power/on": True,
        "tuner/service": "DLTV 1",
        "signal/lock": True,
        "signal/cnr_db": 12.3,
        "signal/quality_pct": 82.0,
        "signal/strength_pct": 65.0,
    }
    assert poll.properties == {"Properties/model": "Acme Sat1", "Properties/firmware": "8.3"}


def test_who_it_is_is_told_once(receiver: int, polls: Any, poll_all: Any) -> None:
    poll_all(device("r", "enigma2/openwebif", f"http://127.0.0.1:{receiver}"))
    polls.wait(lambda all_: len(all_.of("r")) >= 3)
    assert [poll.properties is not None for poll in polls.of("r")[:3]] == [True, False, False]


def test_a_device_that_hangs_delays_no_other(serve: Serve, hang: Any, receiver: int, polls: Any, poll_all: Any) -> None:
    hanging = [device(f"h{n}", "pjlink/generic", f"tcp://127.0.0.1:{serve(hang)}", HANGS_MS) for n in range(3)]
    poll_all(*hanging, device("r", "enigma2/openwebif", f"http://127.0.0.1:{receiver}"))
    polls.wait(lambda all_: len(all_.of("r")) >= 10)
    times = [poll.t for poll in polls.of("r")[:10]]
    assert statistics.median(later - earlier for earlier, later in itertools.pairwise(times)) < HANGS_MS
    assert polls.wait(lambda all_: all_.of("h0"))[0].readings == {"device/reachable": False}


def test_a_set_that_is_unplugged_and_plugged_in_again_is_found(tv: Any, polls: Any, poll_all: Any) -> None:
    tv.plug()
    poll_all(device("p1-tv", "lg/rs232", str(tv.path)))
    polls.wait(lambda all_: all_.of("p1-tv"))
    tv.unplug()
    assert polls.next_of("p1-tv", reachable=False).readings == {"device/reachable": False}
    tv.plug()
    again = polls.next_of("p1-tv")
    assert again.readings["panel/hours"] == 7210
    assert again.properties == {"Properties/model": "75UH5F-HJ", "Properties/firmware": "04.13.50"}


def test_a_line_that_is_not_there_yet_is_told_and_waited_for(
    tv: Any, polls: Any, poll_all: Any, caplog: pytest.LogCaptureFixture
) -> None:
    poll_all(device("p1-tv", "lg/rs232", str(tv.path)))
    lost = polls.wait(lambda all_: all_.of("p1-tv"))[0]
    assert lost.problem == f"{tv.path}: there is no such serial line; is the adapter plugged in?"
    tv.plug()
    assert polls.next_of("p1-tv").readings["power/on"] is True


class Mad:
    """A channel that does what no channel should."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, _request: str) -> Mapping[str, object]:
        self.asked += 1
        if self.asked == 2:
            raise ZeroDivisionError("mad")
        return {}

    def close(self) -> None:
        pass


def test_a_driver_that_fails_counts_as_unreachable_and_goes_on(
    polls: Any, poll_all: Any, caplog: pytest.LogCaptureFixture
) -> None:
    mad = Mad()
    normal = device("p1-tv", "lg/rs232", "/dev/null")
    one_poll = normal.profile.model_copy(update={"poll": normal.profile.poll[:1], "identity": ()})
    poll_all(replace(normal, profile=one_poll, open_channel=lambda *_: mad))
    polls.wait(lambda all_: len(all_.of("p1-tv")) >= 3)
    assert [poll.readings["device/reachable"] for poll in polls.of("p1-tv")[:3]] == [True, False, True]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "p1-tv: the driver failed: ZeroDivisionError: mad"
    ]


def test_a_listener_that_fails_does_not_end_the_polling(receiver: int, poll_all: Any) -> None:
    heard = threading.Semaphore(0)

    def fail(_poll: Poll) -> None:
        heard.release()
        raise RuntimeError("no room")

    poll_all(device("r", "enigma2/openwebif", f"http://127.0.0.1:{receiver}"), on_poll=fail)
    assert all(heard.acquire(timeout=60) for _ in range(3))


def test_polling_now_does_not_wait_for_the_next_turn(receiver: int, polls: Any) -> None:
    settings = DeviceSettings(
        key="r", profile="enigma2/openwebif", address=f"http://127.0.0.1:{receiver}", every_s=3600
    )
    polling = Polling([build_device(settings, CATALOGUE, open_link)], polls, SystemClock())
    polling.start()
    polls.wait(lambda all_: len(all_.of("r")) == 1)
    polling.poll_now()
    assert polls.wait(lambda all_: len(all_.of("r")) == 2)
    assert set(polls.of("r")[1].readings) == set(polls.of("r")[0].readings)
    polling.stop()


def test_a_device_that_is_added_is_polled_like_any_other(tv: Any, receiver: int, polls: Any, poll_all: Any) -> None:
    tv.plug()
    polling = poll_all(device("r", "enigma2/openwebif", f"http://127.0.0.1:{receiver}"))
    polling.add(device("new-tv-1", "lg/rs232", str(tv.path)))
    assert polls.next_of("new-tv-1").readings["power/on"] is True
    polling.stop()
    seen = len(polls.all)
    assert [each for each in threading.enumerate() if each.name == "poll new-tv-1"] == []
    assert len(polls.all) == seen


def test_a_device_that_moved_is_polled_where_it_is_and_no_more_where_it_was(
    serve: Serve, hang: Any, receiver: int, polls: Any, poll_all: Any
) -> None:
    polling = poll_all(device("r", "enigma2/openwebif", f"http://127.0.0.1:{serve(hang)}", 400))
    assert polls.next_of("r", reachable=False)
    polling.move(device("r", "enigma2/openwebif", f"http://127.0.0.1:{receiver}"))
    assert polls.next_of("r").readings["power/on"] is True
    seen = len(polls.of("r"))
    polls.wait(lambda all_: len(all_.of("r")) >= seen + 5)
    assert all(poll.readings["device/reachable"] for poll in polls.of("r")[seen:])
    polls.wait(lambda _: len([each for each in threading.enumerate() if each.name == "poll r"]) == 1)


def test_what_is_added_after_the_end_is_not_polled(tv: Any, polls: Any) -> None:
    polling = Polling([], polls, SystemClock())
    polling.stop()
    polling.add(device("new-tv-1", "lg/rs232", str(tv.path)))
    assert [each for each in threading.enumerate() if each.name == "poll new-tv-1"] == []


def test_it_stops_at_once_though_devices_hang(serve: Serve, hang: Any, polls: Any) -> None:
    settings = [
        DeviceSettings(key=f"h{n}", profile="pjlink/generic", address=f"tcp://127.0.0.1:{serve(hang)}")
        for n in range(4)
    ]
    polling = Polling([build_device(each, CATALOGUE, open_link) for each in settings], polls, SystemClock())
    polling.start()
    begun = time.monotonic()
    polling.stop()
    assert time.monotonic() - begun < 60
    assert polls.all == []


class Stuck:
    """A channel in the kernel's hands: nothing reaches it, not even that the program stops."""

    def __init__(self) -> None:
        self.asked, self.released = threading.Event(), threading.Event()

    def ask(self, _request: str) -> Mapping[str, object]:
        self.asked.set()
        self.released.wait(60)
        return {}

    def close(self) -> None:
        pass


def test_it_stops_without_a_driver_that_cannot_be_stopped_and_hears_no_more_of_it(polls: Any) -> None:
    stuck = Stuck()
    polling = Polling(
        [replace(device("p1-tv", "lg/rs232", "/dev/null"), open_channel=lambda *_: stuck)], polls, SystemClock()
    )
    polling.start()
    stuck.asked.wait(60)
    begun = time.monotonic()
    polling.stop()
    assert time.monotonic() - begun < 60
    stuck.released.set()
    for thread in threading.enumerate():
        if thread.name == "poll p1-tv":
            thread.join(60)
    assert polls.all == []


def test_what_never_started_can_be_stopped(polls: Any) -> None:
    Polling([device("p1-tv", "lg/rs232", "/dev/null")], polls, SystemClock()).stop()


class Computer:
    """HostFacts of a computer without a thermometer, whose disk cannot be read."""

    def gather(self, group: str) -> Mapping[str, object]:
        if group == "disk":
            raise PermissionError("no")
        return {"host/cpu_pct": 12.5, "host/mem_used_pct": 40.0, "host/uptime_s": 77} if group == "usage" else {}

    def properties(self) -> Mapping[str, str]:
        return {"Properties/os": "Linux"}


def test_the_agents_own_computer_is_a_device_without_a_name(polls: Any, poll_all: Any) -> None:
    host = host_device(Computer(), CATALOGUE.profile("host/linux"), every_s=0.1)
    poll_all(host)
    poll = polls.wait(lambda all_: all_.of(None))[0]
    assert "device/reachable" not in poll.readings
    known = {name: value for name, value in poll.readings.items() if value is not None}
    assert known == {"host/cpu_pct": 12.5, "host/mem_used_pct": 40.0, "host/uptime_s": 77}
    assert host.equipment.properties == {"Properties/os": "Linux", "Properties/profile": "host/linux"}
