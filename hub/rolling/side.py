"""Everything about releases that a running hub has: the repository, kept fresh and handed out, and the roll-outs from it."""

from collections.abc import Callable, Mapping

from starlette.types import ASGIApp

from hub.config import HubSettings
from hub.releases.freshness import Freshness
from hub.releases.offered import Offered
from hub.releases.repository import SignedRepository
from hub.rolling.pages import RolloutDesk
from hub.rolling.profiles import ProfileDesk
from hub.rolling.service import Rolling
from hub.store.unit_of_work import Store
from hub.web.devices.releases import RELEASES, ReleaseFiles


def repository_of(settings: HubSettings) -> SignedRepository:
    return SignedRepository(settings.data_dir / "repository", settings.data_dir / "pki")


def rolling_of(settings: HubSettings, store: Store, clock: Callable[[], int]) -> Rolling:
    """Also beside a running hub, which carries on with what was started."""
    return Rolling(store, Offered(repository_of(settings), clock), settings.rollouts, clock)


class ReleaseSide:
    """rolling: what people do, and what the tick drives; pages, profiles: what is shown; mounts: what devices fetch, by path."""

    def __init__(self, settings: HubSettings, store: Store, clock: Callable[[], int]) -> None:
        repository = repository_of(settings)
        self.rolling = rolling_of(settings, store, clock)
        self.pages = RolloutDesk(store, self.rolling, Offered(repository, clock))
        self.profiles = ProfileDesk(store, repository, clock)
        self._freshness = Freshness(repository, clock)
        self.mounts: Mapping[str, ASGIApp] = {RELEASES: ReleaseFiles(repository.folder)}

    @property
    def trouble(self) -> str:
        return self._freshness.trouble

    def start(self) -> None:
        self._freshness.start()

    def stop(self) -> None:
        self._freshness.stop()
