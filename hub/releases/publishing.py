"""Configurations and profiles, published: checked, signed by the hub's own key, older ones than the last few taken back."""

from collections.abc import Container
from pathlib import Path

from hub.core.equipment import NodeKey
from hub.releases.configs import config_target, require_config
from hub.releases.profile_sets import ids_in, pack_profiles, profiles_target
from hub.releases.repository import SignedRepository
from hub.releases.signing import FLEET

_KEPT = 3
"""Of a node's configurations, and of the sets of profiles: each device fetches the whole list of what is signed."""


def publish_config(
    repository: SignedRepository, node: NodeKey, version: str, data: bytes, *, profiles: Container[str], now: int
) -> None:
    """Raises ReleaseMistake."""
    require_config(data, node, profiles)
    repository.add(FLEET, {config_target(node, version): data}, now, keep=_KEPT)


def publish_profiles(repository: SignedRepository, folder: Path, version: str, now: int) -> frozenset[str]:
    """The ids of its profiles. Raises ReleaseMistake."""
    data = pack_profiles(folder, version)
    repository.add(FLEET, {profiles_target(version): data}, now, keep=_KEPT)
    return ids_in(data)


def published_profiles(repository: SignedRepository, now: int) -> frozenset[str]:
    """The ids in every set that is signed for."""
    offer = repository.offer(now)
    names = [name for name in offer.targets[FLEET] if name.startswith("profiles/")]
    return frozenset(each for name in names for each in ids_in(repository.read(FLEET, name, now)))
