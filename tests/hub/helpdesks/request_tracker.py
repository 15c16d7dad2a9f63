"""A Request Tracker 5 of Debian for one run of the tests: its own database, settings and port, on loopback."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

SETUP = (
    shutil.which("rt-setup-database-5", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    or "/usr/sbin/rt-setup-database-5"
)
SERVER = "/usr/share/request-tracker5/libexec/rt-server"
USER, PASSWORD = "root", "password"
_SETTINGS = """
Set($rtname, 'district');
Set($Organization, 'district.example');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($WebPath, '');
Set($WebBaseURL, 'http://127.0.0.1:{port}');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rtdb');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set($MailCommand, 'testfile');
Set($WebSecureCookies, 0);
Set($MasonDataDir, '{folder}/mason');
Set($MasonSessionDir, '{folder}/sessions');
1;
"""


@dataclass(frozen=True)
class Tracker:
    url: str

    def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """As a person of the help desk."""
        return httpx.request(method, f"{self.url}/REST/2.0{path}", json=body, auth=(USER, PASSWORD), timeout=60)


@contextmanager
def running(folder: Path) -> Iterator[Tracker]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for name in ("mason", "sessions", "none"):
        (folder / name).mkdir()
    (folder / "site.pm").write_text(_SETTINGS.format(port=port, folder=folder))
    environment = {**os.environ, "RT_SITE_CONFIG": f"{folder}/site.pm", "RT_SITE_CONFIG_DIR": f"{folder}/none"}
    subprocess.run(
        [SETUP, "--action", "init", "--skip-create"], env=environment, check=True, capture_output=True, timeout=90
    )
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [SERVER, "--server", "Standalone", "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            tracker = Tracker(f"http://127.0.0.1:{port}")
            _wait(tracker, server)
            yield tracker
        finally:
            server.terminate()
            server.wait(60)


def _wait(tracker: Tracker, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "Request Tracker ended"
        try:
            if tracker.ask("GET", "/rt").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("Request Tracker does not answer")
