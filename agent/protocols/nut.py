"""Network UPS Tools: one line asks, a line or a list answers (NUT's docs/net-protocol.txt). Reading needs no login.

A request is `LIST VAR <ups>`; the answer is the variables by name.
"""

import re
from collections.abc import Mapping

from agent.errors import BadReply, Declined, Refused
from agent.protocols.codec import Codec, Dialogue, Peer, line, silent
from firmware_profiles.data import SET_ID
from firmware_profiles.links import NutProtocol

END = b"\n"
MAX_VARIABLES = 500
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_DECLINED = {
    "DATA-STALE": "the server has lost its UPS; is the UPS's cable plugged in?",
    "DRIVER-NOT-CONNECTED": "the server's driver does not run",
}


def codec(_protocol: NutProtocol, peer: Peer) -> Codec:
    return Nut(peer.set_id)


class Nut:
    def __init__(self, ups: str) -> None:
        self._ups = ups

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[Mapping[str, object]]:
        asked = request.replace(SET_ID, self._ups)
        what = asked.removeprefix("LIST ").split()
        if not asked.startswith("LIST VAR ") or len(what) != 2:
            raise BadReply(f"{asked!r} is no request of this protocol; write LIST VAR and the UPS")
        buffer = bytearray((yield asked.encode() + END))
        yield from self._beginning(buffer, what)
        return (yield from _variables(buffer, what))

    def _beginning(self, buffer: bytearray, what: list[str]) -> Dialogue[None]:
        words = _words((yield from line(buffer, END)))
        if words[:1] == ["ERR"]:
            self._complain(words[1] if len(words) > 1 else "")
        if words != ["BEGIN", "LIST", *what]:
            raise BadReply(f"it answers {' '.join(words)[:40]!r}, not as NUT does")

    def _complain(self, code: str) -> None:
        if code == "UNKNOWN-UPS":
            raise Refused(f'the server has no UPS "{self._ups}"; name the right one with set_id = … of this device')
        if code == "ACCESS-DENIED":
            raise Refused("the server does not allow this computer to read; see its upsd.conf")
        raise Declined(_DECLINED.get(code, f"the server says {code[:40]!r}"))


def _variables(buffer: bytearray, what: list[str]) -> Dialogue[Mapping[str, object]]:
    values: dict[str, object] = {}
    for _ in range(MAX_VARIABLES):
        words = _words((yield from line(buffer, END)))
        if words == ["END", "LIST", *what]:
            return values
        if len(words) != 4 or words[:2] != what:
            raise BadReply(f"{' '.join(words)[:40]!r} does not belong into its list")
        values[words[2]] = words[3]
    raise BadReply(f"a list of more than {MAX_VARIABLES} variables")


def _words(text: str) -> list[str]:
    return [_ESCAPE.sub(r"\1", quoted) if quoted or not bare else bare for quoted, bare in _WORD.findall(text)]
