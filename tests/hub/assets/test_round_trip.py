"""What is exported and sent back changes nothing: every field, both languages, both kinds of file."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.assets.changes import cells, compare
from hub.assets.fields import FIELDS, parsed, written
from hub.assets.reading import read_assets
from hub.assets.records import AssetList
from hub.assets.rules import settled
from hub.assets.vocabulary import vocabulary
from hub.core.assets import ASSET_KINDS, Asset, AssetState, Disposal
from hub.sheets.rows import read_rows
from hub.sheets.writing import write_csv, write_workbook

GROUP, SCHOOLS = "cpm3", ("30010012", "30010027", "A_1")
TODAY = date(2026, 11, 20)
texts = st.text(max_size=60) | st.sampled_from(
    ["=1+1", "'=x", "-", "--", "+66", "@me", "007", "1.0", "1E5", " a ", "ก็"]
)
dates = st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31))


def tidied(name: str, text: str) -> str:
    value: str = parsed(name, text)[name]
    return value


@st.composite
def assets(draw: st.DrawFn) -> Asset:
    words = {name: tidied(name, draw(texts)) for name in ("serial", "name", "model", "firmware", "profile", "room")}
    words |= {name: tidied(name, draw(texts)) for name in ("dish", "fund", "vendor", "note")}
    state = draw(st.sampled_from(AssetState))
    away = state is AssetState.WRITTEN_OFF
    return settled(
        Asset(
            GROUP,
            draw(st.sampled_from(ASSET_KINDS)),
            school=draw(st.sampled_from(SCHOOLS)),
            price_satang=draw(st.none() | st.integers(0, 10**12)),
            useful_life_years=draw(st.none() | st.integers(1, 99)),
            state=state,
            disposal=draw(st.sampled_from(Disposal)) if away else None,
            **{name: draw(dates) for name in ("acquired_on", "warranty_until", "rented_until", "written_off_on")},
            **words,
        )
    )


@st.composite
def registers(draw: st.DrawFn) -> list[Asset]:
    found = draw(st.lists(assets(), max_size=6))
    more: dict[str, Any]
    register = []
    for number, each in enumerate(found, 1):
        device = draw(st.sampled_from([None, "", f"d{number}"])) if each.is_there else None
        more = {"number": draw(st.sampled_from(["", f"7730-{number}", f"=7730-{number}"])), "id": number}
        if device is not None:
            more |= {"device": device, "node": f"{each.school}-{number + 1}"}
        register.append(replace(each, **more))
    return register


def sent_back(register: list[Asset], language: str, kind: str) -> AssetList:
    words = vocabulary()
    heading = [each.of(language) for each in words.columns.values()]
    heading.insert(list(words.columns).index("school") + 1, words.shown["school_name"].of(language))
    rows = [cells(each, "โรงเรียนบ้านทดสอบ", language) for each in register]
    data = write_csv(heading, rows) if kind == "csv" else write_workbook("assets", heading, rows)
    return read_assets([(row.number, row.cells) for row in read_rows(data)])


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(max_examples=40, deadline=None)
@given(register=registers())
def test_a_list_that_comes_back_changes_nothing(register: list[Asset], language: str, kind: str) -> None:
    changes = compare(GROUP, register, sent_back(register, language, kind), SCHOOLS, TODAY)
    assert changes.mistakes == ()
    assert not changes.anything
    assert (changes.same, changes.absent) == (len(register), 0)


@pytest.mark.parametrize("language", ["th", "en"])
@settings(max_examples=40, deadline=None)
@given(asset=assets())
def test_what_is_written_is_read_as_the_same(asset: Asset, language: str) -> None:
    for name in FIELDS:
        shown = written(name, asset, language)
        for attribute, value in parsed(name, "" if shown is None else str(shown)).items():
            assert getattr(asset, attribute) == value
