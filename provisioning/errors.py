"""What can go wrong on the device, and who can do something about it. Foreign exceptions become one of these at the edge.

ProvisionError
├── OperatorError       somebody has to change something; the text says what
│   ├── NotOurHub       whoever answers cannot show that it is the hub of the slip
│   ├── NotEnrolled     there is no identity yet
│   └── Turned          the hub said no; `code` says by which rule
├── Later               nothing is wrong here: the same command may succeed by itself, later
│   ├── HubUnreachable  nobody answered, or the line broke
│   ├── HubBusy         the hub said that it cannot now
│   ├── DiskFull        there is no room
│   └── Busy            another run of this program has the device
├── NotTrusted          what was offered as an update is not signed, too old, or damaged
└── BadRelease          a release that cannot be laid out or does not pass its own check
"""

from provisioning.core.problems import ErrorCode


class ProvisionError(Exception):
    """The root of all. Its text is one line for a person."""


class OperatorError(ProvisionError):
    pass


class NotOurHub(OperatorError):
    pass


class NotEnrolled(OperatorError):
    pass


class Turned(OperatorError):
    def __init__(self, message: str, code: ErrorCode) -> None:
        super().__init__(message)
        self.code = code


class Later(ProvisionError):
    pass


class HubUnreachable(Later):
    pass


class HubBusy(Later):
    pass


class DiskFull(Later):
    pass


class Busy(Later):
    pass


class NotTrusted(ProvisionError):
    pass


class BadRelease(ProvisionError):
    pass
