"""The port RolloutPages of hub.web, on store and repository."""

from collections.abc import Mapping, Sequence

from hub.core.equipment import NodeKey
from hub.core.people import Principal
from hub.releases.errors import ReleaseMistake
from hub.releases.offered import Offered
from hub.rolling.service import Rolling, Wish
from hub.rollouts.events import Event, What
from hub.rollouts.rollout import Kind, Rollout
from hub.rollouts.told import Told
from hub.store.rollouts import RolloutRows
from hub.store.unit_of_work import Store


class RolloutDesk:
    def __init__(self, store: Store, rolling: Rolling, offered: Offered) -> None:
        self._store, self._rolling, self._offered = store, rolling, offered

    def newest(self) -> Sequence[Rollout]:
        with self._store.reading() as connection:
            return RolloutRows(connection).newest()

    def one(self, number: int) -> tuple[Rollout, Sequence[Event]] | None:
        with self._store.reading() as connection:
            rows = RolloutRows(connection)
            found = rows.one(number)
            return None if found is None else (found, rows.events(number))

    def online(self, group: str) -> frozenset[str]:
        with self._store.reading() as connection:
            return frozenset(name for name, fact in RolloutRows(connection).facts(group).items() if fact.online)

    def offered(self) -> Mapping[Kind, Sequence[str]]:
        """Nothing where the repository cannot be read: the hub's readiness says why."""
        try:
            return {kind: self._offered.versions(kind) for kind in Kind}
        except ReleaseMistake:
            return dict.fromkeys(Kind, ())

    def told(self, node: NodeKey) -> Sequence[Told]:
        with self._store.reading() as connection:
            return RolloutRows(connection).told(node)

    def start(self, kind: Kind, version: str, group: str, who: Principal) -> int:
        return self._rolling.start(Wish(kind, version, group), who)

    def do(self, number: int, what: What, who: Principal) -> bool:
        return self._rolling.do(number, what, who)
