"""What a page may need is read once, and only where it is asked for."""

from collections.abc import Mapping

from hub.web.later import Later


def test_it_is_read_when_it_is_first_asked_for_and_once() -> None:
    asked: list[str] = []

    def read() -> Mapping[str, str]:
        asked.append("read")
        return {"cpm3/1": "One"}

    names = Later(read)
    assert asked == []
    assert (names["cpm3/1"], names.get("cpm3/2", "-"), "cpm3/1" in names) == ("One", "-", True)
    assert (list(names.items()), len(names)) == ([("cpm3/1", "One")], 1)
    assert asked == ["read"]
