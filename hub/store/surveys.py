"""Surveys and their sheets in the database; a sheet changes only if nobody was quicker, and what we knew never does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from hub.store.survey_tables import survey, survey_sheet
from hub.store.tables import school
from hub.surveys.answers import Answers
from hub.surveys.sheet import AT_SCHOOL, Sheet, SheetState, Survey

_CHANGING = (
    *("state", "answers", "answered_at", "answered_by", "answered_name", "note"),
    *("decided_at", "decided_by", "reminded_at", "version"),
)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A school's, before anybody has answered."""

    school: str
    name: str
    known: Answers
    token: str


class SurveyRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, new: Survey, sheets: Iterable[NewSheet]) -> int:
        """Its id."""
        values = {"type": new.type, "turn": new.turn, "group": new.group, "due_on": new.due_on.isoformat()}
        row = insert(survey).values(**values, started_at=new.started_at, started_by=new.started_by)
        survey_id: int = self._connection.execute(row.returning(survey.c.id)).scalar_one()
        empty = {"answered_by": "", "answered_name": "", "note": "", "decided_by": "", "version": 1}
        place = {"survey_id": survey_id, "group": new.group, "state": SheetState.WAITING.value}
        rows = [
            {**place, **empty, "school": each.school, "name": each.name, "known": each.known, "token": each.token}
            for each in sheets
        ]
        self._connection.execute(insert(survey_sheet), rows)
        return survey_id

    def survey(self, survey_id: int) -> Survey | None:
        row = self._connection.execute(select(survey).where(survey.c.id == survey_id)).first()
        return None if row is None else _survey(row)

    def surveys(self, groups: frozenset[str] | None, before: int | None, limit: int) -> tuple[Survey, ...]:
        """The newest first. groups  None: of every group"""
        rows = select(survey).order_by(survey.c.id.desc()).limit(limit)
        if groups is not None:
            rows = rows.where(survey.c.group.in_(groups))
        if before is not None:
            rows = rows.where(survey.c.id < before)
        return tuple(map(_survey, self._connection.execute(rows)))

    def open_surveys(self) -> tuple[Survey, ...]:
        rows = select(survey).where(survey.c.closed_at.is_(None)).order_by(survey.c.due_on)
        return tuple(map(_survey, self._connection.execute(rows)))

    def close(self, survey_id: int, now: int) -> bool:
        """False where it is closed already."""
        mine = (survey.c.id == survey_id) & survey.c.closed_at.is_(None)
        return self._connection.execute(update(survey).where(mine).values(closed_at=now)).rowcount == 1

    def counts(self, survey_ids: Sequence[int]) -> dict[int, dict[SheetState, int]]:
        """How many sheets stand where, by survey."""
        by = (survey_sheet.c.survey_id, survey_sheet.c.state)
        rows = select(*by, func.count()).where(survey_sheet.c.survey_id.in_(survey_ids)).group_by(*by)
        found: dict[int, dict[SheetState, int]] = {each: {} for each in survey_ids}
        for survey_id, state, count in self._connection.execute(rows):
            found[survey_id][SheetState(state)] = count
        return found

    def sheet(self, sheet_id: int) -> Sheet | None:
        """To work on: nobody else changes it until the transaction ends."""
        return self._sheet(survey_sheet.c.id == sheet_id)

    def by_token(self, token: str) -> Sheet | None:
        return self._sheet(survey_sheet.c.token == token)

    def sheets(self, survey_id: int) -> tuple[Sheet, ...]:
        """In order of the schools' codes."""
        rows = select(survey_sheet).where(survey_sheet.c.survey_id == survey_id).order_by(survey_sheet.c.school)
        return tuple(map(_sheet, self._connection.execute(rows).all()))

    def at_school(self, code: str, groups: frozenset[str] | None) -> tuple[tuple[Survey, Sheet], ...]:
        """Open surveys in which a school is asked, what is due first."""
        rows = select(survey_sheet.c.id, survey_sheet.c.survey_id).join(survey)
        mine = rows.where(survey_sheet.c.school == code, survey.c.closed_at.is_(None))
        if groups is not None:
            mine = mine.where(survey_sheet.c.group.in_(groups))
        found = []
        for row in self._connection.execute(mine.order_by(survey.c.due_on, survey.c.id)).all():
            of, sheet = self.survey(row.survey_id), self._sheet(survey_sheet.c.id == row.id)
            if of is not None and sheet is not None:
                found.append((of, sheet))
        return tuple(found)

    def unreminded(self, survey_id: int) -> tuple[Sheet, ...]:
        """Those that wait at their schools, of whom nobody has been reminded."""
        here = (survey_sheet.c.survey_id == survey_id) & survey_sheet.c.reminded_at.is_(None)
        rows = select(survey_sheet).where(here, survey_sheet.c.state.in_([each.value for each in AT_SCHOOL]))
        return tuple(map(_sheet, self._connection.execute(rows.order_by(survey_sheet.c.id))))

    def change(self, sheet: Sheet, version: int) -> bool:
        """False where somebody else was quicker."""
        mine = (survey_sheet.c.id == sheet.id) & (survey_sheet.c.version == version)
        values: dict[str, Any] = {name: getattr(sheet, name) for name in _CHANGING}
        values |= {"state": sheet.state.value, "answered_name": sheet.answered_name[:_LONGEST_NAME]}
        return self._connection.execute(update(survey_sheet).where(mine).values(values)).rowcount == 1

    def register_pupils(self, group: str, code: str, pupils: int) -> int | None:
        """Into the register of schools; what stood there, None where nothing was changed."""
        mine = (school.c.group == group) & (school.c.code == code)
        before = self._connection.execute(select(school.c.pupils).where(mine)).scalar()
        if before == pupils:
            return None
        self._connection.execute(update(school).where(mine).values(pupils=pupils))
        return before or 0

    def schools(self, group: str) -> tuple[tuple[str, str, int | None], ...]:
        """Code, name and pupils of those of the register."""
        rows = select(school.c.code, school.c.name, school.c.pupils).where(school.c.group == group)
        return tuple((row[0], row[1], row[2]) for row in self._connection.execute(rows.order_by(school.c.code)))

    def _sheet(self, condition: Any) -> Sheet | None:
        row = self._connection.execute(select(survey_sheet).where(condition).with_for_update()).first()
        return None if row is None else _sheet(row)


def _survey(row: Any) -> Survey:
    return Survey(
        row.type,
        row.turn,
        row.group,
        date.fromisoformat(row.due_on),
        row.started_at,
        row.started_by,
        row.closed_at,
        row.id,
    )


def _sheet(row: Sequence[Any]) -> Sheet:
    """row: all columns, in their order."""
    number, of, group, code, name, known, token, state, answers, at, by, signed, note, decided_at, decided_by, *more = (
        row
    )
    reminded_at, version = more
    return Sheet(
        survey=of,
        group=group,
        school=code,
        name=name,
        known=known,
        token=token,
        state=SheetState(state),
        answers=answers,
        answered_at=at,
        answered_by=by,
        answered_name=signed,
        note=note,
        decided_at=decided_at,
        decided_by=decided_by,
        reminded_at=reminded_at,
        version=version,
        id=number,
    )
