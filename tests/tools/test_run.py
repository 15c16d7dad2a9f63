"""Starting, watching and ending the three programs, with small ones in the place of ours."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools import run as starter
from tools.programs import Program

pytestmark = pytest.mark.e2e
IDLE = "print('up')\nimport time\nwhile True: time.sleep(1)"
HUB = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path in ("/healthz", "/readyz") else 404)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
Make = Callable[..., dict[str, Program]]


@pytest.fixture
def port(free_port: Callable[[], int]) -> int:
    return free_port()


@pytest.fixture
def programs(tmp_path: Path, port: int) -> Iterator[Make]:
    made: list[Program] = []

    def make(hub: str = HUB, bench: str = IDLE, agent: str = IDLE) -> dict[str, Program]:
        sources = {"agent": agent, "bench": bench, "hub": hub}
        found = {
            name: Program(name, [sys.executable, "-c", source, str(port)], {}, tmp_path, starter.say)
            for name, source in sources.items()
        }
        made.extend(found.values())
        return found

    yield make
    for program in made:
        program.stop(0.0)


def run_until(programs: dict[str, Program], port: int, met: Callable[[], bool]) -> int:
    """The exit code, with Ctrl-C pressed when `met`."""
    stop = threading.Event()

    def press() -> None:
        deadline = time.monotonic() + 60
        while not met() and time.monotonic() < deadline:
            time.sleep(0.02)
        stop.set()

    thread = threading.Thread(target=press)
    thread.start()
    code = starter.run(programs, f"127.0.0.1:{port}", stop)
    stop.set()
    thread.join()
    return code


def test_when_the_hub_is_ready_the_block_says_where_to_look(
    programs: Make, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    made = programs()
    assert run_until(made, port, lambda: made["agent"].last_line == "up") == 0
    out = capsys.readouterr().out
    assert f"open http://127.0.0.1:{port}\n" in out
    assert "make bench-fault F=tv-dead" in out


def test_the_agent_waits_for_the_hub(programs: Make, port: int) -> None:
    made = programs(hub=IDLE)
    assert run_until(made, port, lambda: made["hub"].last_line == "up") == 0
    assert made["agent"].last_line == ""


def test_a_hub_that_cannot_start_is_named_with_its_own_line_and_exit_code(
    programs: Make, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    made = programs(hub="import sys\nsys.exit(print('dltv-hub: --http: port 8080 is in use') or 2)")
    assert starter.run(made, f"127.0.0.1:{port}", threading.Event()) == 2
    out = capsys.readouterr().out
    assert "hub   | dltv-hub: --http: port 8080 is in use\n" in out
    assert out.endswith("make run: the hub ended by itself (exit code 2): dltv-hub: --http: port 8080 is in use\n")


@pytest.mark.parametrize("name", ["agent", "bench"])
def test_one_that_ends_by_itself_ends_the_run_with_its_code(
    programs: Make, port: int, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = programs(**{name: "import sys\nprint('sorry')\nsys.exit(7)"})
    assert starter.run(made, f"127.0.0.1:{port}", threading.Event()) == 7
    assert f"make run: the {name} ended by itself (exit code 7): sorry\n" in capsys.readouterr().out


def test_one_that_ends_in_peace_by_itself_is_a_failure_all_the_same(programs: Make, port: int) -> None:
    assert starter.run(programs(bench="print('done')"), f"127.0.0.1:{port}", threading.Event()) == 1


@pytest.mark.parametrize("text", ["8080", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", ":80"])
def test_an_address_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        starter.main(["--http", text])
    assert caught.value.code == 2
    assert "write HOST:PORT, such as 127.0.0.1:8080" in capsys.readouterr().err
