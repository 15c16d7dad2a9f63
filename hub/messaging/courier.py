"""Letters through apprise, from the hub's side: starts letterbox.py when there is something to send and ends it when it hangs."""

import json
import select
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from os import environ
from typing import IO, Any

from hub.messages.deliveries import Outcome
from hub.messaging.reach import Network

_TIMEOUT_S = 45.0
_START_S = 20.0
_KEPT = ("PATH", "PYTHONPATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a letter. trouble: why not, as the catalogues name it."""

    outcome: Outcome
    trouble: str = ""


class Courier:
    """Use it as a context: the process lives as long. One thread a courier."""

    def __init__(self, allowed: Sequence[Network] = (), *, timeout_s: float = _TIMEOUT_S) -> None:
        self._allowed, self._timeout_s = allowed, timeout_s
        self._box: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Courier":
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def understands(self, url: str) -> bool:
        """Whether apprise can make something of an address. Nothing is sent."""
        return self._ask({"url": url}).outcome is Outcome.TAKEN

    def send(self, url: str, title: str, body: str) -> Reply:
        return self._ask({"url": url, "title": title, "body": body})

    def _ask(self, job: dict[str, Any]) -> Reply:
        fresh = self._box is None
        box = self._started()
        assert box.stdin is not None
        assert box.stdout is not None
        try:
            box.stdin.write(json.dumps(job) + "\n")
            box.stdin.flush()
        except OSError:
            # It was gone before it read anything.
            self._end()
            return Reply(Outcome.LATER, "unreached")
        line = _line(box.stdout, self._timeout_s + (_START_S if fresh else 0))
        if not line:
            self._end()
            return Reply(Outcome.UNSURE, "unsure")
        told = json.loads(line)
        return Reply(Outcome(told["outcome"]), told["trouble"])

    def _started(self) -> "subprocess.Popen[str]":
        if self._box is None:
            self._box = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-m", "hub.messaging.letterbox", *map(str, self._allowed)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env={name: environ[name] for name in _KEPT if name in environ},
            )
        return self._box

    def _end(self) -> None:
        if self._box is not None:
            self._box.kill()
            self._box.communicate()
            self._box = None


def _line(answers: IO[str], within_s: float) -> str:
    """One line, or nothing where none comes in time."""
    ready, _, _ = select.select([answers], [], [], within_s)
    return answers.readline() if ready else ""
