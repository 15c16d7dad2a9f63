"""How a device is reached, and which protocol it speaks. Links are opened and codecs are run by the agent."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from firmware_profiles.data import Data, RegularExpression, WholeExpression
from firmware_profiles.frames import FrameProtocol, NecProtocol

KEY_PLACE = "{password}"
"""Stands in headers for the device's password."""

Port = Annotated[int, Field(ge=1, le=65535)]


class Scheme(StrEnum):
    """The first part of a device's address."""

    SERIAL = "serial"
    TCP = "tcp"
    UDP = "udp"
    HTTP = "http"
    HTTPS = "https"
    SNMP = "snmp"
    DVB = "dvb"
    CEC = "cec"
    COMMAND = "command"


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


class UdpLink(Data):
    port: Port


class HttpLink(Data):
    port: Port = 80


class HttpsLink(Data):
    port: Port = 443


class SnmpLink(Data):
    port: Port = 161


class DvbLink(Data):
    """A Linux DVB front end, only read: somebody else tunes it."""


class CecLink(Data):
    """A Linux HDMI-CEC adapter."""


class CommandLink(Data):
    """A program that is started for each request. There is no shell. An address may name another file for the program.

    run     its name and first arguments
    input   the request goes to its standard input; without this the request's words are further arguments
    errors  what it writes to standard error is read too
    """

    run: Annotated[tuple[str, ...], Field(min_length=1)]
    input: bool = False
    errors: bool = False


class Link(Data):
    """The ways to reach a device: those of serial, tcp, … that stand here.

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
    udp: UdpLink | None = None
    http: HttpLink | None = None
    https: HttpsLink | None = None
    snmp: SnmpLink | None = None
    dvb: DvbLink | None = None
    cec: CecLink | None = None
    command: CommandLink | None = None

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


class EscVp21Protocol(Data):
    """Epson's ESC/VP21, on TCP in an ESC/VP.net session; a request is `PWR?`, its answer `PWR=01`, or `ERR`."""

    name: Literal["escvp21"]


class PjlinkProtocol(Data):
    """PJLink with its greeting and its digest."""

    name: Literal["pjlink"]


class HttpProtocol(Data):
    """HTTP GET; a request is a path.

    auth  where user and password go: `basic`; `digest`, which never sends the password itself; `query` as user and password
    """

    name: Literal["http"]
    auth: Literal["basic", "digest", "query"] = "basic"


class JsonPostProtocol(Data):
    """JSON by HTTP POST; a request is a path and a document.

    headers  sent with each request; {password} in one stands for the device's, and without one that header is left out
    """

    name: Literal["json_post"]
    headers: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")], Annotated[str, Field(pattern=r"^[ -~]*$")]] = (
        Field(default_factory=dict)
    )


class RtspProtocol(Data):
    """RTSP as SAT>IP servers speak it; a request is OPTIONS, answered by its headers, or DESCRIBE."""

    name: Literal["rtsp"]


class NutProtocol(Data):
    """Network UPS Tools; a request is a line, its answer the values of the list by name."""

    name: Literal["nut"]


class SnmpProtocol(Data):
    """SNMP GET; a request is object identifiers with blanks between, its answer the values by these."""

    name: Literal["snmp"]


class DvbProtocol(Data):
    """The statistics of a Linux DVB front end (DVB API 5); a request is `stats` or `info`."""

    name: Literal["dvb"]


class CecProtocol(Data):
    """HDMI-CEC to the TV; a request is the opcode and that of the answer, in hex: `8f 90`."""

    name: Literal["cec"]


class CommandProtocol(Data):
    """The output of a program; what a request is, stands in link.command."""

    name: Literal["command"]


class ConsoleProtocol(Data):
    """A console with a prompt, which may ask who is there first. An answer is what stands before the next prompt.

    prompt, login, password  regular expressions: what the console says when it waits for a command, a name, a password
    refused                  what it says when the password was wrong
    line_end                 put after each line
    """

    name: Literal["console"]
    prompt: RegularExpression
    login: RegularExpression | None = None
    password: RegularExpression | None = None
    refused: RegularExpression | None = None
    line_end: str = "\r"


class HostProtocol(Data):
    """The agent's own computer; a request is a group of facts."""

    name: Literal["host"]


Protocol = Annotated[
    AsciiProtocol
    | FrameProtocol
    | NecProtocol
    | EscVp21Protocol
    | PjlinkProtocol
    | HttpProtocol
    | JsonPostProtocol
    | RtspProtocol
    | NutProtocol
    | SnmpProtocol
    | DvbProtocol
    | CecProtocol
    | CommandProtocol
    | ConsoleProtocol
    | HostProtocol,
    Field(discriminator="name"),
]


class SetId(Data):
    """The number of one set on a line that several may share; stands for {set_id} in requests and patterns."""

    default: str
    pattern: WholeExpression
