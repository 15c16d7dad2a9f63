"""`dltv-agent discover` against small equipment on loopback addresses, on the profiles' own ports, and on a pseudo-terminal."""

import contextlib
import os
import pty
import random
import signal
import socketserver
import subprocess
import sys
import threading
import time
import tomllib
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.__main__ import main

ANSWERS = {b"%1POWR ?\r": b"%1POWR=1\r", b"%1INF1 ?\r": b"%1INF1=ACME\r", b"%1INF2 ?\r": b"%1INF2=Lumen 7\r"}
LG = {b"ka 01 ff\r": b"a 01 OK01x", b"fv 01 ff\r": b"v 01 OK3735554835462d484ax"}
Start = Callable[..., None]


@pytest.fixture
def subnet() -> str:
    """A network of the loopback that nobody else uses."""
    return f"127.{random.randint(64, 250)}.{random.randint(1, 250)}.0/29"


def host(subnet: str, number: int) -> str:
    return subnet.replace(".0/29", f".{number}")


@pytest.fixture
def equipment() -> Iterator[Start]:
    """start(host, port, greeting, answers) serves; without answers, the line takes connections and says nothing."""
    with contextlib.ExitStack() as running:

        def start(address: str, port: int, greeting: bytes, answers: dict[bytes, bytes]) -> None:
            class Device(socketserver.BaseRequestHandler):
                def handle(self) -> None:
                    self.request.sendall(greeting)
                    pending = b""
                    while received := self.request.recv(1000):
                        pending += received
                        while b"\r" in pending:
                            line, _, pending = pending.partition(b"\r")
                            self.request.sendall(answers.get(line + b"\r", b""))

            class Server(socketserver.ThreadingTCPServer):
                allow_reuse_address = True
                daemon_threads = True

            server = Server((address, port), Device)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            running.callback(server.server_close)
            running.callback(server.shutdown)

        yield start


@pytest.fixture
def lg_line() -> Iterator[str]:
    """A serial line with an LG television on it."""
    controller, line = pty.openpty()
    tty.setraw(line)

    def serve() -> None:
        pending = b""
        with contextlib.suppress(OSError):
            while received := os.read(controller, 100):
                pending += received
                while b"\r" in pending:
                    request, _, pending = pending.partition(b"\r")
                    os.write(controller, LG.get(request + b"\r", b""))

    threading.Thread(target=serve, daemon=True).start()
    yield os.ttyname(line)
    os.close(line)
    os.close(controller)


def test_a_projector_is_recognised_and_a_section_proposed(
    capsys: pytest.CaptureFixture[str], subnet: str, equipment: Start
) -> None:
    equipment(host(subnet, 2), 4352, b"PJLINK 0\r", ANSWERS)
    assert main(["discover", "--subnet", subnet]) == 0
    told = capsys.readouterr()
    section = tomllib.loads(told.out[told.out.index("[[device]]") : told.out.index("Next:")])
    assert section["device"] == [
        {"key": "new-projector-1", "profile": "pjlink/generic", "address": f"tcp://{host(subnet, 2)}:4352"}
    ]
    assert "Lumen 7" in told.out
    assert f"{subnet}: trying ports" in told.err


def test_a_projector_that_wants_a_password_is_proposed_without_one(
    capsys: pytest.CaptureFixture[str], subnet: str, equipment: Start
) -> None:
    equipment(host(subnet, 3), 4352, b"PJLINK 1 12345678\r", {})
    assert main(["discover", "--subnet", subnet]) == 0
    out = capsys.readouterr().out
    assert "# It answers, and tells nothing yet: " in out
    assert "password = …" in out
    assert 'password = "' not in out


def test_a_television_on_a_line_is_recognised(capsys: pytest.CaptureFixture[str], lg_line: str) -> None:
    assert main(["discover", "--serial", lg_line]) == 0
    out = capsys.readouterr().out
    assert "75UH5F-HJ" in out
    assert f'address = "{lg_line}"' in out


def test_a_line_where_nothing_answers_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", "--serial", "/dev/no-such-line"]) == 0
    out = capsys.readouterr().out
    assert "Nothing new was found." in out
    assert "/dev/no-such-line" in out


def test_apply_adds_to_the_file_and_keeps_all_that_stands_there(
    capsys: pytest.CaptureFixture[str], subnet: str, equipment: Start, tmp_path: Path
) -> None:
    file = tmp_path / "agent.toml"
    before = '# mine\n[[device]]  # the old one\nkey = "new-projector-1"\nprofile = "lg/rs232"\naddress = "/dev/x"\n'
    file.write_text(before)
    file.chmod(0o600)
    equipment(host(subnet, 2), 4352, b"PJLINK 0\r", ANSWERS)
    assert main(["discover", "--subnet", subnet, "--config", str(file), "--apply"]) == 0
    assert file.read_text().startswith(before)
    assert [each["key"] for each in tomllib.loads(file.read_text())["device"]] == ["new-projector-1", "new-projector-2"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert f"Added to {file}" in capsys.readouterr().out


def test_what_is_configured_is_not_proposed_again(
    capsys: pytest.CaptureFixture[str], subnet: str, equipment: Start, tmp_path: Path
) -> None:
    file = tmp_path / "agent.toml"
    equipment(host(subnet, 2), 4352, b"PJLINK 0\r", ANSWERS)
    file.write_text(f'[[device]]\nkey = "p1-p"\nprofile = "pjlink/generic"\naddress = "tcp://{host(subnet, 2)}"\n')
    before = file.read_text()
    assert main(["discover", "--subnet", subnet, "--config", str(file), "--apply"]) == 0
    assert file.read_text() == before
    assert "Nothing new was found." in capsys.readouterr().out


def test_a_file_that_cannot_be_added_to_stays_as_it_is(
    capsys: pytest.CaptureFixture[str], subnet: str, equipment: Start, tmp_path: Path
) -> None:
    file = tmp_path / "agent.toml"
    file.write_text('device = [{ key = "a", profile = "lg/rs232", address = "/dev/x" }]\n')
    before = file.read_text()
    equipment(host(subnet, 2), 4352, b"PJLINK 0\r", ANSWERS)
    assert main(["discover", "--subnet", subnet, "--config", str(file), "--apply"]) == 2
    assert file.read_text() == before
    assert list(tmp_path.iterdir()) == [file]
    assert "add this by hand" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--subnet", "127.0.0.0/16"), "larger than /22"),
        (("--subnet", "203.0.113.0/24"), "not a network of this computer"),
        (("--subnet", "everything"), "is no network"),
        (("--apply",), "--config FILE"),
    ],
)
def test_a_wish_that_cannot_be_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert main(["discover", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_mute_host_is_left_when_the_time_is_over(
    capsys: pytest.CaptureFixture[str], subnet: str, equipment: Start
) -> None:
    for number in range(1, 7):
        equipment(host(subnet, number), 4352, b"", {})
    begun = time.monotonic()
    assert main(["discover", "--subnet", subnet, "--seconds", "1"]) == 0
    assert time.monotonic() - begun < 60
    assert "Stopped after 1 s" in capsys.readouterr().out


def test_an_interrupt_leaves_nothing_half_done(subnet: str, equipment: Start, tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text("# mine\n")
    for number in range(1, 7):
        equipment(host(subnet, number), 4352, b"", {})
    command = [sys.executable, "-m", "agent", "discover", "--subnet", subnet, "--config", str(file), "--apply"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "pjlink/generic?" in line:
                break
        running.send_signal(signal.SIGINT)
        _, rest = running.communicate(timeout=60)
        assert running.returncode == 130
    assert "nothing was written" in rest
    assert "Traceback" not in rest
    assert file.read_text() == "# mine\n"
    assert list(tmp_path.iterdir()) == [file]
