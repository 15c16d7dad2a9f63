"""Signed targets by python-tuf's client, over our own pinned line. What may be believed, the client decides; nothing of it here.

The first root comes, once, from the hub that the slip's pin has shown to be the right one; every later root must be signed by
the one before it.
"""

import contextlib
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import unquote, urlsplit

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import TargetFile
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from provisioning.adapters.files import told
from provisioning.adapters.https_line import Address, HttpsLine, trusting
from provisioning.core.contract import CONFIGS, LETTER_HEADER, Letter
from provisioning.core.jitter import wait_s
from provisioning.core.layout import Layout
from provisioning.errors import HubUnreachable, NotTrusted
from provisioning.ports import Clock, Files

METADATA, TARGETS = "/tuf/metadata/", "/tuf/targets/"
FIRST_ROOT = "first_root.json"
MAX_ROOT_BYTES = 512_000
RESUMPTIONS = 5
SLOWEST_BYTES_S = 2_000
PATIENCE_S = 60.0


class TufRepositories:
    def __init__(self, layout: Layout, files: Files, clock: Clock) -> None:
        self._layout, self._files, self._clock = layout, files, clock

    def at(
        self, address: str, roots: tuple[str, ...], now: int, letter: Callable[[str], Letter] | None = None
    ) -> "TufRepository":
        where = Address.parse(address)
        fetcher = _LineFetcher(HttpsLine(where, trusting(roots)), self._layout.downloads, self._clock, letter)
        return TufRepository(where, fetcher, self._layout, self._files, now)


class TufRepository:
    def __init__(self, address: Address, fetcher: "_LineFetcher", layout: Layout, files: Files, now: int) -> None:
        self._address, self._fetcher, self._files, self._now = address, fetcher, files, now
        self._metadata, self._downloads = layout.metadata, layout.downloads
        self._updater: Updater | None = None

    def refresh(self) -> None:
        for folder in (self._metadata, self._downloads):
            self._files.folder(folder, 0o700)
        first = self._first_root()
        with _told():
            self._updater = Updater(
                str(self._metadata),
                f"{self._address}{METADATA}",
                target_dir=str(self._downloads),
                target_base_url=f"{self._address}{TARGETS}",
                fetcher=self._fetcher,
                config=UpdaterConfig(app_user_agent="dltv-provision"),
                bootstrap=first,
            )
            # The time that is believed here, which may be the hub's: the client has no other way to be told.
            self._updater._trusted_set.reference_time = datetime.fromtimestamp(self._now // 1000, UTC)
            self._updater.refresh()
        # The client renames without flushing: older metadata after a power cut would let older releases be offered again.
        self._files.settle()

    def length(self, target: str) -> int | None:
        found = self._find(target)
        return None if found is None else found.length

    def fetch(self, target: str, into: Path) -> None:
        found = self._find(target)
        if found is None:
            raise NotTrusted(f"nothing called {target} is signed for")
        updater = self._ready()
        with _told():
            if updater.find_cached_target(found, str(into)) is None:
                updater.download_target(found, str(into))

    def _find(self, target: str) -> TargetFile | None:
        with _told():
            return self._ready().get_targetinfo(target)

    def _ready(self) -> Updater:
        if self._updater is None:
            self.refresh()
        assert self._updater is not None
        return self._updater

    def _first_root(self) -> bytes:
        path = self._metadata / FIRST_ROOT
        kept = self._files.read(path, MAX_ROOT_BYTES)
        if kept is not None:
            return kept
        status, root = self._fetcher.line.ask("GET", f"{METADATA}1.root.json", None, MAX_ROOT_BYTES)
        if status != 200:
            raise HubUnreachable(f"{self._address} offers no releases yet ({status})")
        self._files.write(path, root)
        return root


@contextlib.contextmanager
def _told() -> Iterator[None]:
    with told("the update cannot be kept"):
        try:
            yield
        except DownloadLengthMismatchError as error:
            raise NotTrusted(f"the hub offers something other than what was signed: {error}") from error
        except DownloadError as error:
            raise HubUnreachable(f"the download broke off: {error.__cause__ or error}") from error
        except ExpiredMetadataError as error:
            raise NotTrusted(
                f"what the hub offers is out of date ({error}): is its clock right, and this one's?"
            ) from error
        except RepositoryError as error:
            raise NotTrusted(f"what the hub offers is not signed as it should be: {error}") from error


class _LineFetcher(FetcherInterface):
    """A download that breaks off goes on from there. What comes too slowly for too long is given up."""

    def __init__(
        self, line: HttpsLine, folder: Path, clock: Clock, letter: Callable[[str], Letter] | None = None
    ) -> None:
        self.line, self._folder, self._clock, self._letter = line, folder, clock, letter

    def _fetch(self, url: str) -> Iterator[bytes]:
        return self._chunks(urlsplit(url).path)

    @contextlib.contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """Beside the other downloads, not in the memory that /tmp may be made of."""
        with TemporaryFile(dir=self._folder) as file:
            for chunk in self.fetch(url):
                if file.tell() + len(chunk) > max_length:
                    raise DownloadLengthMismatchError(f"{url} is longer than {max_length} bytes")
                file.write(chunk)
            file.seek(0)
            yield file

    def _chunks(self, path: str) -> Iterator[bytes]:
        got, failures, began = 0, 0, self._clock.mono_s()
        while True:
            before = got
            try:
                for chunk in self._pieces(path, got):
                    got += len(chunk)
                    if self._clock.mono_s() - began > PATIENCE_S + got / SLOWEST_BYTES_S:
                        raise DownloadError(f"{path} comes too slowly")
                    yield chunk
            except HubUnreachable as error:
                failures = 1 if got > before else failures + 1
                if failures > RESUMPTIONS:
                    raise DownloadError(str(error)) from error
                self._clock.sleep(wait_s(failures, random.random()))
            else:
                return

    def _pieces(self, path: str, begin: int) -> Iterator[bytes]:
        """From `begin` on; where the hub begins at the front again, what is there already is passed over."""
        skip = begin
        for status, chunk in self.line.stream(path, begin, PATIENCE_S * 10, self._shown(path)):
            if status not in (200, 206):
                raise DownloadHTTPError(f"{path}: {status}", status)
            over = skip if status == 200 else 0
            skip = max(0, over - len(chunk)) if status == 200 else 0
            if piece := chunk[over:]:
                yield piece

    def _shown(self, path: str) -> Mapping[str, str]:
        """Our own configuration is handed out to us alone."""
        plain = unquote(path)
        return {LETTER_HEADER: self._letter(plain).header()} if self._letter and plain.startswith(CONFIGS) else {}
