"""What the database holds of a person, and what of it goes when they ask for it.

Histories stay as they are: the regulations on correspondence and on assets make an office keep who did what. They name the
number of the account, and the name as it was written then.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, delete, or_, select, update
from sqlalchemy.sql.selectable import FromClause

from hub.accounts.person import Person
from hub.store.allocation_tables import allocation_entry, allocation_line
from hub.store.asset_tables import asset, asset_entry
from hub.store.message_tables import message, message_choice, message_delivery, message_way
from hub.store.paper_tables import paper_number
from hub.store.people_tables import audit_entry, link, person, session, token
from hub.store.phone_tables import request_photo, submission
from hub.store.supply_tables import stock_item, stock_move
from hub.store.survey_tables import survey, survey_sheet
from hub.store.trip_tables import trip
from hub.store.upload_tables import upload
from hub.store.workflow_tables import request, request_entry, request_file

Held = dict[str, Any]


class PersonalRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, whose: Person) -> Held:
        """By where it stands; moments in ms."""
        labels = self._labels(whose)
        return {
            **{name: self._rows(*each) for name, each in _of_account(whose).items()},
            **{name: self._rows(*each) for name, each in _of_requests(labels).items()},
            **{name: self._rows(*each) for name, each in _of_things(labels).items()},
            "named_in_requests": self._naming(f'"{whose.label}"'),
        }

    def erase(self, whose: Person) -> Mapping[str, int]:
        """How much of what. From where somebody signed in stands in the audit, which the law has an office keep."""
        ways = select(message_way.c.id).where(message_way.c.owner == whose.label)
        gone = {
            "sessions": delete(session).where(session.c.person_id == whose.id),
            "links": delete(link).where(link.c.person_id == whose.id),
            "deliveries": delete(message_delivery).where(message_delivery.c.way_id.in_(ways)),
            "ways": delete(message_way).where(message_way.c.owner == whose.label),
            "choices": delete(message_choice).where(message_choice.c.owner == whose.label),
            "submissions": delete(submission).where(submission.c.who == whose.label),
            "uploads": delete(upload).where(upload.c.who == whose.label),
        }
        counts = {name: self._connection.execute(each).rowcount for name, each in gone.items()}
        # Their numbers stay, so that what was done with them can still be told apart from what others did.
        self._connection.execute(update(token).where(token.c.person_id == whose.id).values(name=""))
        nobody: Held = {
            "login": f"erased:{whose.id}",
            "name": f"#{whose.id}",
            "roles": [],
            "school": None,
            "groups": None,
        }
        nobody |= {"password": None, "issuer": None, "subject": None, "signed_in_at": None, "active": False}
        self._connection.execute(update(person).where(person.c.id == whose.id).values(nobody))
        return counts

    def naming(self, text: str) -> Held:
        """Where a name or a phone number stands that somebody wrote who may have no account."""
        return {
            "requests": self._naming(text),
            "steps": self._rows(
                request_entry.join(request),
                (request.c.number, request_entry.c.at, request_entry.c.name, request_entry.c.note),
                or_(_in(request_entry.c.name, text), _in(request_entry.c.note, text)),
            ),
            "survey_sheets": self._rows(
                survey_sheet.join(survey),
                (survey.c.type, survey.c.turn, survey_sheet.c.school, survey_sheet.c.answered_name),
                or_(_in(survey_sheet.c.answered_name, text), _written(survey_sheet.c.answers, text)),
            ),
        }

    def _labels(self, whose: Person) -> list[str]:
        """Of the person, and of the programs that act for them."""
        tokens = self._connection.execute(select(token.c.id).where(token.c.person_id == whose.id)).scalars()
        return [whose.label, *(f"token:{number}" for number in tokens)]

    def _naming(self, text: str) -> list[Held]:
        given = (request.c.number, request.c.type, request.c.state, request.c.opened_at, request.c.opened_name)
        return self._rows(request, given, or_(request.c.opened_name == text, _written(request.c["values"], text)))

    def _rows(
        self, table: FromClause, columns: Iterable[ColumnElement[Any]], *where: ColumnElement[bool]
    ) -> list[Held]:
        rows = self._connection.execute(select(*columns).select_from(table).where(*where))
        return [dict(row._mapping) for row in rows]


def _written(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """As a text of its own, or in one; JSON keeps letters beyond ASCII as it likes."""
    as_text = cast(column, String)
    escaped = "".join(f"\\u{ord(sign):04x}" if 127 < ord(sign) < 65_536 else sign for sign in text)
    return or_(_in(as_text, text), _in(as_text, escaped))


def _in(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.contains(text, autoescape=True)


_Asked = tuple[FromClause, tuple[ColumnElement[Any], ...], ColumnElement[bool]]


def _of_account(whose: Person) -> Mapping[str, _Asked]:
    here, way, told = session.c, message_way.c, message_delivery.join(message_way).join(message)
    choice = message_choice.c
    return {
        "sessions": (
            session,
            (here.opened_at, here.seen_at, here.ended_at, here.address, here.agent),
            here.person_id == whose.id,
        ),
        "tokens": (
            token,
            (token.c.name, token.c.scopes, token.c.issued_at, token.c.expires_at, token.c.used_at, token.c.revoked_at),
            token.c.person_id == whose.id,
        ),
        "ways": (message_way, (way.name, way.service, way.made_at, way.stopped_at), way.owner == whose.label),
        "choices": (message_choice, (choice.language, choice.times, choice.digest_at), choice.owner == whose.label),
        "messages": (
            told,
            (message.c.code, message.c.at, message_delivery.c.state, message_delivery.c.settled_at),
            way.owner == whose.label,
        ),
        "audit": (
            audit_entry,
            (audit_entry.c.number, audit_entry.c.at, audit_entry.c.who, audit_entry.c.what),
            or_(audit_entry.c.who == whose.label, audit_entry.c.subject == whose.label),
        ),
    }


def _of_requests(labels: list[str]) -> Mapping[str, _Asked]:
    step = request_entry.c
    return {
        "steps": (
            request_entry.join(request),
            (request.c.number, step.at, step.transition, step.name, step.note),
            step.who.in_(labels),
        ),
        "survey_sheets": (
            survey_sheet.join(survey),
            (survey.c.type, survey.c.turn, survey_sheet.c.school, survey_sheet.c.answered_at),
            survey_sheet.c.answered_by.in_(labels),
        ),
        "trips": (trip, (trip.c.day, trip.c.name, trip.c.state, trip.c.note), trip.c.who.in_(labels)),
        "papers": (
            paper_number,
            (paper_number.c.series, paper_number.c.year, paper_number.c.number, paper_number.c.at),
            paper_number.c.who.in_(labels),
        ),
        "photos": (
            request_photo.join(request),
            (request.c.number, request_photo.c.at, request_photo.c.type),
            request_photo.c.who.in_(labels),
        ),
        "files": (request_file, (request_file.c.name, request_file.c.at), request_file.c.who.in_(labels)),
    }


def _of_things(labels: list[str]) -> Mapping[str, _Asked]:
    line, move = allocation_entry.c, stock_move.c
    return {
        "assets": (
            asset_entry.join(asset, asset.c.id == asset_entry.c.asset_id),
            (asset.c.number, asset_entry.c.at, asset_entry.c.what, asset_entry.c.name, asset_entry.c.note),
            asset_entry.c.who.in_(labels),
        ),
        "stock": (
            stock_move.join(stock_item),
            (stock_item.c.name.label("item"), move.at, move.why, move.change, move.name),
            move.who.in_(labels),
        ),
        "allocation": (
            allocation_entry.join(allocation_line),
            (allocation_line.c.round, line.at, line.code, line.name, line.note),
            line.who.in_(labels),
        ),
    }
