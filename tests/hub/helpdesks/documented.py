"""Servers that answer as the API documents of GLPI and Zammad say: what they show is only that the adapters keep to these."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, object]
Asked = Callable[[str, str, dict[str, str], dict[str, str], Any], Answer]


@dataclass
class Documented:
    """asked: how it answers method, path, parameters, headers and body."""

    asked: Asked
    port: int = 0
    log: list[tuple[str, str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Talk(BaseHTTPRequestHandler):
    timeout = 5

    def _answer(self) -> None:
        one: Documented = cast(Any, self.server).one
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        one.log.append((self.command, parts.path, body))
        status, said = one.asked(self.command, parts.path, params, headers, body)
        content = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        """Every method is asked in the same way."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


@contextmanager
def documented(asked: Asked) -> Iterator[Documented]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Talk) as server:
        one = Documented(asked, server.server_address[1])
        server.one = one  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield one
        server.shutdown()
        thread.join()
