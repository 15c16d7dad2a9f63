import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.systemd_notify import SystemdNotify


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(60)
        yield line


def test_systemd_is_told_that_the_agent_has_started_lives_and_goes(systemd: socket.socket) -> None:
    notify = SystemdNotify.of({"NOTIFY_SOCKET": systemd.getsockname()})
    assert notify is not None
    notify.ready()
    notify.alive()
    notify.stopping()
    assert [systemd.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_an_address_without_a_file_is_known_by_its_at_sign() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        name = f"dltv-test-{os.getpid()}"
        line.bind(f"\0{name}")
        line.settimeout(60)
        notify = SystemdNotify.of({"NOTIFY_SOCKET": f"@{name}"})
        assert notify is not None
        notify.ready()
        assert line.recv(100) == b"READY=1"


def test_a_sign_of_life_is_due_twice_in_the_time_that_systemd_waits() -> None:
    notify = SystemdNotify.of({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "60000000"})
    assert notify is not None
    assert notify.alive_every_ms == 30_000


@pytest.mark.parametrize("more", [{}, {"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "soon"}])
def test_where_systemd_does_not_watch_no_sign_of_life_is_due(more: dict[str, str]) -> None:
    notify = SystemdNotify.of({"NOTIFY_SOCKET": "/x", **more})
    assert notify is not None
    assert notify.alive_every_ms is None


def test_without_systemd_nobody_is_told() -> None:
    assert SystemdNotify.of({}) is None


def test_a_systemd_that_went_away_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    notify = SystemdNotify(str(tmp_path / "gone"), None)
    notify.alive()
    notify.alive()
    assert len(caplog.records) == 1
