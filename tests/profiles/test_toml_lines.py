import pytest

from firmware_profiles.toml_lines import line_of

TEXT = """\
id = "x"
label = { en = "a" }
"odd key" = 1

[link]
serial.baud = 9600

[[poll]]
name = "a"

[[poll.read]]
metric = "m"

[[poll]]  # the second
name = "b"

[poll.answer]
format = "json"

[[poll.read]]
metric = "n"

[[poll.read]]
metric = "o"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("id",), 1),
        (("odd key",), 3),
        (("link",), 5),
        (("link", "serial", "baud"), 6),
        (("poll", 0), 8),
        (("poll", 0, "name"), 9),
        (("poll", 0, "read", 0, "metric"), 12),
        (("poll", 1, "name"), 15),
        (("poll", 1, "answer", "format"), 18),
        (("poll", 1, "read", 0, "metric"), 21),
        (("poll", 1, "read", 1, "metric"), 24),
    ],
)
def test_a_key_is_found(place: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, place) == line


def test_a_key_that_is_not_there_is_put_to_its_table() -> None:
    assert line_of(TEXT, ("poll", 1, "answer", "pattern")) == 17


def test_a_key_inside_an_inline_table_is_put_to_its_line() -> None:
    assert line_of(TEXT, ("label", "th")) == 2


def test_a_key_of_nowhere_has_no_line() -> None:
    assert line_of(TEXT, ("nowhere",)) is None
