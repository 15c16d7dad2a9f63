"""The command line as a person meets it: exit codes, and one line for what they did wrong."""

from pathlib import Path

import pytest

from agent.__main__ import main

WHO = ("--broker", "mqtt://hub.local", "--group", "cpm3", "--node", "36010001")
TV = '[[device]]\nkey = "p1-tv"\nprofile = "lg/rs232"\naddress = "serial:{line}"\n'
QUIET = '[host]\ninternet = []\nntp = ""\n'


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and the one line on stderr."""
    try:
        code = main(list(arguments))
    except SystemExit as end:
        code = int(str(end.code))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    return code, lines[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("dance",),
        (),
        ("run", "--port", "1"),
        ("run",),
        ("run", *WHO[:4]),
        ("run", "--config", "/nonexistent/agent.toml"),
        ("check", *WHO[:4]),
        ("read", "p9-tv"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    code, line = error_of(capsys, *arguments)
    assert code == 2
    assert line.startswith("dltv-agent")


def test_a_ca_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text('[uplink]\nca = "/nonexistent/ca.pem"\n')
    code, line = error_of(capsys, "run", "--config", str(file), *WHO)
    assert code == 2
    assert "uplink.ca: there is no file /nonexistent/ca.pem" in line


def test_a_ca_that_is_none_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing of the sort")
    file = tmp_path / "agent.toml"
    file.write_text(f'[uplink]\nca = "{tmp_path / "ca.pem"}"\n')
    code, line = error_of(capsys, "check", "--config", str(file), *WHO)
    assert code == 2
    assert "uplink.ca, certificate, key" in line


def test_a_journal_that_cannot_be_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = tmp_path / "agent.toml"
    file.write_text(QUIET)
    code, line = error_of(capsys, "run", "--config", str(file), *WHO, "--journal", str(tmp_path / "file"))
    assert code == 2
    assert "--journal" in line


def test_check_says_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *WHO]) == 0
    assert capsys.readouterr().out.startswith("fine: cpm3/36010001 to mqtt://hub.local:1883")


def test_check_names_every_device_that_cannot_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(
        TV.format(line="/dev/null")
        + '[[device]]\nkey = "p2-tv"\nprofile = "lg/rs23"\naddress = "serial:/dev/ttyUSB1"\n'
        + '[[device]]\nkey = "p3-tv"\nprofile = "lg/rs232"\naddress = "http://h"\n'
    )
    assert main(["check", "--config", str(file), *WHO]) == 2
    lines = capsys.readouterr().err.splitlines()
    text = file.read_text().splitlines()
    for line, device, key in zip(lines, ("p2-tv", "p3-tv"), ("profile", "address"), strict=True):
        place, number, what = line.split(":", 2)
        assert (place, what.split(":")[0]) == (str(file), f" device {device}")
        assert text[int(number) - 1].startswith(key)
    assert 'did you mean "lg/rs232"' in lines[0]


def test_check_says_that_a_line_is_not_there_and_that_the_settings_are_fine(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(TV.format(line=tmp_path / "ttyUSB7"))
    assert main(["check", "--config", str(file), *WHO]) == 0
    told = capsys.readouterr()
    assert f"{file}:" in told.err
    assert f"{tmp_path}/ttyUSB7 is not there now; is it plugged in?" in told.err
    assert told.out.startswith("fine: ")


def test_check_names_no_line_where_the_environment_said_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "agent.toml"
    file.write_text("")
    monkeypatch.setenv("DLTV_AGENT_DEVICE", '[{ key = "p1-tv", profile = "lg/rs23", address = "/dev/null" }]')
    assert main(["check", "--config", str(file), *WHO]) == 2
    assert capsys.readouterr().err.startswith("device p1-tv: profile: ")


def test_read_shows_this_computer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(QUIET)
    assert main(["read", "--config", str(file)]) == 0
    out = capsys.readouterr().out
    assert "host host/" in out
    assert "host/mem_used_pct" in out


def test_read_shows_the_rest_when_one_device_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(QUIET + TV.format(line="/dev/no-such-line"))
    assert main(["read", "--config", str(file)]) == 1
    out = capsys.readouterr().out
    assert "p1-tv lg/rs232 /dev/no-such-line: " in out
    assert "host/mem_used_pct" in out


def test_read_shows_only_what_was_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(QUIET + TV.format(line="/dev/no-such-line"))
    assert main(["read", "--config", str(file), "p1-tv"]) == 1
    assert "host/mem_used_pct" not in capsys.readouterr().out
