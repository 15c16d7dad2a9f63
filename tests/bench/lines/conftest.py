"""A device whose line troubles the test brings about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bench.lines.trouble import Trouble


@dataclass
class Echo:
    """Says back what it hears."""

    ended: bool = False
    heard: list[bytes] = field(default_factory=list)

    def greeting(self) -> bytes:
        return b"hello\n"

    def feed(self, data: bytes) -> bytes:
        self.heard.append(data)
        return data


@pytest.fixture
def broken(lone: Callable[..., Any]) -> Any:
    """The device of the `trouble` below; break_ and mend it."""
    return lone("lg-rs232", slow_s=0.3)


@pytest.fixture
def trouble(broken: Any) -> Trouble:
    return Trouble(broken.unit)


@pytest.fixture
def echo() -> type[Echo]:
    return Echo
