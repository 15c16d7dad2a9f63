"""What the device API says no with. One tree, and one word for each reason.

ContractError            what came is not what was agreed; `code` says which rule
└── CodeMistyped         the one-time code cannot be one: whoever typed it can see where
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """In the answer `{"error": {"code", "message"}}`. Words for people are made from these, elsewhere."""

    CODE_MISTYPED = "code-mistyped"
    CODE_UNKNOWN = "code-unknown"
    CODE_USED = "code-used"
    CODE_EXPIRED = "code-expired"
    CODE_REVOKED = "code-revoked"
    TOO_MANY_TRIES = "too-many-tries"
    CSR_REFUSED = "csr-refused"
    NODE_REVOKED = "node-revoked"
    KEY_SUPERSEDED = "key-superseded"
    """A newer certificate was given to another key of this node: this one is a copy of its disk, or was replaced."""
    LETTER_REFUSED = "letter-refused"
    TOO_LARGE = "too-large"
    REQUEST_REFUSED = "request-refused"
    """Not the shape that was agreed."""
    HUB_TROUBLE = "hub-trouble"
    """The hub's own fault."""
    OTHER = "other"
    """A word that this program is too old to know."""

    @property
    def passes(self) -> bool:
        """Whether the same request may succeed later, with nothing done about it."""
        return self in (ErrorCode.TOO_MANY_TRIES, ErrorCode.HUB_TROUBLE)


STATUS = {
    ErrorCode.CODE_UNKNOWN: 404,
    ErrorCode.CODE_USED: 409,
    ErrorCode.CODE_EXPIRED: 410,
    ErrorCode.CODE_REVOKED: 410,
    ErrorCode.TOO_MANY_TRIES: 429,
    ErrorCode.NODE_REVOKED: 403,
    ErrorCode.KEY_SUPERSEDED: 409,
    ErrorCode.LETTER_REFUSED: 403,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.HUB_TROUBLE: 503,
}
"""The HTTP status that goes with each; 400 for the rest."""


class ContractError(Exception):
    """What came is not what was agreed. The text says what, and quotes nothing secret."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.REQUEST_REFUSED) -> None:
        super().__init__(message)
        self.code = code


class CodeMistyped(ContractError):
    def __init__(self, message: str) -> None:
        super().__init__(message, ErrorCode.CODE_MISTYPED)
