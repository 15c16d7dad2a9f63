"""Releases are virtual environments: made by this machine's Python, filled from a bundle's wheels alone, each by its checksum."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioning.core.bundle import MAX_RELEASE_BYTES, RELEASE, WHEELS, BadBundle, Release
from provisioning.core.layout import Layout
from provisioning.errors import BadRelease, DiskFull
from provisioning.ports import Files

BUILD_WITHIN_S = 900.0
CHECK_WITHIN_S = 60.0
MAX_SAID = 300
_NO_ROOM = "No space left on device"


class VenvWorkshop:
    """python: the system's own, which outlives its updates; probe: how this program is asked to try itself out."""

    def __init__(self, layout: Layout, files: Files, python: Path, probe: Sequence[str] = ("probe",)) -> None:
        self._layout, self._files, self._python, self._probe = layout, files, python, probe

    def build(self, bundle: Path, requirements: str, into: Path) -> None:
        try:
            pip = bundle / WHEELS / Release.decode(self._files.read(bundle / RELEASE, MAX_RELEASE_BYTES)).pip
        except BadBundle as error:
            raise BadRelease(f"the bundle is not whole: {error}") from None
        self._run([self._python, "-m", "venv", "--without-pip", into])
        # pip runs out of its own wheel, and stays out of the release.
        install = [
            str(self._layout.python(into)),
            str(pip / "pip"),
            "install",
            "--quiet",
            "--no-cache-dir",
            "--no-input",
        ]
        sources = ["--no-index", "--find-links", str(bundle / WHEELS), "--only-binary", ":all:", "--no-deps"]
        self._run([*install, *sources, "--require-hashes", "--requirement", bundle / requirements])

    def objection(self, release: Path, config: Path) -> str | None:
        return self._objection(
            [self._layout.python(release), "-I", "-m", "agent", "check", "--config", config], self._agent()
        )

    def doubt(self, provisioner: Path) -> str | None:
        return self._objection([self._layout.python(provisioner), "-I", "-m", "provisioning", *self._probe], None)

    def _objection(self, command: Sequence[str | Path], user: int | None) -> str | None:
        try:
            done = _call(command, CHECK_WITHIN_S, user=user, cwd=self._layout.program)
        except subprocess.TimeoutExpired:
            return f"gave no answer in {CHECK_WITHIN_S:.0f} s"
        except OSError as error:
            return f"cannot be started: {error.strerror}"
        return None if done.returncode == 0 else _last_words(done)

    def _agent(self) -> int | None:
        """Whose the agent's files are, where we may become him."""
        if sys.platform == "win32" or os.geteuid() != 0 or not self._layout.state.exists():
            return None
        return self._layout.state.stat().st_uid or None

    def _run(self, command: Sequence[str | Path]) -> None:
        try:
            done = _call(command, BUILD_WITHIN_S)
        except subprocess.TimeoutExpired:
            raise BadRelease(f"{Path(command[0]).name} did not end in {BUILD_WITHIN_S:.0f} s") from None
        except OSError as error:
            raise BadRelease(f"{command[0]} cannot be started: {error.strerror}") from None
        if done.returncode == 0:
            return
        if _NO_ROOM in done.stderr + done.stdout:
            raise DiskFull("the release cannot be laid out: the disk is full: make room; it is tried again later")
        raise BadRelease(f"the release cannot be laid out: {_last_words(done)}")


def _call(
    command: Sequence[str | Path], within_s: float, *, cwd: Path | None = None, user: int | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  programs and arguments of our own, without a shell
        [str(part) for part in command],
        cwd=cwd,
        user=user,
        group=None if user is None else _group_of(user),
        extra_groups=None if user is None else [],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=within_s,
        check=False,
    )


def _group_of(user: int) -> int:
    import pwd  # Windows has none

    return pwd.getpwuid(user).pw_gid


def _environment() -> Mapping[str, str]:
    """Nothing of this program's own environment, nor of anybody's pip settings, gets into a release."""
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "COVERAGE_PROCESS_START")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    return {**given, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONNOUSERSITE": "1"}


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr or done.stdout).strip().splitlines()
    return (lines[-1] if lines else f"ended with {done.returncode}")[:MAX_SAID]
