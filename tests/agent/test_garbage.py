"""Whatever a device answers: its driver raises nothing, tells nothing that no answer said, and keeps to its time-outs."""

import threading
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.errors import LinkLost
from agent.services.devices import build_device
from agent.services.driver import Driver
from agent.services.transcript import VirtualTime
from firmware_profiles.loader import load_catalog
from firmware_profiles.schema import Profile, Scheme
from tests.abuse import times
from wire.vocabulary import BY_KIND, REACHABLE

CATALOGUE = load_catalog()
PROFILES = [profile for one in CATALOGUE if not (profile := CATALOGUE.profile(one)).is_host]
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
PLACES = {
    Scheme.SERIAL: "serial:/dev/test",
    Scheme.DVB: "dvb:/dev/dvb/adapter0/frontend0",
    Scheme.CEC: "cec:/dev/cec0",
    Scheme.COMMAND: "command:",
}
SLICE_MS = 1000
MARKS = [
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"RTSP/1.0 200 OK\r\n",
    b"PJLINK 0\r",
    b"{}",
    b"\xaa\xff\x01",
    b"%1",
]
LOST = None
"""Stands for a line that breaks."""


@dataclass
class Mad:
    """A link to a device that says these pieces, one at each chance, and then nothing more, or `for_ever` another."""

    time: VirtualTime
    pieces: list[bytes | None]
    for_ever: bytes = b""
    at: int = 0

    def open(self, *_ignored: object) -> "Mad":
        self._next()
        return self

    def send(self, data: bytes) -> None:
        self._next()

    def receive(self, timeout_s: float) -> bytes | None:
        if timeout_s <= 0:
            return None
        piece = self._next()
        if not piece:
            self.time.now += max(1, round(timeout_s * 1000))
            return None
        self.time.now += 1
        return piece

    def close(self) -> None:
        """Nothing is held."""

    def _next(self) -> bytes:
        piece = self.pieces[self.at] if self.at < len(self.pieces) else self.for_ever
        self.at += 1
        if piece is LOST:
            raise LinkLost("the line broke")
        return piece


def asked(profile: Profile, pieces: list[bytes | None], for_ever: bytes = b"") -> tuple[Poll, int]:
    """One round, and how long it took (ms)."""
    time = VirtualTime()
    scheme = profile.link.schemes[0]
    address = PLACES.get(scheme, f"{scheme.value}://equipment.test")
    given_ = DeviceSettings(key="p1-x", profile=profile.id, address=address, user="user", password="secret")
    device = build_device(given_, CATALOGUE, Mad(time, pieces, for_ever).open)
    driver = Driver(device, device.open_channel(time, time.stopping), time)
    poll = driver.round()
    driver.close()
    return poll, time.now


def longest_ms(profile: Profile) -> int:
    """Every question and every greeting unanswered up to its last moment."""
    link = profile.link
    questions = len(profile.polls) + len(profile.identity)
    return questions * (1 + link.retries) * (2 * link.timeout_ms + link.gap_ms + SLICE_MS)


@every_profile
@settings(deadline=None, max_examples=times(50))
@given(st.lists(st.binary(max_size=40) | st.sampled_from(MARKS) | st.just(LOST), max_size=40))
def test_no_garbage_makes_a_driver_fail_or_stall(profile: Profile, pieces: list[bytes | None]) -> None:
    poll, took_ms = asked(profile, pieces)
    assert took_ms <= longest_ms(profile)
    assert isinstance(poll.readings[REACHABLE], bool)
    assert set(poll.readings) <= set(BY_KIND[profile.kind])
    assert "secret" not in (poll.problem or "")


@every_profile
def test_silence_is_no_reading(profile: Profile) -> None:
    poll, took_ms = asked(profile, [])
    assert poll.readings == {REACHABLE: False}
    assert took_ms <= (1 + profile.link.retries) * (profile.link.timeout_ms + profile.link.gap_ms + SLICE_MS)


@every_profile
def test_a_line_that_drips_for_ever_is_given_up(profile: Profile) -> None:
    poll, took_ms = asked(profile, [], b"\x00")
    assert poll.readings == {REACHABLE: False}
    assert took_ms <= longest_ms(profile)


def test_a_stop_is_heard_within_a_moment() -> None:
    profile = CATALOGUE.profile("hdmi-cec/cec-client")
    time = VirtualTime()
    time.stopping = threading.Event()
    time.stopping.set()
    given_ = DeviceSettings(key="p1-x", profile=profile.id, address="command:")
    device = build_device(given_, CATALOGUE, Mad(time, []).open)
    assert Driver(device, device.open_channel(time, time.stopping), time).round().readings == {REACHABLE: False}
    assert time.now <= SLICE_MS
