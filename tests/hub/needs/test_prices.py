"""The price list as an office sends it."""

from hypothesis import given
from hypothesis import strategies as st

from hub.needs.prices import Price, PriceMistake, read_prices

KINDS = {"tv": "tv", "โทรทัศน์": "tv", "receiver": "receiver"}
HEADING = ("ประเภทอุปกรณ์", "รายการ", "ราคากลาง (บาท)", "ที่มา")


def rows(*cells: tuple[str, ...]) -> list[tuple[int, tuple[str, ...]]]:
    return [(number, each) for number, each in enumerate(cells, 1)]


def test_a_list_with_a_title_above_is_read() -> None:
    sheet = read_prices(
        rows(("ราคากลาง",), HEADING, ("โทรทัศน์", "LED 55 นิ้ว", "๒๔,๐๐๐", "เกณฑ์ ข้อ 12"), ("receiver", "", "900.50", "x")),
        KINDS,
    )
    assert sheet.mistakes == ()
    assert sheet.prices == (
        Price("tv", 2_400_000, "LED 55 นิ้ว", "เกณฑ์ ข้อ 12"),
        Price("receiver", 90_050, "", "x"),
    )


def test_every_mistake_of_every_row_is_told() -> None:
    sheet = read_prices(
        rows(
            HEADING,
            ("จรวด", "", "5", "x"),
            ("tv", "", "0", "x"),
            ("tv", "", "5", ""),
            ("tv", "", "5", "x"),
            ("tv", "", "6", "x"),
        ),
        KINDS,
    )
    assert sheet.mistakes == (
        PriceMistake(2, "kind", "unknown-kind", "จรวด"),
        PriceMistake(3, "price", "no-price", "0"),
        PriceMistake(4, "source", "missing"),
        PriceMistake(6, "kind", "repeated", "tv"),
    )


def test_a_list_without_its_columns_says_which() -> None:
    assert [each.field for each in read_prices(rows(("kind", "name")), KINDS).mistakes] == ["price", "source"]


@given(st.lists(st.lists(st.text(max_size=12), max_size=6).map(tuple), max_size=12))
def test_no_table_makes_it_stumble(cells: list[tuple[str, ...]]) -> None:
    read_prices(rows(HEADING, *cells), KINDS)
