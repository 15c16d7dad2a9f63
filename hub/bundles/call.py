"""A program of this machine, called without a shell: what it says when it fails is one line."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.bundles.errors import BundleMistake

STEP_S = 900


def call(
    command: Sequence[str | Path], what: str, cwd: Path | None = None, more: Mapping[str, str] | None = None
) -> None:
    """`what` it is for; `more`: of the environment. Raises BundleMistake."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **(more or {})}
    words = [str(part) for part in command]
    try:
        done = subprocess.run(  # noqa: S603  programs and arguments of our own, without a shell
            words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=STEP_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BundleMistake(f"{what}: {error}") from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        lines = [line for line in said if "rror" in line] or said or ["failed without a word"]
        raise BundleMistake(f"{what}: {lines[0].strip():.300}")
