from collections.abc import Callable, Iterable
from typing import Any

import pytest

from agent.errors import LinkLost
from agent.protocols.codec import Dialogue

Hold = Callable[..., tuple[bytes, Any]]


def _hold(dialogue: Dialogue[Any], incoming: Iterable[bytes], *, closes: bool = True) -> tuple[bytes, Any]:
    """What was sent, and what the dialogue came to. When nothing more comes in, the peer closes; or is silent: LinkLost."""
    sent = bytearray()
    try:
        sent += next(dialogue)
        for piece in incoming:
            sent += dialogue.send(piece)
        for _ in range(3 if closes else 0):
            sent += dialogue.send(b"")
    except StopIteration as done:
        return bytes(sent), done.value
    raise LinkLost("no answer")


@pytest.fixture(scope="session")
def hold() -> Hold:
    return _hold
