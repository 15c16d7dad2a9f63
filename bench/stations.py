"""What lies between simulated equipment and the line it hangs on: the equipment knows no sockets, the line no protocols."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol


class Session(Protocol):
    """Equipment's side of one connection, or of a serial line. `ended` is asked after every feed: then the equipment hangs up."""

    ended: bool

    def greeting(self) -> bytes: ...

    def feed(self, data: bytes) -> bytes:
        """Whatever bytes have come; gives back what it answers to them."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to one HTTP request."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    chunked: bool = False
    """Sent in pieces, without saying beforehand how long it is."""


@dataclass(frozen=True, slots=True)
class SerialPlug:
    """A serial line of that name in the bench's directory."""

    line: str
    session: Callable[[], Session]


@dataclass(frozen=True, slots=True)
class TcpPlug:
    """`callers`: how many it serves at once; whoever comes then waits and hears nothing, as with most equipment."""

    host: str
    port: int
    session: Callable[[], Session]
    idle_s: float = 300.0
    callers: int = 1


@dataclass(frozen=True, slots=True)
class HttpPlug:
    host: str
    port: int
    pages: Callable[[Request], Page]


@dataclass(frozen=True, slots=True)
class UdpPlug:
    """Each datagram gets no, one or several datagrams back.

    announces  what it tells unasked when it comes to the network, and to which host and port
    """

    host: str
    port: int
    replies: Callable[[bytes], list[bytes]]
    announces: tuple[tuple[str, int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One start of a program: its arguments, and all that stands on its standard input."""

    arguments: tuple[str, ...]
    typed: str


@dataclass(frozen=True, slots=True)
class Printed:
    """What a program writes, and its exit code."""

    out: str = ""
    err: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class ProgramPlug:
    """A program of that name in the bench's directory. An answer of none of both outputs counts as no answer."""

    name: str
    run: Callable[[Call], Printed]


Plug = SerialPlug | TcpPlug | HttpPlug | UdpPlug | ProgramPlug
