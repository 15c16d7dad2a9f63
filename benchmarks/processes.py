"""What processes take of a computer, as the kernel counts it: processor time, memory, bytes to the disk, fsyncs. Linux."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

import psutil

_PATH = "/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin"
_CALLS = ("fsync", "fdatasync", "sync_file_range", "msync")


@dataclass(frozen=True, slots=True)
class Taken:
    """By a process and its children, since they began; pss_mb: at this moment."""

    cpu_s: float
    pss_mb: float
    written: int


def of_process(pid: int) -> Taken:
    """Raises ProcessLookupError where it has ended."""
    taken = [_alone(pid)]
    for child in _children(pid):
        # Some come and go.
        with suppress(OSError):
            taken.append(_alone(child))
    return Taken(*(sum(figures) for figures in zip(*(astuple(each) for each in taken), strict=True)))


def cpu_of(pid: int) -> float:
    """Seconds of that process alone so far; 0 where it has ended."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def cpu_of_all(pid: int) -> float:
    """Seconds that a process, those that it has started and those of them that have ended took so far; 0 where it has ended."""
    spent = 0.0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for each in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                spent += sum(each.cpu_times()[:4])
    return spent


def postmaster(folder: Path) -> int:
    """The process of PostgreSQL that was started on the data in this folder, and that has started all others there."""
    for each in psutil.process_iter(["name", "cmdline"]):
        if each.info["name"] == "postgres" and str(folder / "data") in (each.info["cmdline"] or ()):
            return int(each.pid)
    raise ProcessLookupError(f"no PostgreSQL runs on {folder}")


def _alone(pid: int) -> Taken:
    return Taken(_cpu_s(pid), _pss_mb(pid), _written(pid))


def _children(pid: int) -> Iterator[int]:
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, file.read_text().split()):
            yield child
            yield from _children(child)


def _cpu_s(pid: int) -> float:
    """All its threads together."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def _pss_mb(pid: int) -> float:
    return _named(Path(f"/proc/{pid}/smaps_rollup"), "Pss") * 1024 / 1e6


def _written(pid: int) -> int:
    """Pages that it made dirty, in bytes: what goes to the disk sooner or later."""
    return _named(Path(f"/proc/{pid}/io"), "write_bytes")


def _named(file: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", file.read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


@contextmanager
def process(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Iterator[int]:
    words = list(map(str, command))
    with subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            yield running.pid
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()


@contextmanager
def broker(folder: Path, queued: int = 0) -> Iterator[tuple[int, int]]:
    """A Mosquitto that lets everybody in and keeps nothing, on the loopback: its process and its port.

    queued: messages that may wait for one client, the hub; 0: as many as there are
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    lines = [f"listener {port} 127.0.0.1", "allow_anonymous true", "set_tcp_nodelay true"]
    lines += [f"max_queued_messages {queued}", "max_queued_bytes 67108864"] if queued else ["max_queued_messages 0"]
    settings = folder / "mosquitto.conf"
    settings.write_text("\n".join([*lines, "persistence false", ""]))
    with process([mosquitto(), "-c", settings]) as pid:
        wait_for_port(port)
        yield pid, port


def mosquitto() -> str:
    """The program."""
    return shutil.which("mosquitto", path=_PATH) or "mosquitto"


def wait_for_port(port: int, within_s: float = 30.0) -> None:
    """Until somebody listens there; who asks for more finds out whether it was in vain."""
    until = time.monotonic() + within_s
    while not _listens(port) and time.monotonic() < until:
        time.sleep(0.05)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


class Fsyncs:
    """How many there were; None where nobody can count them. Ask after counting has ended."""

    count: int | None = None


@contextmanager
def counting_fsyncs(pid: int) -> Iterator[Fsyncs]:
    """By perf, of all threads of a process and of those that it starts."""
    found = Fsyncs()
    command = shutil.which("perf")
    if command is None or os.geteuid() != 0:
        yield found
        return
    events = ",".join(f"syscalls:sys_enter_{call}" for call in _CALLS)
    words = [command, "stat", "--no-big-num", "--field-separator=;", "--event", events, "--pid", str(pid)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as counting:
        try:
            yield found
        finally:
            counting.send_signal(signal.SIGINT)
            told = counting.communicate()[1]
            counts = [line.split(";")[0] for line in told.splitlines() if "sys_enter" in line]
            found.count = sum(map(int, counts)) if counts and all(each.isdecimal() for each in counts) else None
