"""Where rounds happen: processes, mounts and network of their own, seen by nobody else and gone with them.

Disks are small file systems in memory that really run full; the line between school and office is a real one (veth), which can be
pulled, and made thin and lossy by the kernel's own means (tc, nft).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

OFFICE, SCHOOL = "10.77.0.1", "10.77.0.2"
_INSIDE = "DLTV_CHAOS_INSIDE"
_APART = ("--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
_WITHIN_S = 300


def go_apart(arguments: Sequence[str]) -> None:
    """This program once more, where it disturbs nobody. Does not return, but for there."""
    if _INSIDE in os.environ:
        call("ip", "link", "set", "lo", "up")
        return
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        raise SystemExit("chaos needs namespaces of its own: run it as root, with util-linux")
    words = ["unshare", *_APART, sys.executable, "-m", "tests.chaos", *arguments]
    os.execvpe(words[0], words, {**os.environ, _INSIDE: "1"})


def call(*command: str | Path, standard_input: str | None = None) -> None:
    """Fails with what the command said where it fails."""
    words = list(map(str, command))
    done = subprocess.run(words, input=standard_input, capture_output=True, text=True, timeout=_WITHIN_S, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


class SmallDisk:
    """A file system with so much room and no more."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self.place = place
        place.mkdir(parents=True)
        call("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "chaos", place)

    def fill(self) -> None:
        """To the last byte: whoever writes now is told that there is no room (ENOSPC)."""
        with (self.place / "ballast").open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                self._write(file.fileno(), bytes(size))

    def free(self) -> None:
        (self.place / "ballast").unlink(missing_ok=True)

    def remove(self) -> None:
        call("umount", "--lazy", self.place)

    @staticmethod
    def _write(number: int, piece: bytes) -> None:
        try:
            while os.write(number, piece) == len(piece):
                pass
        except OSError:
            return


class Line:
    """The cable from the office to the school, which has a network namespace of its own."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self._school = Path(f"/proc/{self._holder.pid}/ns/net")
        own = Path("/proc/self/ns/net").readlink()
        while self._school.readlink() == own or "sleep" not in Path(f"/proc/{self._holder.pid}/comm").read_text():
            assert self._holder.poll() is None
        call("ip", "link", "add", "office", "type", "veth", "peer", "name", "school", "netns", self._school)
        for end, address, within in (("office", OFFICE, ()), ("school", SCHOOL, self.within)):
            call(*within, "ip", "address", "add", f"{address}/24", "dev", end)
            call(*within, "ip", "link", "set", end, "up")
            call(*within, "ip", "link", "set", "lo", "up")

    @property
    def within(self) -> tuple[str, ...]:
        """In front of a command: it runs at the school, under its own process id."""
        return ("nsenter", f"--net={self._school}")

    def cut(self) -> None:
        """Without a word: nobody's connection is closed."""
        self._filter("drop")

    def thin(self, rate: str = "64kbit", loss_pct: int = 5) -> None:
        """Both ways so slow, and so much of it gets lost."""
        self._filter(f"numgen random mod 100 < {loss_pct} drop")
        for end, within in (("office", ()), ("school", self.within)):
            call(*within, "tc", "qdisc", "replace", "dev", end, "root", "tbf", "rate", rate, "burst", "2000",
                 "latency", "400ms")  # fmt: skip

    def mend(self) -> None:
        for end, within in (("office", ()), ("school", self.within)):
            call(*within, "nft", "flush", "ruleset")
            subprocess.run(
                [*within, "tc", "qdisc", "delete", "dev", end, "root"],
                capture_output=True,
                timeout=_WITHIN_S,
                check=False,
            )

    def remove(self) -> None:
        self._holder.kill()
        self._holder.wait()
        subprocess.run(["ip", "link", "delete", "office"], capture_output=True, timeout=_WITHIN_S, check=False)

    def _filter(self, rule: str) -> None:
        """What comes in at either end."""
        self.mend()
        for end, within in (("office", ()), ("school", self.within)):
            chain = f"chain in {{ type filter hook input priority 0; iifname {end} {rule}; }};"
            call(*within, "nft", "-f", "-", standard_input=f"table inet chaos {{ {chain} }}\n")
