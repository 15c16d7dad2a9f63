"""What has just changed, told from process to process through PostgreSQL (NOTIFY, LISTEN), for pages that are open."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import text

from hub.core.equipment import NodeKey
from hub.core.live import Changes
from hub.store.unit_of_work import Store

_CHANNEL = "dltv_changes"
_POST = text(f"SELECT pg_notify('{_CHANNEL}', :told)")
_AT_ONCE = 25
"""Names are long, and PostgreSQL takes no more than 8,000 bytes."""


def post(store: Store, process: str, changes: Changes) -> None:
    """Tell the other processes. Raises StoreError; nothing depends on it but how fresh a page is."""
    with store.apart() as work:
        for told in _parts(process, changes):
            work.connection.execute(_POST, {"told": told})


def read_bulletin(store: Store, process: str, tell: Callable[[Changes], None], *, goes_on: Callable[[], bool]) -> None:
    """Hand on what other processes tell, until it is not to go on. Raises StoreError where the connection is lost."""
    with store.listening(_CHANNEL) as listen:
        while goes_on():
            for told in listen(0.5):
                found = orjson.loads(told)
                if found["by"] != process:
                    tell(_changes(found))


def _parts(process: str, changes: Changes) -> Iterator[str]:
    """As many as it takes."""
    nodes = [[each.group, each.name] for each in sorted(changes.nodes)]
    lists: dict[str, list[Any]] = {
        "nodes": nodes,
        "tickets": sorted(changes.tickets),
        "requests": sorted(changes.requests),
    }
    for name, all_of_it in lists.items():
        for some in _in_parts(all_of_it):
            yield orjson.dumps({"by": process, name: some}).decode()


def _in_parts(each: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (each[start : start + _AT_ONCE] for start in range(0, len(each), _AT_ONCE))


def _changes(found: dict[str, Any]) -> Changes:
    return Changes(
        nodes=frozenset(NodeKey(group, name) for group, name in found.get("nodes", ())),
        tickets=frozenset(found.get("tickets", ())),
        requests=frozenset(found.get("requests", ())),
    )
