"""What a list would change, and every mistake in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hub.assets.changes import Changes, compare, written_changes
from hub.assets.reading import read_assets
from hub.core.assets import Asset, AssetState, Disposal

GROUP, SCHOOLS, TODAY = "cpm3", {"30010012", "30010027"}, date(2026, 11, 20)
TV = Asset(GROUP, "tv", number="7730-1", serial="SN1", school="30010012", room="p1", device="p1-tv", id=1, version=3)
BOX = Asset(GROUP, "receiver", serial="SN2", school="30010012", firmware="1.0", told=frozenset({"firmware"}), id=2)


def changes(heading: str, *rows: str, known: Sequence[Asset] = (TV, BOX)) -> Changes:
    cells = [(number, line.split("|")) for number, line in enumerate((heading, *rows), 1)]
    return compare(GROUP, known, read_assets(cells), SCHOOLS, TODAY)


def mistakes(found: Changes) -> list[tuple[int, str, str]]:
    return [(each.row, each.field, each.code) for each in found.mistakes]


def test_an_empty_cell_says_nothing_and_a_dash_says_nothing_is_there() -> None:
    found = changes("number|room|serial", "7730-1||-")
    assert [each.then for each in found.changed] == [replace(TV, serial="")]


def test_a_row_finds_its_asset_by_id_by_number_or_by_serial() -> None:
    found = changes("id|number|kind|serial|room", "1|||| p9", "||receiver|sn2|p8")
    assert [(each.now.id, each.then.room) for each in found.changed] == [(1, "p9"), (2, "p8")]


def test_what_had_no_number_gets_it_by_its_serial() -> None:
    found = changes("number|kind|serial", "5820-1|receiver|SN2")
    assert [(each.now.id, each.then.number) for each in found.changed] == [(2, "5820-1")]


def test_what_nobody_knows_is_new() -> None:
    found = changes("number|ชนิด|รหัสโรงเรียน|ราคา", "7730-2|โทรทัศน์|30010027|12,990.50")
    assert found.new == (Asset(GROUP, "tv", number="7730-2", school="30010027", price_satang=1_299_050),)
    assert (found.same, found.absent) == (0, 2)


def test_every_mistake_is_told_with_row_and_column() -> None:
    found = changes(
        "number|kind|school|acquired on|price",
        "7730-2|spaceship|30010012|31/02/2567|free",
        "7730-3|tv|99999999||",
        "7730-4||30010012||",
        "7730-1|tv|||",
        "7730-1|tv|||",
    )
    assert mistakes(found) == [
        (2, "kind", "no-such-kind"),
        (2, "price", "no-amount"),
        (2, "acquired_on", "bad-date"),
        (3, "school", "no-such-school"),
        (4, "kind", "missing"),
        (6, "number", "repeated"),
    ]


def test_a_list_without_a_heading_says_so_once() -> None:
    assert mistakes(changes("a|b", "1|2")) == [(0, "number", "missing-column")]


def test_titles_may_stand_above_the_heading() -> None:
    assert changes("Register of assets|", "number|room", "7730-1|p9").changed[0].then.room == "p9"


def test_two_cannot_have_one_number_nor_be_one_device() -> None:
    found = changes(
        "id|number|kind|school|device",
        "2|7730-1|receiver|30010012|",
        "||tv|30010012|p1-tv",
        "|7|tv|30010012|p2-tv",
        "|7|tv|30010012|p3-tv",
    )
    assert mistakes(found) == [
        (2, "number", "number-taken"),
        (3, "device", "device-taken"),
        (5, "number", "number-taken"),
    ]


def test_an_asset_at_another_school_is_another_device_there() -> None:
    then = changes("number|school|device", "7730-1|30010027|p1-tv").changed[0].then
    assert (then.school, then.device) == ("30010027", None)
    named = changes("number|school|device", "7730-1|30010027|p2-tv").changed[0].then
    assert named.device == "p2-tv"


def test_what_somebody_writes_anew_is_not_the_agents_any_more() -> None:
    then = changes("id|firmware", "2|2.0").changed[0].then
    assert (then.firmware, then.told) == ("2.0", frozenset())


def test_what_is_written_off_says_how_and_reports_nothing() -> None:
    then = changes("number|state|disposal", "7730-1|written off|ขาย").changed[0].then
    assert (then.state, then.disposal, then.device) == (AssetState.WRITTEN_OFF, Disposal.SOLD, None)
    assert mistakes(changes("number|state", "7730-1|written off")) == [(2, "disposal", "missing")]


def test_what_cannot_be_found_again_is_told() -> None:
    found = changes("serial|kind|acquired on", "|tv|1/1/2580")
    assert [(each.field, each.code) for each in found.doubts] == [
        ("acquired_on", "in-the-future"),
        ("number", "no-way-to-find"),
    ]


def test_a_difference_is_written_as_a_list_shows_it() -> None:
    found = changes("number|acquired on|price", "7730-1|17/5/2567|100")
    assert list(written_changes(found.changed[0], "th")) == [("price", None, 100), ("acquired_on", None, "17/05/2567")]
