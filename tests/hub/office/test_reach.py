"""The districts that a label of the history stands for."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from hub.office.reach import groups_of
from hub.store.people_tables import person, token
from tests.hub.office.supplying import supplied


@pytest.mark.parametrize(
    ("label", "groups"),
    [
        ("person:1", None),
        ("person:2", frozenset({"cmi3"})),
        ("token:1", frozenset({"cmi3"})),
        ("token:9", frozenset()),
        ("hub", None),
        ("command", None),
    ],
)
def test_a_person_and_their_program_are_limited_to_the_same_districts(
    tmp_path: Path, label: str, groups: frozenset[str] | None
) -> None:
    with supplied(tmp_path) as office, office.store.begin() as work:
        limited = {"login": "l", "name": "L", "roles": ["supply"], "active": True, "created_at": 1}
        work.connection.execute(insert(person).values(id=2, groups=["cmi3"], **limited))
        issued = {"digest": "d", "name": "n", "scopes": [], "issued_at": 1, "expires_at": 2}
        work.connection.execute(insert(token).values(id=1, person_id=2, **issued))
        assert groups_of(work, label) == groups
