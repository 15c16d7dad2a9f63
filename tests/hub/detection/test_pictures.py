"""Since when a screen has been without its picture: what was there for a moment mended nothing."""

from hub.detection.pictures import Pictures

MINUTE = 60_000


def seen(*looks: tuple[int, bool | None]) -> Pictures:
    """Looks at minutes; a picture that is gone went at the look."""
    pictures = Pictures()
    for minute, shown in looks:
        pictures.note(minute * MINUTE, shown, minute * MINUTE)
    return pictures


def test_it_began_when_the_picture_went() -> None:
    assert seen((0, True), (60, False), (90, False)).began == 60 * MINUTE


def test_a_picture_for_less_than_it_was_missing_mends_nothing() -> None:
    assert seen((0, False), (30, True), (50, False), (60, None)).began == 0


def test_a_picture_for_as_long_as_it_was_missing_ends_it() -> None:
    assert seen((0, False), (30, True), (61, False)).began == 61 * MINUTE


def test_a_picture_for_a_lesson_ends_it_however_long_it_was_missing() -> None:
    assert seen((0, False), (400, True), (451, False)).began == 451 * MINUTE


def test_while_the_screen_is_off_nothing_counts() -> None:
    assert seen((0, False), (30, None), (500, True), (520, None)).began == 0
