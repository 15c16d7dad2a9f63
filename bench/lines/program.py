"""A program in the bench's directory that behaves like one of the system's, for equipment that is asked through a command.

The file is a launcher: it hands its arguments and what stands on its standard input to the bench over a Unix socket, prints what
comes back and ends with the exit code it is told. The file stays when the device loses power; what it says then is the plug's.
"""

import contextlib
import json
import socket
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.control import MAX_PATH_BYTES
from bench.errors import SettingsMistake
from bench.lines.trouble import Trouble
from bench.live import Moment
from bench.stations import Call, Printed, ProgramPlug

MAX_CALL = 64 * 1024
LAUNCHER = """#!{python}
import json, socket, sys
typed = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read(4096)
with socket.socket(socket.AF_UNIX) as bench:
    bench.connect({path!r})
    bench.sendall(json.dumps({{"arguments": sys.argv[1:], "typed": typed}}).encode() + b"\\n")
    with bench.makefile("rb") as lines:
        told = json.loads(lines.readline() or b'{{"out": "", "err": "", "code": 1}}')
sys.stdout.buffer.write(told["out"].encode("latin-1"))
sys.stderr.write(told["err"])
sys.exit(told["code"])
"""


class Program:
    def __init__(self, directory: Path, plug: ProgramPlug, trouble: Trouble) -> None:
        self.path = directory / plug.name
        self._socket_path = directory / f".{plug.name}.sock"
        self._plug = plug
        self._trouble = trouble
        self._closing = threading.Event()
        self._listener: socket.socket | None = None

    def open(self) -> None:
        """Raises SettingsMistake where the name is taken by something that is no such program."""
        if self._listener is not None:
            return
        if self.path.exists() and not self.path.read_bytes().startswith(b"#!"):
            raise SettingsMistake(self.path, "", "is in the way of the program", "remove it, or choose another --dir")
        if len(bytes(self._socket_path)) > MAX_PATH_BYTES:
            raise SettingsMistake(self._socket_path, "", "too long for a socket", "choose a shorter --dir")
        if _answers(self._socket_path):
            raise SettingsMistake(
                self.path, "", "is another device's program", "give each one its own name ('program')"
            )
        self._socket_path.unlink(missing_ok=True)
        self._listener, self._closing = socket.socket(socket.AF_UNIX), threading.Event()
        self._listener.bind(str(self._socket_path))
        self._listener.listen(8)
        self.path.write_text(LAUNCHER.format(python=sys.executable, path=str(self._socket_path.absolute())))
        self.path.chmod(0o755)
        threading.Thread(target=self._serve, args=(self._listener,), name=self.path.name, daemon=True).start()

    def close(self) -> None:
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._closing.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for path in (self._socket_path, self.path):
            path.unlink(missing_ok=True)

    def present(self, _moment: Moment) -> bool:
        return True

    def place(self) -> str:
        return str(self.path)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=(caller,), name=self.path.name, daemon=True).start()

    def _attend(self, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError, ValueError, KeyError), caller.makefile("rb") as lines:
            call = json.loads(lines.readline(MAX_CALL))
            printed = self._plug.run(Call(tuple(call["arguments"]), call["typed"]))
            answer = self._trouble.spoil((printed.out or printed.err).encode())
            if answer.data is None:
                # Nothing comes: the program hangs until whoever started it has had enough.
                lines.read(1)
            elif not (answer.after_s and self._closing.wait(answer.after_s)):
                caller.sendall(json.dumps(_told(printed, answer.data)).encode() + b"\n")


def _answers(path: Path) -> bool:
    """Whether somebody serves there, or only a bench that died left its socket."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0


def _told(printed: Printed, data: bytes) -> dict[str, Any]:
    """What came of it on the way takes the place of what it said, on the same one of its two outputs."""
    text = data.decode("latin-1")
    return asdict(printed) | ({"out": text} if printed.out else {"err": text})
