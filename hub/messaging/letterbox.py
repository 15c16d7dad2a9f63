"""The program that hands letters to apprise: a process of its own, so that one that hangs can be ended.

Reads a job a line (JSON) and answers each with a line. Everything that it connects to passes the guard, redirects are not
followed, and it looks at what really went over the line: apprise itself only says yes or no, and `no` does not tell whether
the letter was taken.
"""

import json
import logging
import os
import smtplib
import socket
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any, TextIO

import apprise
import requests
from requests.adapters import HTTPAdapter

from hub.messages.deliveries import Outcome
from hub.messaging.reach import Forbidden, Network, may_reach

_NOT_SENT = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.InvalidURL)
_LATER = frozenset({408, 425, 429})


class Wire:
    """What went over the line while a letter was sent."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.statuses: list[int] = []
        self.lost = self.forbidden = False

    def outcome(self, taken: bool) -> tuple[Outcome, str]:
        if taken:
            return Outcome.TAKEN, ""
        if self.forbidden:
            return Outcome.REFUSED, "forbidden"
        if self.lost:
            return Outcome.UNSURE, "unsure"
        if any(300 <= status < 500 and status not in _LATER for status in self.statuses):
            return Outcome.REFUSED, "refused"
        return Outcome.LATER, "later" if self.statuses else "unreached"


def watch(wire: Wire, allowed: Sequence[Network]) -> None:
    """Guard and watch every connection of this process, which does nothing else."""
    _guard_names(wire, allowed)
    _watch_http(wire)
    _watch_smtp(wire)


def _guard_names(wire: Wire, allowed: Sequence[Network]) -> None:
    ask = socket.getaddrinfo

    def guarded(host: Any, *rest: Any, **named: Any) -> Any:
        found = [each for each in ask(host, *rest, **named) if may_reach(str(each[4][0]), allowed)]
        if not found:
            wire.forbidden = True
            raise Forbidden(str(host))
        return found

    socket.getaddrinfo = guarded


def _watch_http(wire: Wire) -> None:
    hand_over = HTTPAdapter.send

    def watched(self: HTTPAdapter, *rest: Any, **named: Any) -> requests.Response:
        try:
            answer = hand_over(self, *rest, **named)
        except _NOT_SENT:
            raise
        except requests.exceptions.ConnectionError as error:
            # Whoever was never reached has nothing; whoever hung up may have it all.
            wire.lost = wire.lost or "NewConnectionError" not in str(error)
            raise
        except requests.exceptions.RequestException:
            wire.lost = True
            raise
        wire.statuses.append(answer.status_code)
        return answer

    HTTPAdapter.send = watched  # type: ignore[method-assign]


def _watch_smtp(wire: Wire) -> None:
    hand_over = smtplib.SMTP.data

    def watched(self: smtplib.SMTP, message: Any) -> Any:
        try:
            return hand_over(self, message)
        except smtplib.SMTPDataError as error:
            wire.statuses.append(error.smtp_code)
            raise
        except (OSError, smtplib.SMTPServerDisconnected):
            wire.lost = True
            raise

    smtplib.SMTP.data = watched  # type: ignore[method-assign, assignment]


def _post(url: str) -> apprise.NotifyBase | None:
    asset = apprise.AppriseAsset(http_redirects=False, plugin_paths=[], storage_mode="memory")
    post = apprise.Apprise.instantiate(url, asset=asset)
    if post is not None:
        # An address that asks for redirects does not get them.
        post.redirects = False
    return post


def answer(job: dict[str, str], wire: Wire) -> dict[str, str]:
    """What became of one job: with a body it is sent, without it the address is looked at."""
    wire.forget()
    post = _post(job["url"])
    if post is None:
        return {"outcome": Outcome.REFUSED.value, "trouble": "invalid"}
    if "body" not in job:
        return {"outcome": Outcome.TAKEN.value, "trouble": ""}
    # What a plugin raises ends this process: then nobody knows what went out, and the other side says so.
    taken = bool(post.notify(body=job["body"], title=job["title"], body_format=apprise.NotifyFormat.TEXT))
    outcome, trouble = wire.outcome(taken)
    return {"outcome": outcome.value, "trouble": trouble}


def serve(jobs: TextIO, answers: TextIO, wire: Wire) -> None:
    for line in jobs:
        print(json.dumps(answer(json.loads(line), wire)), file=answers, flush=True)


def main() -> None:
    logging.disable(logging.CRITICAL)
    # What a plugin prints must not be read as an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    wire = Wire()
    watch(wire, [ip_network(each) for each in sys.argv[1:]])
    serve(sys.stdin, answers, wire)


if __name__ == "__main__":
    main()
