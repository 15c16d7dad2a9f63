import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.control import ControlSocket, ask
from bench.errors import AlreadyRunning, NotRunning, SettingsMistake


@pytest.fixture
def control(tmp_path: Path) -> Iterator[ControlSocket]:
    control = ControlSocket(tmp_path / "control.sock", echo)
    control.open()
    yield control
    control.close()


def echo(request: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "heard": request}


def test_a_request_is_answered(control: ControlSocket) -> None:
    assert ask(control.path, {"do": "list"}) == {"ok": True, "heard": {"do": "list"}}


def test_only_its_owner_may_use_it(control: ControlSocket) -> None:
    assert control.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("line", [b"\n", b"rubbish\n", b"[1]\n", b"[" * 4000 + b"\n", b"\xff\xfe\n"])
def test_rubbish_is_answered_and_survived(control: ControlSocket, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(60)
        caller.connect(str(control.path))
        caller.sendall(line)
        assert b"one JSON object" in caller.recv(4096)
    assert ask(control.path, {})["ok"] is True


def test_where_no_bench_runs_one_line_says_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match=r"no bench answers at .*control\.sock; start it with 'make run'"):
        ask(tmp_path / "control.sock", {"do": "list"})


def test_a_second_bench_in_the_same_directory_is_refused(control: ControlSocket) -> None:
    with pytest.raises(AlreadyRunning, match="a bench runs here already; stop it, or choose another --dir"):
        ControlSocket(control.path, echo).open()
    assert ask(control.path, {})["ok"] is True


def test_a_socket_left_behind_by_a_crash_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    control = ControlSocket(path, echo)
    control.open()
    assert ask(path, {})["ok"] is True
    control.close()
    assert not path.exists()


def test_a_path_too_long_for_a_socket_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsMistake, match="too long for a control socket; choose a shorter --dir"):
        ControlSocket(tmp_path / ("d" * 120) / "control.sock", echo).open()
