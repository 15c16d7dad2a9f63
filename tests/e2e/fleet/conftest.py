"""Computers of schools as they are delivered: a clean Debian with systemd as its first process, on a line to the hub alone.

Each is a container (systemd-nspawn) with a root of its own: units, users, sandboxing, restarts are the real thing.
What differs from a Raspberry Pi: kernel and processor are this machine's, and no firmware starts before systemd.
"""

import fcntl
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.enrolment.views import AgentView
from hub.pki.authority import Authority
from hub.store.enrolment_views import EnrolmentViews
from hub.store.opening import open_there
from hub.trust.installing import key_pin, linux_line
from tests.e2e.conftest import crowd

ROOT = Path(__file__).parents[3]
CACHE = ROOT / "var" / "cache" / "debian"
MIRROR = "http://deb.debian.org/debian"
SUITE, PACKAGES = "bookworm", "systemd,systemd-sysv,python3,curl"
KEPT_S = 7 * 86_400
BOOT_S, CALL_S = 60.0, 240.0
HUB_ADDRESS = "10.77.0.1"
_NUMBERS = itertools.count(10)


def call(*command: str | Path, within_s: float = CALL_S) -> str:
    """stdout; fails with what the command said where it fails."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=within_s, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def wait_for(what: str, probe: Callable[[], Any], within_s: float = 180.0, witness: Callable[[], str] = str) -> Any:
    """`witness` is asked what it saw when nothing came in time, which a crowded machine has more of."""
    began = time.monotonic()
    while not (answer := probe()):
        waited = time.monotonic() - began
        assert waited < within_s * crowd(), f"waited {waited:.0f} s in vain for: {what}\n{witness()}"
        # Each look is a program or two: more often, they would take the processor from what is waited for.
        time.sleep(0.3)
    return answer


@pytest.fixture(scope="session")
def debian() -> Path:
    """A clean root, never started; kept for some days, since it takes a minute to make."""
    assert os.geteuid() == 0, "containers and network namespaces are root's: sudo make test"
    kept = CACHE / SUITE
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE.parent / "debian.lock").open("w") as lock:
        # Several processes of tests may come here at once: one makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make(kept)
    return kept


def _make(kept: Path) -> None:
    if not kept.is_dir() or time.time() - kept.stat().st_mtime > KEPT_S:
        shutil.rmtree(CACHE, ignore_errors=True)
        making = CACHE / f"{SUITE}.new"
        making.mkdir(parents=True)
        call("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, making, MIRROR, within_s=600)
        making.rename(kept)
        os.utime(kept)


class Network:
    """A bridge in the namespace of the hub; each computer has a namespace with a cable to it. No way leads out."""

    def __init__(self) -> None:
        self.name = f"dltv{os.getpid()}-{next(_NUMBERS)}"
        self._made: list[str] = []
        self._add(self.name)
        self.within("ip", "link", "add", "br0", "type", "bridge")
        self.within("ip", "address", "add", f"{HUB_ADDRESS}/24", "dev", "br0")
        self.within("ip", "link", "set", "br0", "up")

    def within(self, *command: str | Path) -> str:
        """A command where the hub is."""
        return call("ip", "netns", "exec", self.name, *command)

    def cable(self) -> tuple[str, str]:
        """A namespace for one computer, and its address."""
        number = next(_NUMBERS)
        name, address = f"{self.name}-{number}", f"10.77.0.{number}"
        self._add(name)
        self.within("ip", "link", "add", f"v{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        self.within("ip", "link", "set", f"v{number}", "master", "br0", "up")
        for command in (("address", "add", f"{address}/24", "dev", "eth0"), ("link", "set", "eth0", "up")):
            call("ip", "-n", name, *command)
        return name, address

    def remove(self) -> None:
        for name in reversed(self._made):
            call("ip", "netns", "delete", name)

    def _add(self, name: str) -> None:
        call("ip", "netns", "add", name)
        self._made.append(name)
        call("ip", "-n", name, "link", "set", "lo", "up")


@contextmanager
def a_network() -> Iterator[Network]:
    made = Network()
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def network() -> Iterator[Network]:
    with a_network() as made:
        yield made


@pytest.fixture(scope="module")
def module_network() -> Iterator[Network]:
    with a_network() as made:
        yield made


class Computer:
    """One at a school."""

    def __init__(self, root: Path, namespace: str, log: Path) -> None:
        self.root, self._namespace, self._log = root, namespace, log
        self._box: subprocess.Popen[bytes] | None = None
        self._first = 0

    def power_on(self, *, wait: bool = True) -> None:
        """Returns when systemd has started all that it starts."""
        command = [
            "systemd-nspawn",
            "--quiet",
            "--keep-unit",
            "--register=no",
            "--boot",
            "--console=pipe",
            "--link-journal=no",
        ]
        command += [f"--machine={self._namespace}", f"--directory={self.root}"]
        command += [f"--network-namespace-path=/run/netns/{self._namespace}"]
        with self._log.open("ab") as log:
            self._box = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._first = int(wait_for("the container", self._child))
        if wait:
            wait_for(
                "systemd",
                lambda: self.try_run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"),
            )

    def _child(self) -> str:
        """The first process within."""
        assert self._box is not None
        assert self._box.poll() is None, self._log.read_text("utf-8", "replace")
        children = Path(f"/proc/{self._box.pid}/task/{self._box.pid}/children").read_text("ascii").split()
        for child in children:
            if Path(f"/proc/{child}/comm").read_text("ascii").strip() == "systemd":
                return child
        return ""

    def power_cut(self) -> None:
        if self._box is not None:
            # With the first process of a namespace go all.
            if self._first:
                os.kill(self._first, signal.SIGKILL)
            self._box.wait(60)
            self._box, self._first = None, 0

    def try_run(self, *command: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """As root of the computer."""
        enter = [
            "nsenter",
            f"--target={self._first}",
            "--mount",
            "--uts",
            "--ipc",
            "--pid",
            "--net",
            "--cgroup",
            "--root",
            "--wdns=/",
        ]
        clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]
        words = list(map(str, [*enter, *clean, *command]))
        return subprocess.run(words, input=given, capture_output=True, text=True, timeout=CALL_S, check=False)

    def run(self, *command: str | Path, given: str = "") -> str:
        done = self.try_run(*command, given=given)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}\n{self.journal()}"
        return done.stdout

    def journal(self) -> str:
        return self.try_run("journalctl", "--no-pager", "--lines=60", "--output=short-monotonic").stdout

    def units(self) -> list[str]:
        """Of ours, those of which systemd knows more than a name.

        One whose file is gone may stay behind as a name until systemd reads all units again: it looks for such once, which may
        be before the last process of it is cleared away.
        """
        listed = self.run("systemctl", "list-units", "--all", "--no-legend", "--plain").splitlines()
        return [line for line in listed if "dltv" in line and "not-found inactive dead" not in " ".join(line.split())]

    def files(self) -> set[str]:
        """All that stands on its disk, but for what every running system writes."""
        left_out = ("proc", "sys", "dev", "run", "tmp", "var/log", "var/cache", "var/lib/systemd", "var/tmp", "root")
        # Timers of Debian itself, which a test may meet: apt's twice a day, dpkg's at midnight.
        left_out += ("var/lib/apt", "var/backups")
        found = set()
        for folder, folders, names in os.walk(self.root):
            place = os.path.relpath(folder, self.root)
            folders[:] = [
                each
                for each in folders
                if os.path.normpath(f"{place}/{each}") not in left_out and each != "__pycache__"
            ]
            found |= {os.path.normpath(f"{place}/{name}") for name in (*names, *folders)}
        return found


def _disk(debian: Path, folder: Path) -> Path:
    """A clean root to write into. What is written lies in memory: this machine's disk is others' too."""
    folder.mkdir()
    call("mount", "-t", "tmpfs", "-o", "size=1g,mode=0755", "tmpfs", folder)
    upper, work, root = (folder / name for name in ("upper", "work", "root"))
    for each in (upper, work, root):
        each.mkdir()
    call("mount", "-t", "overlay", "-o", f"lowerdir={debian},upperdir={upper},workdir={work}", "overlay", root)
    return root


@contextmanager
def computers(debian: Path, network: Network, folder: Path) -> Iterator[Callable[[], Computer]]:
    made: list[Computer] = []

    def make() -> Computer:
        namespace, _ = network.cable()
        root = _disk(debian, folder / f"disk-{namespace}")
        made.append(Computer(root, namespace, folder / f"{namespace}.log"))
        return made[-1]

    try:
        yield make
    finally:
        for computer in made:
            computer.power_cut()
            call("umount", computer.root)
            call("umount", computer.root.parent)


@pytest.fixture
def make_computer(debian: Path, network: Network, tmp_path: Path) -> Iterator[Callable[[], Computer]]:
    """make_computer(): a new one, switched off."""
    with computers(debian, network, tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def module_computers(
    debian: Path, module_network: Network, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Computer]]:
    with computers(debian, module_network, tmp_path_factory.mktemp("computers")) as make:
        yield make


@pytest.fixture
def computer(make_computer: Callable[..., Computer]) -> Computer:
    made = make_computer()
    made.power_on()
    return made


@pytest.fixture(scope="session")
def until() -> Callable[..., Any]:
    return wait_for


class Office:
    """The hub in its network, and what its people do."""

    group = "cpm3"

    def __init__(self, network: Network, folder: Path) -> None:
        self.network, self.folder, self.url = network, folder, f"https://{HUB_ADDRESS}:8443"
        self._programs: list[subprocess.Popen[bytes]] = []
        self.data, self.config, self.log = folder / "data", folder / "hub.toml", folder / "hub.log"
        folder.mkdir()
        self.settings()

    def settings(self, more: str = "") -> None:
        """The embedded broker, but for what `more` says."""
        mqtt = f'[mqtt]\nlisten = "{HUB_ADDRESS}:8883"\n' if "[broker]" not in more else ""
        self.config.write_text(
            f'data_dir = "{self.data}"\ngroups = ["{self.group}"]\n[http]\nlisten = "127.0.0.1:8080"\n'
            f'[devices]\nlisten = "{HUB_ADDRESS}:8443"\n{mqtt}{more}',
            "utf-8",
        )

    def run(self, *words: str | Path) -> str:
        """`dltv-hub …`"""
        return call(sys.executable, "-m", "hub", *words, "--config", self.config)

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """A program where the hub is."""
        words = ["ip", "netns", "exec", self.network.name, *map(str, command)]
        with self.log.open("ab") as log:
            self._programs.append(subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        return self._programs[-1]

    def open(self) -> None:
        self.start(sys.executable, "-m", "hub", "serve", "--config", self.config)
        wait_for("the hub", lambda: self.answers("8443"))

    def answers(self, port: str) -> bool:
        command = [
            "ip",
            "netns",
            "exec",
            self.network.name,
            "curl",
            "-sk",
            "-o",
            "/dev/null",
            f"https://{HUB_ADDRESS}:{port}/",
        ]
        return subprocess.run(command, timeout=60, check=False).returncode == 0

    def close(self) -> None:
        while self._programs:
            program = self._programs.pop()
            program.terminate()
            program.wait(60)

    def slip(self, school: str) -> tuple[str, str]:
        """The code, and the fingerprint of the hub."""
        told = self.run("enrol", "batch", "--schools", school)
        code, pin = re.search(r"(?:[A-Z0-9]{4}-){3}[A-Z0-9]{4}", told), re.search(r"[0-9a-f]{64}", told)
        assert code is not None, told
        assert pin is not None, told
        return code[0], pin[0]

    def line(self, school: str) -> str:
        """What the slip of the school says; without sudo, which a clean Debian has not."""
        pin = key_pin(Authority(self.data / "pki", int(time.time() * 1000)), "devices.key")
        return linux_line(self.url, pin, self.slip(school)[0]).replace("sudo ", "")

    def agent(self, school: str) -> AgentView | None:
        """What the hub knows of it."""
        with closing(open_there(f"sqlite:///{self.data / 'hub.db'}")) as store:
            views = EnrolmentViews(store).agents(int(time.time() * 1000), self.group)
            return next((each for each in views if each.node.name == school), None)

    def hears(self, school: str) -> bool:
        """Whether it has reported something since it joined."""
        agent = self.agent(school)
        return agent is not None and agent.online and agent.heard_at is not None


@contextmanager
def an_office(network: Network, folder: Path, bundle: Path) -> Iterator[Office]:
    made = Office(network, folder)
    (made.data / "bundles").mkdir(parents=True)
    call("cp", "-r", f"{bundle}/.", made.data / "bundles")
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def office(network: Network, tmp_path: Path, bundle: Path) -> Iterator[Office]:
    """With a bundle on its shelf, not yet open."""
    with an_office(network, tmp_path / "office", bundle) as made:
        yield made


@pytest.fixture(scope="module")
def module_office(module_network: Network, tmp_path_factory: pytest.TempPathFactory, bundle: Path) -> Iterator[Office]:
    with an_office(module_network, tmp_path_factory.mktemp("office") / "hub", bundle) as made:
        yield made


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shelf, with this version for this machine: made once for all processes of this run, and only read."""
    run = tmp_path_factory.getbasetemp()
    shelf = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "shelf"
    with shelf.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shelf.exists():
            making, machine = shelf.with_suffix(".new"), call("uname", "-m").strip()
            build = ("bundle", "build", "--out", making, "--platform", machine, "--python", "cp311")
            call(sys.executable, "-m", "hub", *build)
            making.rename(shelf)
    return shelf
