"""A district in one process: a hub that speaks real HTTPS, with real certificates and a real repository of signed releases, and a
device of which disk, identity and downloads are real; its time, services and Python environments alone are simulated.
"""

import io
import json
import shutil
import ssl
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from hub.core.equipment import NodeKey
from hub.pki.authority import Authority
from hub.pki.kept import keep_server
from hub.pki.tls import server_context
from hub.releases.repository import SignedRepository
from provisioning.adapters.files import DiskFiles
from provisioning.adapters.https_hub import HttpsHubs
from provisioning.adapters.tuf_repository import TufRepositories
from provisioning.app import Place, Provisioning, assemble, parts_of
from provisioning.core.contract import (
    NODE,
    OUTCOME,
    RENEW,
    STATUS,
    TRUST,
    Assigned,
    ContractError,
    Enrolled,
    EnrolRequest,
    ErrorCode,
    Hardware,
    Letter,
    Outcome,
    Renewal,
    Trust,
    make_code,
    write_problem,
)
from provisioning.core.layout import COMPLETE, Layout
from provisioning.services.enrolling import Slip
from wire.handoff import Health

NOW = 1_790_000_000_000
DAY_MS = 86_400_000
PLATFORM = "x86_64"
CODE = make_code([1] * 15)
OTHER_CODE = make_code([2] * 15)
NODE_KEY = NodeKey("cpm3", "36012")
HARDWARE = Hardware("1", "board", "system", "machine")
BROKER = "mqtts://127.0.0.1:8883"
CONFIG = 'log_level = "debug"\n'
HEALTHY, SILENT, DEAF, OBJECTING, CRASHING = "healthy", "silent", "deaf", "objecting", "crashing"
"""How the agent of a release behaves."""


@dataclass
class DistrictHub:
    """What the real hub keeps in its database stands in plain attributes here; tests change them."""

    folder: Path
    now: int = NOW
    days: float = 90.0
    codes: dict[str, str | None] = field(default_factory=lambda: {CODE: None, OTHER_CODE: None})
    """Code to the request that used it."""
    refusal: ErrorCode | None = None
    newest: dict[str, str] = field(default_factory=dict)
    assigned: dict[str, str | None] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    told_address: str | None = None
    spoil: Callable[[str, bytes], bytes | None] = lambda path, data: data
    """What a bad line does with a file of the repository; None: nothing comes."""

    def __post_init__(self) -> None:
        self.authority = Authority(self.folder / "pki", self.now)
        self.repository = SignedRepository(self.folder / "repository", self.folder / "online")
        self.repository.begin(self.folder / "offline", self.now)
        self.server = self._serve()

    def _serve(self) -> "_Server":
        server = _Server(("127.0.0.1", 0), _Handler)
        server.hub = self
        kept = keep_server(self.authority, "devices", ["127.0.0.1"], self.now)
        server.socket = server_context(kept).wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def move(self) -> None:
        """To another address."""
        self.close()
        self.server = self._serve()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.server.server_address[1]}"

    @property
    def slip(self) -> Slip:
        return Slip(self.address, self.authority.active.fingerprint, CODE)

    def offer(self, version: str, behaviour: str = HEALTHY, *, called: str | None = None) -> None:
        bundle = bundle_of(called or version, behaviour)
        self.publish({f"releases/{version}/{PLATFORM}.zip": bundle})

    def publish(self, files: dict[str, bytes], role: str = "targets") -> None:
        self.repository.add(role, files, self.now, self.folder / "offline")

    def run(self, release: str | None = None, config: str | None = None, profiles: str | None = None) -> None:
        self.assigned = {"release": release, "config": config, "profiles": profiles}

    def answer(self, path: str, body: bytes) -> bytes:
        """Raises ContractError."""
        if self.refusal is not None and path != TRUST:
            raise ContractError("as the test has it", self.refusal)
        match path:
            case "/v1/trust":
                return Trust(self.authority.trust, self.now).encode()
            case "/v1/enrol":
                return self._enrol(EnrolRequest.decode(body)).encode()
        letter = Letter.decode(body)
        assert self.authority.sender(letter, path)[0] == NODE_KEY
        if path == RENEW:
            return self._renew(Renewal.decode(letter.letter).csr).encode()
        if path == OUTCOME:
            self.outcomes.append(Outcome.decode(letter.letter))
            return b"{}"
        assert path == NODE
        told = {name: self.assigned.get(name) for name in ("release", "config", "profiles")}
        return Assigned(**told, trust=self.authority.trust, brokers=(BROKER,), hub=self._told).encode()

    @property
    def _told(self) -> str:
        return self.told_address or self.address

    def _enrol(self, request: EnrolRequest) -> Enrolled:
        if request.code not in self.codes:
            raise ContractError("no such code", ErrorCode.CODE_UNKNOWN)
        key = self.authority.requested(request.csr)
        if self.codes[request.code] not in (None, key):
            raise ContractError("used", ErrorCode.CODE_USED)
        self.codes[request.code] = key
        return self._enrolled(request.csr, key)

    def _renew(self, csr: str) -> Enrolled:
        return self._enrolled(csr, self.authority.requested(csr) + f" {self.now // DAY_MS}")

    def _enrolled(self, csr: str, key: str) -> Enrolled:
        if key not in self.newest:
            self.newest[key] = self.authority.node(csr, NODE_KEY, self.days, self.now).pem
        group, node = NODE_KEY.group, NODE_KEY.name
        chain, trust = self.authority.chain, self.authority.trust
        told = self._told
        return Enrolled(group, node, f"hub-{group}", self.newest[key], chain, trust, (BROKER,), told, self.now, CONFIG)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    hub: "DistrictHub"


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        hub = self.server.hub
        hub.asked.append(self.path)
        if self.path == TRUST:
            self._answer(200, hub.answer(TRUST, b""))
            return
        path = hub.folder / "repository" / self.path.removeprefix("/tuf/")
        data = hub.spoil(self.path, path.read_bytes()) if path.is_file() else None
        if data is None:
            self._answer(404, b"")
            return
        begin = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self._answer(206 if begin else 200, data[begin:])

    def do_POST(self) -> None:
        hub = self.server.hub
        hub.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self._answer(200, hub.answer(self.path, body))
        except ContractError as error:
            self._answer(STATUS.get(error.code, 400), write_problem(error.code, str(error)))

    def _answer(self, status: int, data: bytes) -> None:
        whole = data.removesuffix(BREAK)
        self.send_response(status)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole if whole == data else whole[: len(whole) // 2])

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True


BREAK = b"<the line breaks here>"
"""At the end of what a bad line gives back: only a half is sent, then the connection ends."""


def bundle_of(version: str, behaviour: str) -> bytes:
    told = {"format": 1, "version": version, "platform": PLATFORM, "pip": "pip-1-py3-none-any.whl"}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in (("release.json", json.dumps(told)), ("behaviour", behaviour), ("version", version)):
            archive.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


@dataclass
class SimulatedClock:
    """Nobody waits: a sleep moves it on."""

    utc: int = NOW
    mono: float = 0.0
    synchronised: bool = False
    settable: bool = True

    def utc_ms(self) -> int:
        return self.utc + int(self.mono * 1000)

    def mono_s(self) -> float:
        return self.mono

    def sleep(self, seconds: float) -> None:
        self.mono += seconds

    def is_synchronised(self) -> bool:
        return self.synchronised

    def set_utc_ms(self, now: int) -> bool:
        if self.settable:
            self.utc = now - int(self.mono * 1000)
        return self.settable


class SimulatedWorkshop:
    """An environment is a folder with the files of the bundle."""

    def build(self, bundle: Path, requirements: str, into: Path) -> None:
        into.mkdir()
        for name in ("behaviour", "version"):
            shutil.copyfile(bundle / name, into / name)

    def objection(self, release: Path, config: Path) -> str | None:
        if "refuse-me" in config.read_text("utf-8"):
            return f"{config}: refuse-me is wrong"
        return "it objects" if _behaviour(release) == OBJECTING else None

    def doubt(self, provisioner: Path) -> str | None:
        return "it cannot" if _behaviour(provisioner) == OBJECTING else None


class SimulatedServices:
    """The agent of the current release, as far as this program sees it. What runs, a file says: it outlives this process."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._runs = layout, layout.own / "runs"
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")
        if not self.is_running():
            self._run()

    def restart(self) -> None:
        self.calls.append("restart")
        self._run()

    def reload(self) -> None:
        self.calls.append("reload")

    def is_running(self) -> bool:
        return self._runs.exists()

    def remove(self) -> None:
        self.calls.append("remove")
        self._runs.unlink(missing_ok=True)

    def _run(self) -> None:
        self._runs.parent.mkdir(parents=True, exist_ok=True)
        self._runs.touch()
        release = self._layout.current
        if not release.is_dir():
            return
        version, behaviour = (release / "version").read_text(), _behaviour(release)
        if behaviour in (HEALTHY, DEAF):
            Health(version, NOW, NOW if behaviour == HEALTHY else None).write(self._layout.state)


def _behaviour(environment: Path) -> str:
    return (environment / "behaviour").read_text()


class ImpatientFiles(DiskFiles):
    """Does not wait for what the rest of this machine writes: a killed process loses nothing of what it wrote."""

    def settle(self) -> None:
        pass


@dataclass
class Device:
    """A computer at a school. `opened` is one run of the program; the disk stays."""

    root: Path
    clock: SimulatedClock = field(default_factory=SimulatedClock)

    def __post_init__(self) -> None:
        self.layout = Layout.linux(self.root)
        for folder in (self.layout.state, self.layout.own, self.layout.settings):
            folder.mkdir(parents=True, exist_ok=True)
        self.services = SimulatedServices(self.layout)

    def opened(self) -> Provisioning:
        parts, files = parts_of(Place(self.root, "process")), ImpatientFiles()
        simulated = replace(
            parts,
            platform=PLATFORM,
            files=files,
            clock=self.clock,
            hubs=HttpsHubs(self.clock),
            repositories=TufRepositories(self.layout, files, self.clock),
            workshop=SimulatedWorkshop(),
            services=self.services,
        )
        return assemble(simulated)

    def install(self, version: str = "1", behaviour: str = HEALTHY) -> None:
        bundle = self.root / "bundle.zip"
        bundle.write_bytes(bundle_of(version, behaviour))
        self.opened().installing.install(bundle)

    def enrol(self, hub: DistrictHub) -> None:
        self.opened().enrolling.enrol(hub.slip, HARDWARE)

    @property
    def release(self) -> str:
        return self.layout.current.resolve().name

    @property
    def releases(self) -> set[str]:
        return {path.parent.name for path in self.layout.releases.glob(f"*/{COMPLETE}")}

    @property
    def works(self) -> bool:
        """An agent could be started at this moment: a whole release, and an identity of which key and certificate fit."""
        identity = self.opened().identity
        whole = (self.layout.current / COMPLETE).exists() and (self.layout.current / "behaviour").exists()
        context = ssl.create_default_context(cafile=str(self.layout.identity / "trust.pem"))
        context.load_cert_chain(self.layout.identity / "certificate.pem", self.layout.identity / "key.pem")
        return whole and identity.held() is not None and self.layout.config.exists()


@contextmanager
def district(folder: Path) -> Iterator[DistrictHub]:
    hub = DistrictHub(folder)
    try:
        yield hub
    finally:
        hub.close()


def wait_for(true: Callable[[], bool], within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
