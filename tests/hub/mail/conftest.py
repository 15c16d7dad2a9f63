"""A mail server on loopback that speaks as much of RFC 5321 as a hub needs, and remembers what it took."""

import base64
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest

from hub.store.engine import open_engine, upgrade
from hub.store.unit_of_work import Store
from tests.stores import database


@dataclass
class Taken:
    sender: str
    to: str
    message: EmailMessage


@dataclass
class MailServer:
    """answers   what it says to a command in place of the usual
    papers    what it is encrypted with: from the start where `from_the_start`, else when it is asked to
    """

    password: str | None = None
    port: int = 0
    papers: ssl.SSLContext | None = None
    from_the_start: bool = False
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Talk(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        self.mail: MailServer = cast(Any, self.server).mail
        self.sender = self.to = ""
        self.encrypted = False
        if self.mail.from_the_start:
            self._encrypt()
        self._say("220 mail.example ready")
        while line := self.rfile.readline(2000).decode("ascii").strip():
            verb = line.partition(" ")[0].upper()
            self.mail.said.append(verb)
            if verb in self.mail.answers:
                self._say(self.mail.answers[verb])
            else:
                getattr(self, f"on_{verb.lower()}")(line)
            if verb == "QUIT":
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def on_ehlo(self, _line: str) -> None:
        offers = ["AUTH PLAIN"] if self.mail.password else []
        offers += ["STARTTLS"] if self.mail.papers and not self.encrypted else []
        self._say(*(f"250-{each}" for each in ("mail.example", *offers)), "250 HELP")

    def on_starttls(self, _line: str) -> None:
        self._say("220 go on")
        self._encrypt()

    def _encrypt(self) -> None:
        assert self.mail.papers is not None
        self.request = self.mail.papers.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
        self.encrypted = True

    def on_auth(self, line: str) -> None:
        *_, given = base64.b64decode(line.rpartition(" ")[2]).decode().split("\0")
        self._say("235 welcome" if given == self.mail.password else f"535 {given} is wrong")

    def on_mail(self, line: str) -> None:
        self.sender = line[line.index("<") + 1 : line.index(">")]
        self._say("250 ok")

    def on_rcpt(self, line: str) -> None:
        self.to = line[line.index("<") + 1 : line.index(">")]
        self._say("250 ok")

    def on_data(self, _line: str) -> None:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline(2000)) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        message = cast(EmailMessage, message_from_bytes(b"".join(lines), policy=default))
        self.mail.taken.append(Taken(self.sender, self.to, message))
        self._say("250 taken")

    def on_rset(self, _line: str) -> None:
        self._say("250 ok")

    def on_quit(self, _line: str) -> None:
        self._say("221 bye")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is none of our worries."""


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with _Server(("127.0.0.1", 0), _Talk) as server:
        one = MailServer(port=server.server_address[1])
        server.mail = one  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield one
        server.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    opened = Store(engine)
    yield opened
    opened.close()


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait for a condition, ten seconds at most."""

    def wait(holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < deadline, "waited in vain"
            threading.Event().wait(0.01)

    return wait
