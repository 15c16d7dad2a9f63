"""Sets and inputs as a technician calls them."""

import pytest

from hub.web.language import load_languages
from hub.web.set_words import input_called, room_called, set_called

LANGUAGES = load_languages()


def test_a_key_of_room_and_kind_is_that_rooms_set() -> None:
    assert set_called("p1-projector", LANGUAGES["en"]) == "the projector of room p1"
    assert set_called("p1-projector", LANGUAGES["th"]) == "เครื่องฉายภาพห้อง ป.1"


@pytest.mark.parametrize("key", ["beamer", "p1-beamer", "-tv", "tv"])
def test_any_other_key_stays_as_it_is(key: str) -> None:
    assert set_called(key, LANGUAGES["en"]) == key


@pytest.mark.parametrize(("room", "words"), [("p6", "ป.6"), ("m3", "ม.3"), ("k2", "อ.2"), ("p7", "p7"), ("lab", "lab")])
def test_a_room_of_a_grade_is_called_as_teachers_call_it(room: str, words: str) -> None:
    assert room_called(room, LANGUAGES["th"]) == words
    assert room_called(room, LANGUAGES["en"]) == room


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hdmi1", "HDMI\u00a01"),
        ("HDMI-2", "HDMI\u00a02"),
        ("av", "AV"),
        ("component", "Component"),
        ("ช่อง 3", "ช่อง 3"),
        ("a b c", "a b c"),
    ],
)
def test_an_input_is_written_as_beside_its_socket(name: str, words: str) -> None:
    assert input_called(name) == words
