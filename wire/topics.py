"""Topics of the Sparkplug namespace: parsed once at the edge, formatted nowhere else."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from wire.errors import TopicError

NAMESPACE = "spBv1.0"
MAX_TOPIC_BYTES = 1024
_NO_LEVEL = re.compile(r"[+/#\0]")
_REMEMBERED = 200
"""Longer ones are read anew each time, so that nobody can fill the memory with them."""


class MessageType(StrEnum):
    NBIRTH = "NBIRTH"
    NDATA = "NDATA"
    NDEATH = "NDEATH"
    NCMD = "NCMD"
    DBIRTH = "DBIRTH"
    DDATA = "DDATA"
    DDEATH = "DDEATH"
    DCMD = "DCMD"

    @property
    def of_device(self) -> bool:
        """Whether the topic carries a device level."""
        return self.value.startswith("D")


@dataclass(frozen=True, slots=True)
class Topic:
    """`spBv1.0/<group>/<message type>/<node>[/<device>]`."""

    group: str
    type: MessageType
    node: str
    device: str | None = None

    def __post_init__(self) -> None:
        if self.type.of_device is (self.device is None):
            raise TopicError(f"{self.type} takes {'a' if self.type.of_device else 'no'} device level")
        for level in (self.group, self.node) if self.device is None else (self.group, self.node, self.device):
            require_id(level)

    def __str__(self) -> str:
        base = f"{NAMESPACE}/{self.group}/{self.type.value}/{self.node}"
        return base if self.device is None else f"{base}/{self.device}"

    @classmethod
    def parse(cls, text: str) -> "Topic":
        """Raises TopicError for anything but a node's or device's topic."""
        return _remembered(text) if len(text) <= _REMEMBERED else _parsed(text)


def _parsed(text: str) -> Topic:
    levels = text.split("/")
    if levels[0] != NAMESPACE or len(levels) not in (4, 5):
        raise TopicError(f"not a Sparkplug topic: {text[:80]!r}")
    try:
        kind = MessageType(levels[2])
    except ValueError:
        raise TopicError(f"no message type {levels[2][:20]!r}") from None
    return Topic(levels[1], kind, levels[3], levels[4] if len(levels) == 5 else None)


# A node says everything on a handful of topics.
_remembered = lru_cache(maxsize=8192)(_parsed)


def require_id(text: str) -> str:
    """An ID that may stand as one level of a topic. Raises TopicError."""
    if not text or _NO_LEVEL.search(text) or len(text.encode("utf-8", "replace")) > MAX_TOPIC_BYTES:
        raise TopicError(f"{text[:40]!r} cannot be a topic level: it is empty or holds one of + / #")
    return text


def state_topic(host_id: str) -> str:
    """Where a host application says whether it is online."""
    return f"{NAMESPACE}/STATE/{require_id(host_id)}"


def group_wildcard(group: str) -> str:
    """Everything that is said in one group."""
    return f"{NAMESPACE}/{require_id(group)}/#"
