"""The register of schools in the database: what is known, and the taking over of a list that somebody looked through."""

import hashlib
import json
from dataclasses import asdict

from sqlalchemy import Connection, insert, select, update

from hub.core.people import Principal
from hub.schools.changes import Changes, compare
from hub.schools.records import SchoolList, SchoolRecord
from hub.store.audit import AuditRows
from hub.store.tables import school
from hub.store.unit_of_work import Store

_COLUMNS = ("code", "name", "lat", "lon", "pupils")


class SchoolRegister:
    """The schools of each group."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def known(self, group: str) -> list[SchoolRecord]:
        """In order of their codes."""
        with self._store.reading() as connection:
            return _known(connection, group)

    def preview(self, group: str, listed: SchoolList) -> Changes:
        """What the list would change."""
        return compare(self.known(group), listed)

    def take_over(self, group: str, listed: SchoolList, seen: str, who: Principal, now: int) -> Changes | None:
        """Apply the list, all of it or nothing.

        seen  seal of the changes that somebody looked at. None is returned, and nothing changed, where they would be others now
        """
        with self._store.begin() as work:
            changes = compare(_known(work.connection, group), listed)
            if seal(changes) != seen:
                return None
            _write(work.connection, group, changes)
            told = {"new": len(changes.new), "changed": len(changes.changed), "same": changes.same}
            AuditRows(work.connection).write(who, "schools.imported", f"group:{group}", told, now)
        return changes


def seal(changes: Changes) -> str:
    """A digest of what would be written, and of what it would take the place of."""
    told = [[asdict(each) for each in changes.new], [[asdict(each.school), each.fields] for each in changes.changed]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _known(connection: Connection, group: str) -> list[SchoolRecord]:
    columns = [school.c[name] for name in _COLUMNS]
    rows = connection.execute(select(*columns).where(school.c.group == group).order_by(school.c.code))
    return [SchoolRecord(*row) for row in rows]


def _write(connection: Connection, group: str, changes: Changes) -> None:
    if changes.new:
        connection.execute(insert(school), [{"group": group, **asdict(each)} for each in changes.new])
    for each in changes.changed:
        told = {name: then for name, _, then in each.fields}
        is_it = (school.c.group == group) & (school.c.code == each.school.code)
        connection.execute(update(school).where(is_it).values(told))
