"""What was ordered and has not come yet stands in the form for what comes next."""

from hub.workflows.loading import load_definitions
from hub.workflows.outstanding import outstanding
from hub.workflows.request import Entry, Rows, Told

PURCHASE = load_definitions()["purchase_request"]
ORDERED: Rows = [
    {"item": "LNB-U", "quantity": 10, "price": 250.25},
    {"what": "สาย", "quantity": 2, "unit": "ม้วน"},
    {"item": "LNB-U", "quantity": 3},
]


def came(number: int, *rows: tuple[str, str, int]) -> Entry:
    received = [{column: what, "quantity": count} for column, what, count in rows]
    return Entry(1, Told.MOVED, "person:1", transition="receive_some", values={"received": received}, id=number)


def left(*entries: Entry) -> Rows | None:
    return outstanding(PURCHASE, {"items": ORDERED}, entries).get("received")


def test_as_long_as_nothing_came_the_field_begins_as_ever() -> None:
    assert left() is None


def test_what_came_is_taken_off_row_by_row() -> None:
    assert left(came(1, ("item", "LNB-U", 4)), came(2, ("item", "LNB-U", 7), ("what", "สาย", 1))) == [
        {"what": "สาย", "quantity": 1, "unit": "ม้วน"},
        {"item": "LNB-U", "quantity": 2},
    ]


def test_when_all_of_it_came_nothing_is_proposed() -> None:
    assert left(came(1, ("item", "LNB-U", 13), ("what", "สาย", 5))) == []


def test_what_came_and_was_not_ordered_takes_nothing_off() -> None:
    found = left(came(1, ("what", "ค่าขนส่ง", 1)))
    assert found is not None
    assert [row["quantity"] for row in found] == [10, 2, 3]


def test_a_delivery_that_was_put_right_counts_as_it_was_put_right() -> None:
    right = {"received": [{"item": "LNB-U", "quantity": 12}]}
    corrected = Entry(2, Told.CORRECTED, "person:1", values=right, corrects=1, id=2)
    found = left(came(1, ("item", "LNB-U", 4)), corrected)
    assert found is not None
    assert [row["quantity"] for row in found] == [2, 1]
