"""Incidents as detection told them last, and the schools that are in them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.findings import Incident
from hub.core.texts import Text
from hub.store.districts import within
from hub.store.tables import incident, incident_school

_MANY = 500
_TOLD = ("cause", "start", "end", "evidence")
_MEMBERS = select(
    incident_school.c.incident_id, incident_school.c.school, incident_school.c.start, incident_school.c.end
).order_by(incident_school.c.school)


def keep_incidents(connection: Connection, told: Iterable[Incident]) -> None:
    """Each replaces what was told of it before; one without schools is none."""
    newest = {(each.group, each.key): each for each in told}
    for each in newest.values():
        if each.schools:
            _keep(connection, each)
        else:
            _forget(connection, each)


def incidents(
    connection: Connection,
    groups: Collection[str] | None = None,
    *,
    key: str | None = None,
    since: int | None = None,
    until: int | None = None,
    running: bool = False,
    skip: int = 0,
    limit: int | None = None,
) -> Sequence[Incident]:
    """Those that were there at some time between `since` and `until` (ms, both included), the newest first.

    running  only those that last
    skip     so many of the newest are left out
    """
    query = select(incident).order_by(incident.c.start.desc(), incident.c.id.desc()).limit(limit).offset(skip)
    query = query.where(*within(incident.c.group, groups))
    if key is not None:
        query = query.where(incident.c.key == key)
    if running:
        query = query.where(incident.c.end.is_(None))
    if since is not None:
        query = query.where(or_(incident.c.end.is_(None), incident.c.end >= since))
    if until is not None:
        query = query.where(incident.c.start <= until)
    rows = connection.execute(query).all()
    schools = _schools(connection, [row.id for row in rows])
    return [_incident(row, schools[row.id]) for row in rows]


def _keep(connection: Connection, told: Incident) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    evidence = [[text.code, dict(text.params)] for text in told.evidence]
    statement = dialect.insert(incident).values(
        group=told.group, key=told.key, cause=told.cause, start=told.start, end=told.end, evidence=evidence
    )
    statement = statement.on_conflict_do_update(
        index_elements=[incident.c.group, incident.c.key], set_={name: statement.excluded[name] for name in _TOLD}
    )
    number = connection.execute(statement.returning(incident.c.id)).scalar_one()
    connection.execute(delete(incident_school).where(incident_school.c.incident_id == number))
    connection.execute(
        insert(incident_school),
        [
            {"incident_id": number, "school": school, "start": start, "end": end}
            for school, (start, end) in told.schools.items()
        ],
    )


def _forget(connection: Connection, told: Incident) -> None:
    here = (incident.c.group == told.group, incident.c.key == told.key)
    members = incident_school.c.incident_id.in_(select(incident.c.id).where(*here))
    connection.execute(delete(incident_school).where(members))
    connection.execute(delete(incident).where(*here))


def _schools(connection: Connection, ids: Sequence[int]) -> defaultdict[int, dict[str, tuple[int, int | None]]]:
    found: defaultdict[int, dict[str, tuple[int, int | None]]] = defaultdict(dict)
    for at in range(0, len(ids), _MANY):
        here = incident_school.c.incident_id.in_(ids[at : at + _MANY])
        for number, code, start, end in connection.execute(_MEMBERS.where(here)).all():
            found[number][code] = (start, end)
    return found


def _incident(row: Row[*tuple[Any, ...]], schools: dict[str, tuple[int, int | None]]) -> Incident:
    evidence = tuple(Text(code, params) for code, params in row.evidence)
    return Incident(row.group, row.key, row.cause, row.start, row.end, schools, evidence)
