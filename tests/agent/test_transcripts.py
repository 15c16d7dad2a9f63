"""Every profile against what its devices said: tests/transcripts/README.md describes the files."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.services.devices import build_device
from agent.services.driver import Driver
from agent.services.transcript import VirtualTime, lines_of
from firmware_profiles.loader import load_catalog
from firmware_profiles.schema import Scheme
from wire.vocabulary import REACHABLE

ROOT = Path(__file__).parents[1] / "transcripts"
CATALOGUE = load_catalog()
CASES = sorted(path.parent for path in ROOT.glob("*/*/*/session.txt"))
ADDRESSES = {
    Scheme.SERIAL: "serial:/dev/test",
    Scheme.TCP: "tcp://equipment.test",
    Scheme.HTTP: "http://equipment.test",
    Scheme.SNMP: "snmp://equipment.test",
    Scheme.DVB: "dvb:/dev/dvb/adapter0/frontend0",
    Scheme.CEC: "cec:/dev/cec0",
    Scheme.COMMAND: "command:",
}


class Recording:
    """A session, played to the agent as a Link. `limit`: after so many answered bytes, silence; then any request will do."""

    def __init__(self, text: str, time: VirtualTime, limit: int | None = None) -> None:
        self.lines = lines_of(text)
        self.time, self.limit = time, limit
        self.answered = 0

    @property
    def is_cut(self) -> bool:
        return self.limit is not None and self.answered >= self.limit

    def open(self, *_ignored: object) -> "Recording":
        if not self.is_cut:
            assert self._next() == ("!", b"open")
        return self

    def send(self, data: bytes) -> None:
        if not self.is_cut:
            assert self._next() == (">", data)

    def receive(self, timeout_s: float) -> bytes | None:
        if not self.is_cut and self.lines[:1] == [("!", b"closed")]:
            self._next()
            return b""
        # With no time to wait nothing is there: a recording does not tell what comes too late.
        if self.is_cut or not self.lines or self.lines[0][0] != "<" or not timeout_s:
            self.time.now += max(1, round(timeout_s * 1000))
            return None
        _, data = self._next()
        if self.limit is not None:
            data = data[: self.limit - self.answered]
        self.answered += len(data)
        return data

    def close(self) -> None:
        if self.lines[:1] == [("!", b"closed")]:
            self._next()

    def _next(self) -> tuple[str, bytes]:
        return self.lines.pop(0) if self.lines else ("", b"")


@cache
def expected_of(case: Path) -> dict[str, Any]:
    return tomllib.loads((case / "expected.toml").read_text("utf-8"))


@cache
def session_of(case: Path) -> str:
    return (case / "session.txt").read_text("utf-8")


def profile_of(case: Path) -> str:
    return "/".join(case.relative_to(ROOT).parts[:2])


def played(case: Path, limit: int | None = None) -> tuple[Poll, Recording]:
    time = VirtualTime()
    recording = Recording(session_of(case), time, limit)
    profile = CATALOGUE.profile(profile_of(case))
    told = {"address": ADDRESSES[profile.link.schemes[0]], **expected_of(case).get("settings", {})}
    settings = DeviceSettings(key="p1-x", profile=profile.id, **told)
    device = build_device(settings, CATALOGUE, recording.open)
    driver = Driver(device, device.open_channel(time, time.stopping), time)
    return driver.round(), recording


def name_of(case: Path) -> str:
    return str(case.relative_to(ROOT))


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_session_means_what_is_expected(case: Path) -> None:
    expected = expected_of(case)
    poll, recording = played(case)
    values = {name: value for name, value in poll.readings.items() if value is not None}
    assert values == {REACHABLE: expected["reachable"], **expected["readings"]}
    assert [name for name, value in poll.readings.items() if value is None] == sorted(
        expected.get("unknown", []), key=list(poll.readings).index
    )
    assert dict(poll.properties or {}) == expected["properties"]
    assert expected.get("problem", "") in (poll.problem or "")
    assert (poll.problem is None) is expected["reachable"]
    assert recording.lines == []


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_session_cut_short_gives_no_wrong_reading(case: Path) -> None:
    expected = expected_of(case)
    true = {REACHABLE: True, **expected["readings"]}
    _, whole = played(case)
    for limit in range(whole.answered or 1):
        poll = played(case, limit)[0]
        wrong = {
            name: value
            for name, value in poll.readings.items()
            if value is not None and value != true.get(name) and name != REACHABLE
        }
        assert wrong == {}, limit
        for name, text in (poll.properties or {}).items():
            assert text in expected["properties"].get(name, "")


@pytest.mark.parametrize("profile_id", [one for one in CATALOGUE if not CATALOGUE.profile(one).is_host])
def test_each_profile_has_a_normal_case(profile_id: str) -> None:
    assert (ROOT / profile_id / "normal" / "session.txt").is_file()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_each_transcript_has_a_profile(case: Path) -> None:
    assert profile_of(case) in CATALOGUE


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_password_stands_in_no_problem(case: Path) -> None:
    password = expected_of(case).get("settings", {}).get("password")
    assert password is None or password not in (played(case)[0].problem or "")
