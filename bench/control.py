"""The bench's control socket: one JSON object a line over a Unix socket, answered by one JSON object.

Only who may write into the bench's directory may use it; what the requests mean is desk.py's.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.errors import AlreadyRunning, NotRunning, SettingsMistake

MAX_LINE = 4096
MAX_ANSWER = 1024 * 1024
# What sun_path of a Unix address holds, less its closing zero.
MAX_PATH_BYTES = 107
TIMEOUT_S = 5.0
Json = dict[str, Any]


class ControlSocket:
    def __init__(self, path: Path, handle: Callable[[Json], Json]) -> None:
        self.path = path
        self._handle = handle
        self._listener: socket.socket | None = None

    def open(self) -> None:
        """Raises AlreadyRunning where another bench answers there, SettingsMistake where the path is too long."""
        if len(bytes(self.path)) > MAX_PATH_BYTES:
            raise SettingsMistake(self.path, "", "too long for a control socket", "choose a shorter --dir")
        if _answers(self.path):
            raise AlreadyRunning(f"{self.path}: a bench runs here already; stop it, or choose another --dir")
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self.path.chmod(0o600)
        self._listener.listen(4)
        threading.Thread(target=self._serve, args=(self._listener,), name="control", daemon=True).start()

    def close(self) -> None:
        if self._listener is None:
            return
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller, contextlib.suppress(OSError):
                caller.settimeout(TIMEOUT_S)
                caller.sendall(_line(self._answer(_read_line(caller))))

    def _answer(self, line: bytes) -> Json:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        if not isinstance(request, dict):
            return {"ok": False, "problem": "a request is one JSON object on one line"}
        return self._handle(request)


def ask(path: Path, request: Json) -> Json:
    """Raises NotRunning where nobody answers in time."""
    try:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(TIMEOUT_S)
            caller.connect(str(path))
            caller.sendall(_line(request))
            answer = json.loads(_read_line(caller, MAX_ANSWER))
    except (OSError, ValueError):
        raise NotRunning(f"no bench answers at {path}; start it with 'make run' (or 'dltv-bench run')") from None
    if not isinstance(answer, dict):
        raise NotRunning(f"{path} is no bench; name the bench's directory with --dir")
    return answer


def _answers(path: Path) -> bool:
    try:
        ask(path, {"do": "list"})
    except NotRunning:
        return False
    return True


def _line(document: Json) -> bytes:
    return json.dumps(document).encode() + b"\n"


def _read_line(caller: socket.socket, limit: int = MAX_LINE) -> bytes:
    data = b""
    while b"\n" not in data and len(data) < limit:
        chunk = caller.recv(MAX_LINE)
        if not chunk:
            break
        data += chunk
    return data.partition(b"\n")[0]
