"""With which browser the tests look at pages."""

from pathlib import Path

import pytest

from tools.test_services import BROWSERS, browser_path


@pytest.mark.parametrize(("there", "taken"), [(BROWSERS, "chromium-headless-shell"), (("chromium",), "chromium")])
def test_the_browser_that_opens_no_windows_is_taken_where_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...], taken: str
) -> None:
    for name in there:
        (tmp_path / name).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser_path() == str(tmp_path / taken)
