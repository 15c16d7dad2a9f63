"""What detection wants saved is noted, the newest of each; what is stored stays as it is."""

from collections.abc import Callable
from typing import Any

from hub.core.equipment import NodeKey
from hub.detection.noting import Noting

NODE, OTHER = NodeKey("cpm3", "36030001"), NodeKey("cpm3", "36030002")


class Untouched:
    """Of which only the register is asked."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        assert name != "save"
        return lambda *asked: (name, *asked)


def noting() -> Noting:
    stored: Any = Untouched()
    return Noting(stored)


def test_what_is_read_is_what_is_stored() -> None:
    read: Any = noting()
    assert read.schools() == ("schools",)
    assert read.devices() == ("devices",)
    assert read.devices_of(NODE) == ("devices_of", NODE)
    assert read.states() == ("states",)
    assert read.waiting() == ("waiting",)
    assert read.unjudged(NODE, {NODE: {"e": 3}}) == ("unjudged", NODE, {NODE: {"e": 3}})


def test_the_newest_of_each_is_noted() -> None:
    notes = noting()
    assert not notes.noted
    notes.save({("cpm3", "1"): {"a": 1}, ("cpm3", "2"): {}}, {NODE: {"e1": 3, "e2": 4}})
    notes.save({("cpm3", "1"): {"a": 2}}, {NODE: {"e1": 5}, OTHER: {"e3": 1}})
    assert notes.folded == {("cpm3", "1"): {"a": 2}, ("cpm3", "2"): {}}
    assert notes.judged == {NODE: {"e1": 5, "e2": 4}, OTHER: {"e3": 1}}


def test_also_that_nothing_has_changed_is_noted() -> None:
    notes = noting()
    notes.save({}, {})
    assert notes.noted
