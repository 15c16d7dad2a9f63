"""What may be asked of a running bench: break something, mend it, list it all. Requests and answers are plain JSON objects."""

from typing import Any

from bench import faults
from bench.errors import UnknownFault
from bench.live import LiveRoom
from bench.room import Classroom

ALL = "all"
Json = dict[str, Any]


class Desk:
    def __init__(self, live: LiveRoom) -> None:
        self._live = live

    def handle(self, request: Json) -> Json:
        """Always an answer: `ok`, and either what is so now or the `problem`."""
        try:
            return {"ok": True, **self._do(request)}
        except UnknownFault as error:
            return {"ok": False, "problem": str(error)}

    def _do(self, request: Json) -> Json:
        name = str(request.get("name", ""))
        match request.get("do"):
            case "fault":
                faults.find(name)
                self._live.change(lambda room, now: room.with_fault(name, now))
            case "mend":
                self._mend(name)
            case "list":
                pass
            case other:
                raise UnknownFault(f"no such request: {str(other)[:40]!r}")
        return {"active": list(self._live.look().room.broken)}

    def _mend(self, name: str) -> None:
        def mended(room: Classroom, now: int) -> Classroom:
            for code in room.broken if name == ALL else (name,):
                room = room.without_fault(code, now)
            return room

        self._live.change(mended)
