"""What an agent of a benchmark speaks with beside its equipment: a broker with certificates, and the Internet."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.certificates import Issuer
from benchmarks.processes import process, wait_for_port


@contextmanager
def broker_of(folder: Path, issuer: Issuer, name: str) -> Iterator[int]:
    """Mosquitto as the hub sets it up: TLS 1.2 or later, certificates of both sides."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    pair, settings = issuer.issue(f"broker-{name}"), folder / f"{name}.conf"
    lines = [f"listener {port} 127.0.0.1", f"cafile {issuer.ca}", f"certfile {pair.certificate}", f"keyfile {pair.key}"]
    lines += ["require_certificate true", "use_identity_as_username true", "allow_anonymous true", "persistence false"]
    settings.write_text("\n".join([*lines, "user root", ""]))
    command = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    with process([command, "-c", settings]):
        wait_for_port(port)
        yield port


@contextmanager
def open_port() -> Iterator[int]:
    """Takes connections and closes them: what the agent asks for the Internet."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def _accept(server: socket.socket) -> None:
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return
