"""What can be rolled out, and what a node begins with: the repository as it is read while the hub runs."""

from collections.abc import Callable

from hub.core.equipment import NodeKey
from hub.releases.bundles import releases_in
from hub.releases.configs import config_target
from hub.releases.repository import Offer, SignedRepository
from hub.releases.signing import FLEET, TARGETS
from hub.rollouts.rollout import Kind


class Offered:
    def __init__(self, repository: SignedRepository, clock: Callable[[], int]) -> None:
        self._repository, self._clock = repository, clock

    def versions(self, kind: Kind) -> tuple[str, ...]:
        """The newest first. Nothing where there is no repository yet."""
        if not self._repository.exists:
            return ()
        offer = self._offer()
        signed_at: dict[str, int] = {}
        if kind is Kind.RELEASE:
            for version, platforms in releases_in(offer.targets[TARGETS]).items():
                signed_at[version] = max(each.at for each in platforms.values())
        else:
            folder = "config/" if kind is Kind.CONFIG else "profiles/"
            for name, signed in offer.targets[FLEET].items():
                if name.startswith(folder):
                    version = name.rpartition("/")[2].rpartition(".")[0]
                    signed_at[version] = max(signed.at, signed_at.get(version, 0))
        return tuple(sorted(signed_at, key=lambda version: (signed_at[version], version), reverse=True))

    def names(self) -> frozenset[str]:
        """Of configurations and profiles that are signed for."""
        return frozenset(self._offer().targets[FLEET])

    def config(self, node: NodeKey, version: str | None) -> str | None:
        """This one, or the newest for this node; None where there is none that can be read."""
        if not self._repository.exists:
            return None
        folder = config_target(node, "").removesuffix(".toml")
        mine = {name: each for name, each in self._offer().targets[FLEET].items() if name.startswith(folder)}
        if not mine:
            return None
        newest = max(mine, key=lambda name: (mine[name].at, name))
        wanted = config_target(node, version) if version else newest
        name = wanted if wanted in mine else newest
        return self._repository.read(FLEET, name, self._clock()).decode("utf-8", "replace")

    def _offer(self) -> Offer:
        return self._repository.offer(self._clock())
