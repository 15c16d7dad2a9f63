"""What may be asked of a running bench: break something, mend it, list it all. Requests and answers are plain JSON objects."""

from typing import Any

from bench.errors import UnknownFault
from bench.live import LiveSchool
from bench.school import School

ALL = "all"
Json = dict[str, Any]


class Desk:
    def __init__(self, live: LiveSchool) -> None:
        self._live = live

    def handle(self, request: Json) -> Json:
        """Always an answer: `ok`, and either what is so now or the `problem`."""
        try:
            return {"ok": True, **self._do(request)}
        except UnknownFault as error:
            return {"ok": False, "problem": str(error)}

    def _do(self, request: Json) -> Json:
        name, extra = str(request.get("name", "")), {}
        match request.get("do"):
            case "fault":
                self._live.change(lambda school, now: school.with_fault(name, now))
            case "mend":
                self._mend(name)
            case "list":
                extra = {"faults": listing(self._live.look().school)}
            case other:
                raise UnknownFault(f"no such request: {str(other)[:40]!r}")
        return {"active": list(self._live.look().school.broken), **extra}

    def _mend(self, name: str) -> None:
        def mended(school: School, now: int) -> School:
            for each in school.broken if name == ALL else (name,):
                school = school.without_fault(each, now)
            return school

        self._live.change(mended)


def listing(school: School) -> list[tuple[str, str]]:
    """Every fault there is, with its line of English."""
    return [(name, placed.fault.description) for name, placed in school.book.faults.items()]
