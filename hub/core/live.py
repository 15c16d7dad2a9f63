"""What has just changed, for those who look at a page right now."""

from dataclasses import dataclass, field

from hub.core.equipment import NodeKey


@dataclass(frozen=True, slots=True)
class Changes:
    """Committed changes: nodes with new values or a new state, tickets and requests (by number) that were opened or moved."""

    nodes: frozenset[NodeKey] = field(default_factory=frozenset)
    tickets: frozenset[int] = field(default_factory=frozenset)
    requests: frozenset[str] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.tickets or self.requests)
