"""What a page may need: read when it is first asked for, and not at all where nothing of the page asks for it."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from hub.core.people import Principal
from hub.web.site import Site


def named(site: Site, who: Principal) -> dict[str, Mapping[str, str]]:
    """What the fields of workflows name, for their forms and for what they hold."""
    look = site.requests.look
    return {
        "people": Later(lambda: look.people(who)),
        "schools": Later(lambda: look.schools(who)),
        "stock_items": Later(look.items),
        "stock_places": Later(lambda: look.places(who)),
    }


class Later(Mapping[str, str]):
    """Names by their keys, such as those of the schools that a field of a form may name. `read`: from the store."""

    def __init__(self, read: Callable[[], Mapping[str, str]]) -> None:
        self._read = read

    @cached_property
    def _found(self) -> Mapping[str, str]:
        return self._read()

    def __getitem__(self, key: str) -> str:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
