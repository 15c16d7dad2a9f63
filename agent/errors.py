"""What can go wrong in the agent, and whose fault it is. Foreign exceptions become one of these at the edge.

AgentError
├── OperatorError      a setting, a file or a right is wrong: one line says which, and the way out; trying again does not help
│   └── JournalBusy    another agent has the journal open
├── JournalError
│   ├── JournalStuck   it cannot be written now (disk full, file system read-only): trying again later may help
│   └── JournalCorrupt what stands in it cannot be trusted: a new one must begin
└── LinkError          the equipment, or the way to it
    ├── LinkLost       nothing answered, or the line broke: trying again may help
    ├── BadReply       it answered what no device of its profile answers
    ├── Refused        it answered that the password is wrong or missing: somebody has to change a setting
    └── Declined       it answered that it cannot tell this now
"""


class AgentError(Exception):
    """The root of all."""


class OperatorError(AgentError):
    """Somebody has to change something; the text says what."""


class JournalBusy(OperatorError):
    pass


class JournalError(AgentError):
    pass


class JournalStuck(JournalError):
    pass


class JournalCorrupt(JournalError):
    pass


class LinkError(AgentError):
    pass


class LinkLost(LinkError):
    pass


class BadReply(LinkError):
    pass


class Refused(LinkError):
    pass


class Declined(LinkError):
    pass
