"""A list that somebody sent waits for them, and for nobody else, for a day."""

from hub.core.people import Principal, PrincipalKind
from hub.store.unit_of_work import Store
from hub.store.uploads import Upload, Uploads

DAY = 86_400_000
ANONG, SOMCHAI = (Principal(PrincipalKind.PERSON, number) for number in ("1", "2"))


def sent(data: bytes, at: int = 5) -> Upload:
    return Upload("cpm3", "list.csv", data, at)


def test_each_sees_their_own(store: Store) -> None:
    uploads = Uploads(store)
    uploads.keep(ANONG, sent(b"a"))
    assert uploads.of(ANONG, 6) == sent(b"a")
    assert uploads.of(SOMCHAI, 6) is None


def test_a_new_one_takes_the_place_of_the_earlier(store: Store) -> None:
    uploads = Uploads(store)
    uploads.keep(ANONG, sent(b"a"))
    uploads.keep(ANONG, sent(b"b", 6))
    assert uploads.of(ANONG, 7) == sent(b"b", 6)


def test_it_survives_a_start(store: Store) -> None:
    Uploads(store).keep(ANONG, sent(b"a" * 9_000_000))
    again = Uploads(store).of(ANONG, 6)
    assert again is not None
    assert len(again.data) == 9_000_000


def test_it_is_gone_after_a_day_or_when_dropped(store: Store) -> None:
    uploads = Uploads(store)
    uploads.keep(ANONG, sent(b"a"))
    assert uploads.of(ANONG, 5 + DAY) is None
    uploads.keep(SOMCHAI, sent(b"b", 5 + DAY))
    assert uploads.of(ANONG, 6) is None
    uploads.drop(SOMCHAI)
    assert uploads.of(SOMCHAI, 6 + DAY) is None
