"""What a device and the hub say to each other over HTTPS: the one module of provisioning that the hub imports too.

Every shape is read strictly (type, length, form) and written in one way. What it does not know, a reader passes over,
so that either side may be newer. Whether what was said is true, others decide.
"""

import base64
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from provisioning.core.codes import ALPHABET, LENGTH, make_code, read_code, show_code
from provisioning.core.fields import MAX_BODY_BYTES, Fields
from provisioning.core.problems import STATUS, CodeMistyped, ContractError, ErrorCode

__all__ = [
    "ALPHABET", "CONFIGS", "ENROL", "ID", "LENGTH", "LETTER_HEADER", "MAX_BODY_BYTES", "NODE", "OUTCOME", "RENEW",
    "STATUS", "TRUST",
    "Assigned", "CodeMistyped", "ContractError", "EnrolRequest", "Enrolled", "ErrorCode", "Hardware", "Kind",
    "Letter", "Outcome", "Renewal", "Result", "Trust",
    "make_code", "read_code", "read_pin", "read_problem", "show_code", "signed_bytes", "write_problem",
]  # fmt: skip

TRUST, ENROL, RENEW, OUTCOME, NODE = "/v1/trust", "/v1/enrol", "/v1/renew", "/v1/outcome", "/v1/node"
"""GET the first, POST the others."""
CONFIGS, LETTER_HEADER = "/tuf/targets/config/", "X-Letter"
"""What stands below CONFIGS/<group>/<node>/ holds passwords of equipment: it is handed out to that node, who shows a letter to
the very path in this header."""

ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""Of a group or node: a level of a topic, the common name of a certificate, a name of a file."""
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*")
_BROKER = re.compile(r"mqtts://[^\s/@?#]+(:\d{1,5})?")
_HUB = re.compile(r"https://[^\s/@?#]+(:\d{1,5})?")
_PIN = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_PEM, _LETTER, _CONFIG, _NAME, _URL, _WHY = 8192, 16384, 16384, 64, 300, 500
_ROOTS = (1, 4)
_BROKERS = (1, 8)


class Kind(StrEnum):
    """Of what an outcome tells."""

    UPDATE = "update"
    CONFIG = "config"
    PROFILES = "profiles"


class Result(StrEnum):
    HEALTHY = "healthy"
    ROLLED_BACK = "rolled_back"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Trust:
    """Every root that counts, as PEM, and the hub's time (ms). Believed for one of them whose fingerprint is the pin."""

    roots: tuple[str, ...]
    time: int

    def encode(self) -> bytes:
        return _json({"roots": self.roots, "time": self.time})

    @classmethod
    def decode(cls, data: bytes) -> Self:
        told = Fields.read(data)
        return cls(told.texts("roots", _ROOTS, _PEM), told.moment("time"))


@dataclass(frozen=True, slots=True)
class Hardware:
    """What the device says it is; only shown to people, nothing is decided by it."""

    serial: str
    model: str
    os: str
    machine: str


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """The code as read_code gives it; the certificate request as PEM."""

    code: str
    csr: str
    hardware: Hardware

    def encode(self) -> bytes:
        hardware = {name: getattr(self.hardware, name) for name in Hardware.__slots__}
        return _json({"code": self.code, "csr": self.csr, "hardware": hardware})

    @classmethod
    def decode(cls, data: bytes) -> Self:
        told = Fields.read(data)
        hardware = told.part("hardware")
        described = Hardware(*(hardware.text(name, 200, least=0) for name in Hardware.__slots__))
        return cls(read_code(told.text("code", 64)), told.lines("csr", _PEM), described)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """All that a device needs to report. `chain` stands between the certificate and the older roots (cross-certificates)."""

    group: str
    node: str
    host_id: str
    certificate: str
    chain: tuple[str, ...]
    trust: tuple[str, ...]
    brokers: tuple[str, ...]
    hub: str
    time: int
    config: str | None = None

    def encode(self) -> bytes:
        return _json({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def decode(cls, data: bytes) -> Self:
        told = Fields.read(data)
        return cls(
            group=told.text("group", _NAME, ID),
            node=told.text("node", _NAME, ID),
            host_id=told.text("host_id", _NAME, least=0),
            certificate=told.lines("certificate", _PEM),
            chain=told.texts("chain", (0, _ROOTS[1]), _PEM),
            trust=told.texts("trust", _ROOTS, _PEM),
            brokers=told.texts("brokers", _BROKERS, _URL, _BROKER),
            hub=told.text("hub", _URL, _HUB),
            time=told.moment("time"),
            config=told.lines("config", _CONFIG) if told.has("config") else None,
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A request that the node's key signed. Holds also where the certificate has expired, which TLS would refuse."""

    certificate: str
    at: int
    letter: str
    signature: str

    def encode(self) -> bytes:
        return _json({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def decode(cls, data: bytes) -> Self:
        told = Fields.read(data)
        return cls(
            told.lines("certificate", _PEM),
            told.moment("at"),
            told.lines("letter", _LETTER),
            told.text("signature", 200, _SIGNATURE),
        )

    def signed(self, path: str) -> bytes:
        return signed_bytes(path, self.at, self.letter)

    def header(self) -> str:
        """As it stands in LETTER_HEADER."""
        return base64.b64encode(self.encode()).decode()

    @classmethod
    def of_header(cls, shown: str) -> Self:
        try:
            return cls.decode(base64.b64decode(shown.encode(), validate=True))
        except ValueError:
            raise ContractError("the letter in the header cannot be read", ErrorCode.LETTER_REFUSED) from None


def signed_bytes(path: str, at: int, letter: str) -> bytes:
    """What a letter's signature is over (ECDSA with SHA-256, as DER, then base64). `path`: RENEW, OUTCOME, NODE, a file's."""
    return f"{at}\n{path}\n{letter}".encode()


@dataclass(frozen=True, slots=True)
class Renewal:
    """The body of a letter to RENEW; answered with Enrolled."""

    csr: str

    def encode(self) -> str:
        return _json({"csr": self.csr}).decode()

    @classmethod
    def decode(cls, letter: str) -> Self:
        return cls(Fields.read(letter.encode()).lines("csr", _PEM))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The body of a letter to OUTCOME: what became of something that the device was given to run. Answered with {}."""

    kind: Kind
    version: str
    result: Result
    why: str

    def encode(self) -> str:
        return _json({name: getattr(self, name) for name in self.__slots__}).decode()

    @classmethod
    def decode(cls, letter: str) -> Self:
        told = Fields.read(letter.encode())
        kind, result = told.text("kind", 16), told.text("result", 16)
        if kind not in list(Kind) or result not in list(Result):
            raise ContractError("kind, result: not of those that were agreed")
        return cls(Kind(kind), told.text("version", _NAME, _VERSION), Result(result), told.text("why", _WHY, least=0))


@dataclass(frozen=True, slots=True)
class Assigned:
    """Answers a letter `{}` to NODE: the versions that it should run now (None: nothing was decided), and where the hub is."""

    release: str | None
    config: str | None
    profiles: str | None
    trust: tuple[str, ...]
    brokers: tuple[str, ...]
    hub: str

    def encode(self) -> bytes:
        return _json({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def decode(cls, data: bytes) -> Self:
        told = Fields.read(data)
        release, config, profiles = (
            told.text(name, _NAME, _VERSION) if told.has(name) else None for name in ("release", "config", "profiles")
        )
        trust = told.texts("trust", _ROOTS, _PEM)
        brokers = told.texts("brokers", _BROKERS, _URL, _BROKER)
        return cls(release, config, profiles, trust, brokers, told.text("hub", _URL, _HUB))


def write_problem(code: ErrorCode, message: str) -> bytes:
    return _json({"error": {"code": code, "message": message}})


def read_problem(data: bytes) -> ContractError:
    """What an answer that is no success says. Raises ContractError itself where it says nothing that was agreed."""
    told = Fields.read(data).part("error")
    code = told.text("code", 40)
    return ContractError(
        told.text("message", _WHY, least=0), ErrorCode(code) if code in list(ErrorCode) else ErrorCode.OTHER
    )


def read_pin(typed: str) -> str:
    """The SHA-256 of a root's DER as 64 hexadecimal digits; may be written in groups. Raises ContractError."""
    pin = re.sub(r"[\s:-]", "", typed).lower()
    if not _PIN.fullmatch(pin):
        raise ContractError("a fingerprint has 64 hexadecimal digits")
    return pin


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
