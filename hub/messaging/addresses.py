"""The addresses of ways, from what people type. Whether apprise understands one, letterbox.py knows."""

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

from hub.messages.refusals import MessageRefused

EMAIL = "email"
"""By the office's own mail server."""
_EMAIL = re.compile(r"[!-~]{1,64}@[A-Za-z0-9.\-]{1,255}")
_NOT_IN_EMAIL = re.compile(r"[\s<>()\",;:\\]")
LONGEST = 1000
SERVICES = frozenset(
    {
        *("line", "tgram", "discord", "slack", "gchat", "workflows", "pover"),
        *("json", "jsons", "ntfy", "ntfys", "mailto", "mailtos", "gotify", "gotifys"),
        *("matrix", "matrixs", "mmost", "mmosts", "nctalk", "nctalks", "rocket", "rockets"),
    }
)
"""The schemes of apprise that send over the network: none that runs a program or writes a file of the hub."""
_PARAMETERS = frozenset(
    {"to", "from", "name", "user", "pass", "smtp", "mode", "format", "topic", "thread", "silent", "priority", "method"}
)
"""Others name files of the hub, or let a certificate be anybody's."""


def read_address(service: str, first: str, second: str = "") -> str:
    """What is kept of what somebody typed. Raises MessageRefused.

    email  the address
    line   access token, and the user or group that it goes to
    tgram  token of the bot, and the chat
    jsons  the address of a program
    url    as apprise has it
    """
    first, second = first.strip(), second.strip()
    if not first or len(first) + len(second) > LONGEST:
        raise MessageRefused("way_missing", "first")
    if service == EMAIL:
        return _email(first)
    if service in ("line", "tgram"):
        if not second:
            raise MessageRefused("way_missing", "second")
        return f"{service}://{quote(first, safe=':')}/{quote(second, safe='-')}"
    if service == "jsons":
        return _hook(first)
    if service == "url":
        return _foreign(first)
    raise MessageRefused("way_unknown", "first")


def service_of(address: str) -> str:
    return address.partition(":")[0].lower()


def recipient(address: str) -> str:
    """Of an e-mail by the office's own server."""
    return address.partition(":")[2]


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text) or _NOT_IN_EMAIL.search(text) or text.count("@") != 1:
        raise MessageRefused("way_email", "first")
    return f"{EMAIL}:{text}"


def _hook(text: str) -> str:
    parts = _parts(text)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise MessageRefused("way_hook", "first")
    return _foreign(("jsons" if parts.scheme == "https" else "json") + text[len(parts.scheme) :])


def _foreign(text: str) -> str:
    if _parts(text).scheme.lower() not in SERVICES:
        raise MessageRefused("way_unknown", "first")
    if "#" in text or not all(map(_is_harmless, _names(text))):
        raise MessageRefused("way_parameter", "first")
    if not all(sign.isprintable() and not sign.isspace() for sign in text):
        raise MessageRefused("way_unknown", "first")
    return text


def _names(text: str) -> list[str]:
    """Of the parameters, as apprise finds them: behind the first question mark, also between semicolons."""
    return [unquote(each.partition("=")[0]) for each in re.split("[&;]", text.partition("?")[2])]


def _is_harmless(name: str) -> bool:
    """Apprise strips the names; what begins with one of the signs is a header, or a word of a template, of somebody else."""
    bare = name.strip().lower()
    return not bare or bare in _PARAMETERS or name.startswith(("+", ":", "-"))


def _parts(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise MessageRefused("way_unknown", "first") from None
