"""A field of the register as people write it."""

from datetime import date

import pytest

from hub.assets.fields import BadField, parsed
from hub.assets.records import MISTAKES
from hub.assets.rules import DOUBTS
from hub.assets.vocabulary import vocabulary
from hub.core.assets import ASSET_KINDS, AssetState, Disposal, Standing
from hub.web.language import load_languages


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2024-05-17", date(2024, 5, 17)),
        ("2024-05-17 00:00:00", date(2024, 5, 17)),
        ("17/5/2567", date(2024, 5, 17)),
        ("17.05.67", date(2024, 5, 17)),
        ("๑๗/๐๕/๒๕๖๗", date(2024, 5, 17)),
        ("2567-05-17", date(2024, 5, 17)),
        ("29/02/2567", date(2024, 2, 29)),
        ("17/5/2024", date(2024, 5, 17)),
    ],
)
def test_a_date_is_of_either_era(text: str, means: date) -> None:
    assert parsed("acquired_on", text) == {"acquired_on": means}


@pytest.mark.parametrize("text", ["5/17/2024", "30/02/2567", "soon", "2024", "17/5", "1/1/1", "17/5/1700"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadField, match="bad-date"):
        parsed("warranty_until", text)


@pytest.mark.parametrize(
    ("text", "satang"),
    [("12,990.50", 1_299_050), ("12990", 1_299_000), ("๑๒๙๙๐.๕", 1_299_050), ("", None), ("-", None)],
)
def test_a_price_is_kept_in_satang(text: str, satang: int | None) -> None:
    assert parsed("price", text) == {"price_satang": satang}


@pytest.mark.parametrize("text", ["1.999", "free", "NaN", "Infinity", "-5", "1e40"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(BadField):
        parsed("price", text)


def test_an_asset_number_has_western_digits() -> None:
    assert parsed("number", " ๗๔๔๐-๐๐๑-๐๐๐๑ ") == {"number": "7440-001-0001"}


@pytest.mark.parametrize(
    ("text", "node", "device"),
    [
        ("p1-tv", "", "p1-tv"),
        ("30010012-2/p1-tv", "30010012-2", "p1-tv"),
        ("30010012/", "30010012", ""),
        ("", "", None),
    ],
)
def test_a_device_may_name_its_agent(text: str, node: str, device: str | None) -> None:
    assert parsed("device", text) == {"node": node, "device": device}


def test_words_of_either_language_and_codes_are_understood() -> None:
    assert parsed("kind", "ทีวี") == parsed("kind", "Television") == parsed("kind", "tv") == {"kind": "tv"}
    assert parsed("state", "จำหน่ายแล้ว") == {"state": AssetState.WRITTEN_OFF}
    assert parsed("disposal", "sold") == {"disposal": Disposal.SOLD}
    with pytest.raises(BadField, match="no-such-kind"):
        parsed("kind", "spaceship")


def test_nothing_that_a_spreadsheet_would_calculate_stays_marked_as_text() -> None:
    assert parsed("name", "'=1+1") == parsed("name", "''=1+1") == {"name": "=1+1"}
    assert parsed("name", "O'Neill") == {"name": "O'Neill"}


def test_every_kind_state_and_disposal_has_its_words() -> None:
    words = vocabulary().values
    assert set(words["kind"]) == set(ASSET_KINDS)
    assert set(words["state"]) == set(AssetState)
    assert set(words["disposal"]) == set(Disposal)


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_pages_call_things_a_list_understands(language: str) -> None:
    spoken = load_languages()[language]
    for kind in ASSET_KINDS:
        assert vocabulary().code("kind", spoken.lookup(f"kind.{kind}") or "") == kind


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_code_of_the_register_has_words(language: str) -> None:
    spoken = load_languages()[language]
    codes = [f"asset_flaw.{code}" for code in (*MISTAKES, *DOUBTS)]
    codes += [f"asset_state.{each.value}" for each in AssetState] + [f"disposal.{each.value}" for each in Disposal]
    codes += [f"standing.{each.value}" for each in Standing]
    assert [code for code in codes if not spoken.lookup(code)] == []


def test_a_kind_is_found_by_how_one_of_its_words_begins() -> None:
    assert vocabulary().codes("kind", "ทีว") == ("tv",)
    assert set(vocabulary().codes("kind", "Pr")) == {"projector", "printer"}
