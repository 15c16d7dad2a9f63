"""Who gets a certificate: two tables, of codes and of renewals. What is absent from them is a mistake, told by a KeyError."""

from enum import Enum

from hub.enrolment.codes import Code, Standing
from provisioning.core.contract import ErrorCode


class Grant(Enum):
    ISSUE = "issue"
    REPEAT = "repeat"
    """The answer was lost on its way: the same certificate again."""


Ruling = Grant | ErrorCode


class Holder(Enum):
    """Who asks for a renewal, by the certificate that signed."""

    NEWEST = "newest"
    """It has the node's newest, or its key."""
    OLDER = "older"
    """Another key was given a newer one."""
    STRANGE = "strange"
    """The store does not know it, and knows none newer: it was restored from a backup. The authority's signature holds."""
    REVOKED = "revoked"


ADMISSION: dict[tuple[Standing, bool], Ruling] = {
    (Standing.OPEN, False): Grant.ISSUE,
    (Standing.USED, True): Grant.REPEAT,
    (Standing.USED, False): ErrorCode.CODE_USED,
    (Standing.EXPIRED, False): ErrorCode.CODE_EXPIRED,
    (Standing.REVOKED, False): ErrorCode.CODE_REVOKED,
}
"""By standing of the code, and whether it was used for the key that asks."""

RENEWAL: dict[tuple[Holder, bool], Ruling] = {
    (Holder.NEWEST, False): Grant.ISSUE,
    (Holder.NEWEST, True): Grant.REPEAT,
    (Holder.OLDER, False): ErrorCode.KEY_SUPERSEDED,
    (Holder.OLDER, True): Grant.REPEAT,
    (Holder.STRANGE, False): Grant.ISSUE,
    (Holder.STRANGE, True): Grant.ISSUE,
    (Holder.REVOKED, False): ErrorCode.NODE_REVOKED,
    (Holder.REVOKED, True): ErrorCode.NODE_REVOKED,
}
"""By holder, and whether the newest certificate is for the very key that is asked for, and still fresh."""


def admit(code: Code | None, key: str, now: int) -> Ruling:
    """A computer with `key` shows this code; None: there is no such code."""
    if code is None:
        return ErrorCode.CODE_UNKNOWN
    return ADMISSION[code.standing(now), code.key == key]


def renew(holder: Holder, *, has_it: bool) -> Ruling:
    return RENEWAL[holder, has_it]


MESSAGES = {
    ErrorCode.CODE_UNKNOWN: "there is no such code",
    ErrorCode.CODE_USED: "another computer has used this code: each one needs its own, also one with a new disk",
    ErrorCode.CODE_EXPIRED: "this code is too old; ask the office for another",
    ErrorCode.CODE_REVOKED: "the office has taken this code back; ask for another",
    ErrorCode.NODE_REVOKED: "the office has shut this computer out; it needs a new code",
    ErrorCode.KEY_SUPERSEDED: "another computer of this name has a newer certificate: one is a copy of the other; "
    "this one needs a new code",
}
"""For logs and for whoever sits at the device; words for the office are in its catalogues."""
