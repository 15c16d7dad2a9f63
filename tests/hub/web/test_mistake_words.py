"""Whatever the program that reads profiles finds wrong is told in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

import firmware_profiles
from firmware_profiles.checking import Words, check_profile
from firmware_profiles.toml_model import TomlMistake
from hub.web.language import load_languages
from hub.web.mistake_words import MistakeWords

LANGUAGES = load_languages()
READERS = ("checking", "schema", "polls", "frames", "data")
"""Modules whose functions say what is wrong."""
WORDS = Words({"tv": {"power/on": bool}}, {}, ())
GOOD = """\
id = "acme/set"
label = { en = "Acme set", th = "ทีวี" }
kind = "tv"
source = ["a manual"]
standby = "unknown"
protocol = { name = "ascii", request_end = "\\r", answer = 'OK.*' }
link = { serial = {} }

[[poll]]
name = "power"
every_s = 10
request = "P?"
answer = { format = "pattern", pattern = 'OK(?P<state>\\d)' }
read = [{ metric = "power/on", field = "state", table = { "0" = false, "1" = true } }]
"""


def sentences() -> Iterator[str]:
    folder = Path(firmware_profiles.__file__).parent
    for name in READERS:
        for part in ast.walk(ast.parse((folder / f"{name}.py").read_text("utf-8"))):
            if isinstance(part, ast.FunctionDef):
                start = 1 if ast.get_docstring(part) else 0
                for each in part.body[start:]:
                    yield from (piece for text in _texts(each) for piece in text.split("; "))


def _texts(part: ast.AST) -> Iterator[str]:
    """What is said in a piece of program, with an x for what is put in."""
    if isinstance(part, ast.JoinedStr):
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "x" for each in part.values)
    elif isinstance(part, ast.Constant):
        yield from [part.value] if isinstance(part.value, str) and " " in part.value.strip(", ") else []
    else:
        for each in ast.iter_child_nodes(part):
            yield from _texts(each)


def spoken() -> list[str]:
    # What may stand there is listed behind such a beginning.
    return sorted({f"{each}: x" if each.endswith(" are") else each for each in sentences() if " " in each})


def test_every_sentence_of_who_reads_profiles_has_words() -> None:
    assert {"write both en and th", "the table is empty"} <= set(spoken())
    for language in LANGUAGES.values():
        words = MistakeWords(language)
        assert [each for each in spoken() if words.say(each) is None] == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('kind = "tv"', 'kind = "tvv"'),
        ('kind = "tv"', "kind = 5"),
        ('kind = "tv"', ""),
        ('kind = "tv"', 'kind = "tv"\nkindd = "tv"'),
        ('"acme/set"', '"Acme"'),
        ('["a manual"]', "[]"),
        ('name = "ascii"', 'name = "asci"'),
        ('name = "ascii", ', ""),
        ('format = "pattern"', 'form = "pattern"'),
        ("every_s = 10", "every_s = 0"),
        ("every_s = 10", "every_s = [10]"),
        ("every_s = 10", "every_s 10"),
        ("every_s = 10", 'every_s = "10'),
        ("every_s = 10", "every_s = 10\nevery_s = 11"),
        ("'OK(?P<state>\\d)'", "'OK('"),
        ('field = "state"', 'field = "stat"'),
        ('"1" = true', '"1" = "yes"'),
        ("serial = {}", "serial = { timeout_ms = 1 }"),
    ],
)
def test_a_mistake_of_any_kind_is_told_in_thai(good: str, bad: str) -> None:
    assert good in GOOD
    told = mistakes(GOOD.replace(good, bad, 1))
    words = MistakeWords(LANGUAGES["th"])
    assert told
    assert [text for text in told if words.say(text) is None] == []


def test_names_and_values_stand_where_they_belong() -> None:
    words = MistakeWords(LANGUAGES["th"])
    assert words.say("gives text, and power/on is true or false") == (
        "ให้ค่าเป็นข้อความ แต่ power/on ต้องเป็นค่าจริงหรือเท็จ (true, false)"
    )
    assert words.say("write 'receiver', 'tv' or 'other'") == "เขียนเป็น 'receiver', 'tv' หรือ 'other'"


def test_what_there_are_no_words_for_is_left_to_the_page() -> None:
    assert MistakeWords(LANGUAGES["th"]).say("something quite new") is None


def mistakes(text: str) -> list[str]:
    try:
        found = check_profile(text, PurePath("profile.toml"), WORDS)[1]
    except TomlMistake as mistake:
        found = [mistake, *mistake.others]
    return [said for each in found for said in (each.problem, each.way_out)]
