"""What can be wrong with a ticket.

TicketError
├── NoSuchMove        the table of states has no such move; asking again will not help
└── ChangedMeanwhile  somebody else was faster; the transaction is to be rolled back and tried again
"""


class TicketError(Exception):
    """The ticket cannot do what was asked."""


class NoSuchMove(TicketError):
    pass


class ChangedMeanwhile(TicketError):
    pass
