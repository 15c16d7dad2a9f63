"""What is said to systemd and to Windows: heard by programs that stand where theirs would."""

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.adapters.systemd import AGENT, OWN_UNITS, Systemd
from provisioning.adapters.windows_service import WindowsService
from provisioning.errors import OperatorError

Said = Callable[[], list[str]]
UNITS = Path(__file__).parents[3] / "provisioning" / "linux"


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Said]:
    """heard(program, script): what that program was told, by its arguments."""

    def stand_in(program: str, script: str) -> Said:
        log, path = tmp_path / "log", tmp_path / "bin" / program
        path.parent.mkdir()
        path.write_text(f'#!/bin/sh\necho "$*" >> {log}\n{script}\n')
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(path.parent), prepend=":")
        return lambda: log.read_text().replace("--no-pager ", "").splitlines()

    return stand_in


def test_the_units_are_those_that_are_installed() -> None:
    installed = {path.name for path in UNITS.iterdir() if path.suffix in (".service", ".timer", ".path")}
    assert {AGENT, *OWN_UNITS} == installed


def test_systemd_starts_restarts_and_reloads_the_agent(heard: Callable[[str, str], Said]) -> None:
    said, services = heard("systemctl", "exit 0"), Systemd()
    services.start()
    services.restart()
    services.reload()
    assert said() == [
        f"enable --now {AGENT}",
        f"restart {AGENT}",
        f"is-active --quiet {AGENT}",
        f"kill --kill-whom=main --signal=HUP {AGENT}",
    ]


def test_an_agent_that_does_not_run_is_not_reloaded(heard: Callable[[str, str], Said]) -> None:
    said = heard("systemctl", "exit 3")
    Systemd().reload()
    assert said() == [f"is-active --quiet {AGENT}"]


def test_what_systemd_says_is_told(heard: Callable[[str, str], Said]) -> None:
    heard("systemctl", 'echo "Unit not found." >&2; exit 5')
    with pytest.raises(OperatorError, match="Unit not found"):
        Systemd().restart()


def test_a_machine_without_systemd_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(OperatorError, match="systemctl cannot be used"):
        Systemd().restart()


def test_windows_stops_and_starts_the_service(heard: Callable[[str, str], Said]) -> None:
    said = heard("sc", "exit 0")
    WindowsService().restart()
    assert said() == ["stop dltv-agent", "query dltv-agent", "start dltv-agent"]


def test_a_service_that_stands_still_already_is_fine(heard: Callable[[str, str], Said]) -> None:
    said = heard("sc", '[ "$1" = query ] && echo "STATE : 1 STOPPED"; exit 0')
    WindowsService().remove()
    assert said() == ["stop dltv-agent", "query dltv-agent", "delete dltv-agent"]


def test_a_service_that_runs_is_seen(heard: Callable[[str, str], Said]) -> None:
    heard("sc", 'echo "        STATE              : 4  RUNNING"')
    assert WindowsService().is_running()


def test_what_windows_says_is_told(heard: Callable[[str, str], Said]) -> None:
    heard("sc", 'echo "Access is denied."; exit 5')
    with pytest.raises(OperatorError, match="Access is denied"):
        WindowsService().start()
