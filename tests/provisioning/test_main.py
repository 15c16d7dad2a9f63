import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.__main__ import LATER, MISTAKE, OK, main
from provisioning.adapters.lock import alone
from provisioning.core.contract import ErrorCode, show_code
from provisioning.core.layout import Layout
from tests.provisioning.simulators import CODE, DistrictHub


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine on which no release is yet: nothing of it can be started."""
    return tmp_path / "machine"


def run(root: Path, *arguments: str) -> int:
    return main([*arguments, "--root", str(root), "--services", "process"])


def slip(hub: DistrictHub) -> list[str]:
    return ["--hub", hub.address, "--pin", hub.authority.active.fingerprint, "--code", show_code(CODE)]


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_status_tells_of_a_machine_that_knows_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "status") == OK
    assert "not enrolled" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["renew"], ["update"], ["run"], ["probe"]])
def test_who_is_not_enrolled_is_told_the_way(
    root: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert run(root, *command) == MISTAKE
    assert "dltv-provision enrol --code CODE" in one_line(capsys.readouterr().err)


def test_a_code_that_is_mistyped_is_told_before_anything_is_asked(
    root: Path, hub: DistrictHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "enrol", *slip(hub)[:-1], "3333-3333-3333-3334") == MISTAKE
    assert "a sign is wrong" in one_line(capsys.readouterr().err)
    assert hub.asked == []


def test_another_fingerprint_is_not_our_hub(root: Path, hub: DistrictHub, capsys: pytest.CaptureFixture[str]) -> None:
    given = slip(hub)
    assert run(root, "enrol", *given[:2], "--pin", "0" * 64, *given[4:]) == MISTAKE
    assert "this is not your district's hub" in one_line(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("code", "words", "status"),
    [
        (ErrorCode.CODE_USED, "used already, with another key", MISTAKE),
        (ErrorCode.CODE_EXPIRED, "has expired", MISTAKE),
        (ErrorCode.CODE_REVOKED, "was withdrawn", MISTAKE),
        (ErrorCode.CODE_UNKNOWN, "does not know this code", MISTAKE),
        (ErrorCode.TOO_MANY_TRIES, "wait a quarter of an hour", LATER),
        (ErrorCode.HUB_TROUBLE, "tried again later", LATER),
    ],
)
def test_each_refusal_is_one_line_with_the_way_out(
    root: Path, hub: DistrictHub, capsys: pytest.CaptureFixture[str], code: ErrorCode, words: str, status: int
) -> None:
    hub.refusal = code
    assert run(root, "enrol", *slip(hub)) == status
    assert words in one_line(capsys.readouterr().err)


@pytest.mark.parametrize("address", ["http://hub", "hub:8443", "https://", "https://hub/path", "https://hub:x"])
def test_what_is_no_address_is_told(
    root: Path, hub: DistrictHub, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert run(root, "enrol", "--hub", address, *slip(hub)[2:]) == MISTAKE
    assert "no address of a hub" in one_line(capsys.readouterr().err)


def test_what_the_slip_says_may_stand_in_a_file(
    root: Path, hub: DistrictHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "slip.toml"
    told = slip(hub)
    file.write_text(f'hub = "{told[1]}"\npin = "{told[3]}"\ncode = "{told[5]}"\n', "utf-8")
    hub.refusal = ErrorCode.CODE_EXPIRED
    assert run(root, "enrol", "--slip", str(file)) == MISTAKE
    assert "has expired" in capsys.readouterr().err


def test_what_is_missing_of_a_slip_is_named(root: Path, hub: DistrictHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "enrol", "--hub", hub.address) == MISTAKE
    assert "pin and code missing" in one_line(capsys.readouterr().err)


def test_only_one_run_at_a_time_has_the_device(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(Layout.linux(root).own):
        assert run(root, "update") == LATER
    assert "another run" in one_line(capsys.readouterr().err)


def test_nothing_is_deleted_without_a_word(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "uninstall") == MISTAKE
    assert "--yes" in one_line(capsys.readouterr().err)
    assert run(root, "uninstall", "--yes") == OK
    assert list(root.rglob("dltv*")) == []


def test_the_code_is_in_no_log(root: Path, hub: DistrictHub) -> None:
    """Nor is the key."""
    hub.refusal = ErrorCode.CODE_UNKNOWN
    command = [sys.executable, "-m", "provisioning", "enrol", *slip(hub)[:-1], "-", "--root", str(root)]
    done = subprocess.run(
        [*command, "--log-level", "debug"],
        input=show_code(CODE),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == MISTAKE
    said = done.stdout + done.stderr
    assert CODE not in said.replace("-", "")
    assert "PRIVATE KEY" not in said


def test_the_program_on_the_device_imports_nothing_of_hub_or_agent() -> None:
    program = "import sys, provisioning.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert set(done.stdout.split()) & {"hub", "agent", "bench", "simulator", "firmware_profiles", "pydantic"} == set()
