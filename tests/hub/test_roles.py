"""What a process of several is refused, in one line that says what is missing."""

from pathlib import Path

import pytest

from hub.__main__ import main


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--broker", "mqtt://127.0.0.1:1"], "name it with store.url, or leave --role out"),
        ([], "name it with --broker, or leave --role out"),
        (["--broker", "mqtt://127.0.0.1:1", "--host-id", "hub"], "host_id: of several processes"),
    ],
)
def test_work_that_cannot_be_divided_is_refused(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DLTV_HUB_STORE__URL", f"sqlite:///{tmp_path / 'hub' / 'hub.db'}")
    assert main(["serve", "--role", "ingest", "web", "--data-dir", str(tmp_path / "hub"), *words]) != 0
    said = capsys.readouterr().err
    assert told in said
    assert len(said.splitlines()) == 1
