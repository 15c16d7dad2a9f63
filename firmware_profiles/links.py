"""How a device is reached, and which protocol it speaks. Links are opened and codecs are run by the agent."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from firmware_profiles.data import Data, RegularExpression
from firmware_profiles.frames import FrameProtocol

Port = Annotated[int, Field(ge=1, le=65535)]


class Scheme(StrEnum):
    """The first part of a device's address."""

    SERIAL = "serial"
    TCP = "tcp"
    HTTP = "http"


class Connection(StrEnum):
    """How long a connection is kept: for good, for one round of polls, or for one request."""

    KEPT = "kept"
    PER_ROUND = "per_round"
    PER_REQUEST = "per_request"


class SerialLink(Data):
    baud: int = 9600
    data_bits: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1


class TcpLink(Data):
    port: Port


class HttpLink(Data):
    port: Port = 80


class Link(Data):
    """The ways to reach a device: those of serial, tcp and http that stand here.

    timeout_ms  for one answer, and for connecting
    retries     further tries of a request that got no answer
    gap_ms      silence between an answer and the next request
    """

    connection: Connection = Connection.KEPT
    timeout_ms: Annotated[int, Field(ge=50, le=60_000)] = 2000
    retries: Annotated[int, Field(ge=0, le=5)] = 1
    gap_ms: Annotated[int, Field(ge=0, le=10_000)] = 0
    serial: SerialLink | None = None
    tcp: TcpLink | None = None
    http: HttpLink | None = None

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        return tuple(scheme for scheme in Scheme if getattr(self, scheme.value) is not None)


class AsciiProtocol(Data):
    """A line of text asks, a text answers.

    request_end  is put after each request
    answer       regular expression that finds a whole answer in what comes in, echoes and noise included
    """

    name: Literal["ascii"]
    request_end: str
    answer: RegularExpression


class PjlinkProtocol(Data):
    """PJLink with its greeting and its digest."""

    name: Literal["pjlink"]


class HttpProtocol(Data):
    """HTTP GET; a request is a path."""

    name: Literal["http"]


class HostProtocol(Data):
    """The agent's own computer; a request is a group of facts."""

    name: Literal["host"]


Protocol = Annotated[
    AsciiProtocol | FrameProtocol | PjlinkProtocol | HttpProtocol | HostProtocol, Field(discriminator="name")
]


class SetId(Data):
    """The number of one set on a line that several may share; stands for {set_id} in requests and patterns."""

    default: str
    pattern: RegularExpression
