"""Those who are told, on loopback."""

from collections.abc import Iterator

import pytest

from tests.hub.mail.conftest import mail  # noqa: F401  a fixture
from tests.hub.messaging.receiver import Receiver, listening


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as one:
        yield one
