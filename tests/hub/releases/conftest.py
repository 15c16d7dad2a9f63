"""A repository in a folder, and python-tuf's own client as its third-party reader, without a network between them."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from hub.releases.repository import SignedRepository

NOW = int(time.time() * 1000)
"""The client asks the real clock."""


class FromFolder(FetcherInterface):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self._folder / url.removeprefix("hub://")
        if not path.is_file():
            raise DownloadHTTPError(url, 404)
        yield path.read_bytes()


class Client:
    """A device: remembers what it saw, as the real one does."""

    def __init__(self, repository: Path, memory: Path) -> None:
        self._repository, self._memory = repository, memory
        memory.mkdir(parents=True)
        (memory / "downloads").mkdir()
        self.first = (repository / "metadata" / "1.root.json").read_bytes()

    def fetch(self, name: str) -> bytes | None:
        """What is signed for under this name now; None where nothing is. Raises what tuf raises."""
        updater = Updater(
            str(self._memory),
            "hub://metadata/",
            target_dir=str(self._memory / "downloads"),
            target_base_url="hub://targets/",
            fetcher=FromFolder(self._repository),
            bootstrap=self.first,
        )
        updater.refresh()
        found = updater.get_targetinfo(name)
        if found is None:
            return None
        into = self._memory / "downloads" / "one"
        into.unlink(missing_ok=True)
        updater.download_target(found, str(into))
        return into.read_bytes()


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder, self.keys, self.online = folder / "repository", folder / "stick", folder / "pki"
        self.repository = SignedRepository(self.folder, self.online)
        self._clients = 0

    def begin(self) -> "Site":
        self.repository.begin(self.keys, NOW)
        return self

    def client(self) -> Client:
        self._clients += 1
        return Client(self.folder, self.folder.parent / f"client-{self._clients}")

    def copy(self, folder: Path) -> "Site":
        for each in (self.folder, self.keys, self.online):
            shutil.copytree(each, folder / each.name)
        return Site(folder)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "hub").begin()


@pytest.fixture
def new_site() -> Callable[[Path], Site]:
    return Site
