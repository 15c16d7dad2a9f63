"""RESULT.json: what a replay came to (recording.md). In an order of its own, so that equal results are equal."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hub.core.equipment import HOST
from hub.core.findings import Incident, RoomDay
from hub.core.texts import Text
from hub.store.incidents import incidents
from hub.store.lessons import room_days
from hub.store.outcome import concluded_tickets
from hub.store.unit_of_work import Store
from hub.tickets.ticket import Ticket

Words = Callable[[Text], str]
"""A stored text as a sentence."""
Json = dict[str, Any]


def result(store: Store, words: Words, until: int) -> Json:
    """Everything but the counts. An incident that lasts is told up to `until`, the end of the recording."""
    with store.reading() as connection:
        days = list(room_days(connection))
        return {
            "tickets": _tickets(concluded_tickets(connection), words),
            "incidents": sorted((_incident(each, until) for each in incidents(connection)), key=_incident_order),
            "lesson_minutes_lost": [row for day in days for row in _lost(day)],
            "usage_minutes": [{**_day(day), "minutes": _minutes(day.used)} for day in days if _minutes(day.used)],
        }


def _tickets(concluded: Iterable[tuple[Ticket, Sequence[Text]]], words: Words) -> list[Json]:
    rows = sorted((_ticket(ticket, evidence, words) for ticket, evidence in concluded), key=_ticket_order)
    seen: Counter[str] = Counter()
    for row in rows:
        name = row["id"]
        seen[name] += 1
        if seen[name] > 1:
            row["id"] = f"{name}/{seen[name]}"
    return rows


def _ticket(ticket: Ticket, evidence: Sequence[Text], words: Words) -> Json:
    """Its id is made of what it says: row numbers depend on how the reports were batched."""
    device, dish = ticket.place.device.device, ticket.place.dish
    school = ticket.place.device.node.school
    place = dish or device or ticket.place.device.node.name
    return {
        "id": f"{school}/{place}/{ticket.cause}/{ticket.opened_at}",
        "school": school,
        "device": device if device != HOST else None,
        "dish": dish or None,
        "cause": ticket.cause,
        "opened_at": ticket.opened_at,
        "onset_at": ticket.onset_at,
        "recovered_at": ticket.recovered_at,
        "evidence": [words(each) for each in evidence],
    }


def _ticket_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["opened_at"], row["school"], row["device"] or "", row["dish"] or "", row["cause"], row["onset_at"]


def _incident(each: Incident, until: int) -> Json:
    return {
        "cause": each.cause,
        "schools": sorted(each.schools),
        "from": each.start,
        "to": max(each.start, until) if each.end is None else each.end,
    }


def _incident_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["from"], row["to"], row["cause"], row["schools"]


def _lost(day: RoomDay) -> Iterable[Json]:
    for cause, lost in sorted(day.lost.items()):
        if minutes := _minutes(lost):
            yield {**_day(day), "cause": cause, "minutes": minutes}


def _day(day: RoomDay) -> Json:
    return {"school": day.school, "room": day.room, "date": day.date}


def _minutes(minutes: float) -> float:
    rounded = round(minutes, 2)
    return int(rounded) if rounded.is_integer() else rounded
