"""What lies between simulated equipment and the line it hangs on: the equipment knows no sockets, the line no protocols."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes to send, and how many seconds to wait before."""

    data: bytes
    after_s: float = 0.0


class Station(Protocol):
    """Equipment on a serial line."""

    def feed(self, data: bytes) -> list[Answer]: ...


class Session(Protocol):
    """Equipment's side of one TCP connection. `ended` is asked after every feed: then the equipment hangs up."""

    ended: bool

    def greeting(self) -> bytes: ...

    def feed(self, data: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to one HTTP GET."""

    status: int
    content_type: str
    body: bytes
