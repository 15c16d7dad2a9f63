"""A real help desk, started once for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.hub.helpdesks.request_tracker import Tracker, running


@pytest.fixture(scope="session")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracker]:
    with running(tmp_path_factory.mktemp("rt")) as one:
        yield one
