"""A list that is read whole: found by words, in one of its orders."""

from typing import NamedTuple

from hub.web.listing import Arranging, Listing, by_name, falling, further, rising


class Line(NamedTuple):
    name: str | None
    count: int | None


LINES = [Line("เขาแดง", 3), Line("กุด", None), Line(None, 7), Line("ขาม", 3)]
LISTING = Listing[Line](
    "lines",
    {
        "count": lambda line: falling(line.count),
        "few": lambda line: rising(line.count),
        "name": lambda line: by_name(line.name),
    },
    lambda line: (line.name, str(line.count)),
    {},
)


def stands(q: str = "", order: str = "") -> list[str | None]:
    return [line.name for line in LISTING.found(LINES, Arranging(q, order)).lines]


def test_the_first_order_is_the_usual_one_also_where_somebody_asks_for_none_that_there_is() -> None:
    assert stands() == stands(order="count") == stands(order="no such order") == [None, "เขาแดง", "ขาม", "กุด"]
    assert LISTING.found(LINES, Arranging("", "no such order")).order == "count"


def test_what_is_not_known_comes_last_in_either_direction() -> None:
    assert stands(order="few")[-1] == "กุด"
    assert stands(order="name")[-1] is None


def test_names_stand_in_the_order_of_a_dictionary() -> None:
    assert stands(order="name") == ["กุด", "ขาม", "เขาแดง", None]


def test_only_what_holds_every_word_is_found() -> None:
    assert stands("3 แดง") == ["เขาแดง"]
    assert stands("3", "name") == ["ขาม", "เขาแดง"]
    assert stands("nothing") == []


def test_an_address_goes_on_behind_the_last_number_or_behind_so_many() -> None:
    assert further("newest", 17, 50) == further("oldest", 17, 50) == {"before": 17}
    assert further("school", 17, 50) == {"skip": 50}
