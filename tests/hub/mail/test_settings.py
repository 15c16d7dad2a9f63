"""Who is told, and by which server: what may be written in hub.toml."""

from pathlib import Path

import pytest

from firmware_profiles.toml_model import TomlMistake
from hub.config import ENV_PREFIX, HubSettings, read_settings
from hub.mail.settings import UPSTREAM

WHOLE = """
[notices]
smtp = "smtps://mail.example"
from = "hub@district.example"
username = "hub"
link = "https://hub.example/"
[[notices.people]]
address = "somchai@school.example"
[[notices.people]]
address = "office@district.example"
language = "en"
causes = ["rain_fade"]
after_min = 30
"""


def read(tmp_path: Path, text: str, env: dict[str, str] | None = None) -> HubSettings:
    file = tmp_path / "hub.toml"
    file.write_text(text)
    return read_settings(file, env or {}, {})


def test_nobody_is_told_by_default() -> None:
    assert read_settings(None, {}, {}).notices.people == ()


def test_people_are_told_in_their_language_of_what_they_want(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE, {f"{ENV_PREFIX}NOTICES__PASSWORD": "hush"}).notices
    first, second = (each.person for each in found.people)
    assert (first.language, first.causes, first.after_ms) == ("th", frozenset(UPSTREAM), 600_000)
    assert (second.language, second.causes, second.after_ms) == ("en", frozenset({"rain_fade"}), 1_800_000)
    assert (found.sender, found.link) == ("hub@district.example", "https://hub.example")
    assert found.password is not None
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ('"smtps://mail.example"', '"smtps://hub:hush@mail.example"', "without user and password"),
        ('"smtps://mail.example"', '"mail.example:25"', "no mail server"),
        ('from = "hub@district.example"', "", "has a server and no sender"),
        ("somchai@school.example", "somchai", "no e-mail address"),
        ("somchai@school.example", "office@district.example", "twice"),
        ("rain_fade", "tv_failed", "causes"),
        ("https://hub.example/", "hub.example", "no address of the hub"),
    ],
)
def test_a_mistake_is_said_with_the_way_out(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    with pytest.raises(TomlMistake, match=words) as mistake:
        read(tmp_path, WHOLE.replace(right, wrong))
    assert "hush" not in str(mistake.value)
