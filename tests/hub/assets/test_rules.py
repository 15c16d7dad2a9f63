"""What may become of an asset."""

from dataclasses import replace
from datetime import date

import pytest

from hub.assets.rules import NotPossible, moved, require, settled, taken_back, written_off
from hub.core.assets import Asset, AssetState, Disposal, Standing

TODAY = date(2026, 11, 20)
TV = Asset("cpm3", "tv", school="30010012", room="p1", device="p1-tv", acquired_on=date(2021, 11, 20))


def test_what_moves_is_no_device_there_before_an_agent_says_so() -> None:
    assert moved(TV, "30010027", "p2") == replace(TV, school="30010027", room="p2", device=None)
    assert moved(TV, "30010012", "p1", state=AssetState.SPARE).device == "p1-tv"
    with pytest.raises(NotPossible, match="moves-nowhere"):
        moved(TV, "30010012", "p1")


def test_what_is_written_off_reports_nothing_and_stays() -> None:
    gone = written_off(TV, Disposal.DESTROYED, TODAY, "panel broken", TODAY)
    assert (gone.state, gone.device, gone.written_off_on) == (AssetState.WRITTEN_OFF, None, TODAY)
    with pytest.raises(NotPossible, match="written-off"):
        moved(gone, "30010027", "p2")
    with pytest.raises(NotPossible, match="written-off"):
        written_off(gone, Disposal.SOLD, TODAY, "again", TODAY)
    assert taken_back(gone, "found again").state is AssetState.IDLE
    assert taken_back(gone, "found again").disposal is None


@pytest.mark.parametrize(
    ("asset", "on", "note", "code"),
    [
        (replace(TV, rented_until=TODAY), TODAY, "broken", "rented"),
        (TV, date(2026, 11, 21), "broken", "in-the-future"),
        (TV, date(2020, 1, 1), "broken", "before-acquired"),
        (TV, TODAY, "", "missing"),
    ],
)
def test_what_cannot_be_written_off(asset: Asset, on: date, note: str, code: str) -> None:
    with pytest.raises(NotPossible, match=code):
        written_off(asset, Disposal.SOLD, on, note, TODAY)


def test_what_every_asset_needs() -> None:
    require(TV, {"30010012"})
    for asset, code in (
        (replace(TV, kind=""), "missing"),
        (replace(TV, school="1"), "no-such-school"),
        (replace(TV, school=""), "device-without-school"),
        (replace(TV, state=AssetState.WRITTEN_OFF), "missing"),
    ):
        with pytest.raises(NotPossible, match=code):
            require(asset, {"30010012"})


def test_only_what_is_written_off_has_a_disposal() -> None:
    assert settled(replace(TV, disposal=Disposal.SOLD, written_off_on=TODAY, node="30010012")) == TV


def test_who_pays_depends_on_the_day() -> None:
    assert TV.standing(TODAY) is Standing.UNKNOWN
    covered = replace(TV, warranty_until=TODAY)
    assert covered.standing(TODAY) is Standing.IN_WARRANTY
    assert covered.standing(date(2026, 11, 21)) is Standing.OUT_OF_WARRANTY
    assert replace(covered, rented_until=TODAY).standing(TODAY) is Standing.RENTED


def test_an_asset_outlives_what_the_office_counts_with() -> None:
    assert TV.age_years(TODAY) == pytest.approx(5, abs=0.01)
    assert TV.outlived(TODAY)
    assert not replace(TV, useful_life_years=6).outlived(TODAY)
    assert not replace(TV, acquired_on=None).outlived(TODAY)


def test_a_price_goes_down_to_one_baht_over_its_useful_life() -> None:
    new = replace(TV, price_satang=1_000_000, useful_life_years=10)
    assert new.book_value_satang(TODAY) == pytest.approx(500_000, abs=500)
    assert new.book_value_satang(date(2021, 11, 20)) == 1_000_000
    assert new.book_value_satang(date(2040, 1, 1)) == 100
    assert replace(new, price_satang=50).book_value_satang(date(2040, 1, 1)) == 50
    assert replace(new, acquired_on=None).book_value_satang(TODAY) is None
