"""What the hub's refusals mean to the person at the device: one line each, with the way out."""

from provisioning.core.problems import ErrorCode

WORDS: dict[ErrorCode, str] = {
    ErrorCode.CODE_MISTYPED: "this is not a code: look at the slip again and type all sixteen signs",
    ErrorCode.CODE_UNKNOWN: "the hub does not know this code: is the slip of this district, and of the newest batch?",
    ErrorCode.CODE_USED: "this code was used already, with another key (another computer, or a disk since replaced): "
    "ask the district office for a new slip",
    ErrorCode.CODE_EXPIRED: "this code has expired: ask the district office for a new slip",
    ErrorCode.CODE_REVOKED: "this code was withdrawn by the district office: ask for a new slip",
    ErrorCode.TOO_MANY_TRIES: "too many tries in a short time: wait a quarter of an hour and try again",
    ErrorCode.CSR_REFUSED: "the hub refused the certificate request; is this program too old? install it anew from the hub",
    ErrorCode.NODE_REVOKED: "the district office has shut this device out: ask there; a new slip lets it in again",
    ErrorCode.KEY_SUPERSEDED: "another device has taken this one's place (a copy of this disk, or its successor): "
    "if this is the one to stay, ask the district office for a new slip",
    ErrorCode.LETTER_REFUSED: "the hub does not accept this device's signature: ask the district office for a new slip",
    ErrorCode.TOO_LARGE: "the hub refused a request as too large",
    ErrorCode.REQUEST_REFUSED: "the hub did not understand the request; is this program too old? install it anew from the hub",
    ErrorCode.HUB_TROUBLE: "the hub has trouble of its own: it is tried again later",
    ErrorCode.OTHER: "the hub refused for a reason that this program is too old to know",
}


def explain(code: ErrorCode, message: str) -> str:
    """`message` is the hub's own, for the people who look after it."""
    return f"{WORDS[code]} ({code}: {message})" if message else f"{WORDS[code]} ({code})"
