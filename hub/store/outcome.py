"""What a replay came to: tickets with what was found out about them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from hub.core.texts import Text
from hub.store.tables import node, ticket, ticket_entry
from hub.store.tickets import read_ticket
from hub.tickets.ticket import EntryKind, Ticket

_FINDINGS = tuple(
    kind.value for kind in (EntryKind.OPENED, EntryKind.EVIDENCE, EntryKind.CORRECTED, EntryKind.RECURRED)
)


def concluded_tickets(connection: Connection) -> Iterator[tuple[Ticket, Sequence[Text]]]:
    """Every fault that got a ticket, with its evidence; without those that were merged into another."""
    evidence: defaultdict[int, list[Text]] = defaultdict(list)
    entries = (
        select(ticket_entry.c.ticket_id, ticket_entry.c.code, ticket_entry.c.params)
        .where(ticket_entry.c.kind.in_(_FINDINGS))
        .order_by(ticket_entry.c.ticket_id, ticket_entry.c.t, ticket_entry.c.id)
    )
    for ticket_id, code, params in connection.execute(entries):
        evidence[ticket_id].append(Text(code, params))
    rows = connection.execute(
        select(ticket, node.c.group, node.c.name).join(node).where(ticket.c.merged_into.is_(None))
    ).all()
    for row in rows:
        yield read_ticket(row), evidence[row.id]
