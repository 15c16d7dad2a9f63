"""What is over is forgotten; what is not, stays."""

from collections.abc import Callable

from sqlalchemy import func, select

from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.core.people import AT_THE_CONSOLE, Role
from hub.store.people_tables import failure, link, session
from hub.store.unit_of_work import Store

HERE = Visitor("192.0.2.7")
NOW = 1_000_000_000_000
DAY = 86_400_000


def rows(store: Store) -> list[int]:
    with store.reading() as connection:
        counts = [select(func.count()).select_from(table) for table in (session, link, failure)]
        return [connection.execute(each).scalar_one() for each in counts]


def test_what_is_over_is_forgotten_after_a_month(accounts: Accounts, store: Store, person: Callable[..., int]) -> None:
    person("malee", Role.TECHNICIAN)
    accounts.links.admin(AT_THE_CONSOLE, NOW)
    accounts.signing.sign_in("nobody", "x", HERE, NOW)
    accounts.tidy(NOW + DAY)
    assert rows(store) == [1, 2, 2]
    accounts.tidy(NOW + DAY + 1)
    assert rows(store) == [1, 2, 0]
    accounts.tidy(NOW + 40 * DAY)
    assert rows(store) == [0, 0, 0]
