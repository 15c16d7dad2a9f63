import pytest

from wire.aliases import AliasTable
from wire.errors import UnknownAlias, WrongType
from wire.metrics import DataType, Metric


def table() -> AliasTable:
    aliases = AliasTable()
    aliases.announce(None, [Metric("host/cpu_pct", 1.0, DataType.FLOAT, alias=0)])
    aliases.announce("p1-tv", [Metric("power/on", True, DataType.BOOLEAN, alias=1), Metric("x", 1, DataType.INT8)])
    return aliases


def test_an_alias_stands_for_name_and_type() -> None:
    metric = table().resolve("p1-tv", Metric(None, False, alias=1, timestamp=4))
    assert metric == Metric("power/on", False, DataType.BOOLEAN, timestamp=4, alias=1)


def test_alias_zero_is_an_alias() -> None:
    assert table().resolve(None, Metric(None, 2.5, alias=0)).name == "host/cpu_pct"


def test_a_name_is_resolved_too() -> None:
    assert table().resolve("p1-tv", Metric("x", 0xFB)).value == -5


@pytest.mark.parametrize(
    ("scope", "metric"), [(None, Metric(None, True, alias=1)), ("p1-tv", Metric(None, 1, alias=0))]
)
def test_an_alias_of_another_device_is_unknown(scope: str | None, metric: Metric) -> None:
    with pytest.raises(UnknownAlias):
        table().resolve(scope, metric)


@pytest.mark.parametrize("metric", [Metric(None, 1, alias=9), Metric("never born", 1), Metric(None, 1)])
def test_what_no_birth_announced_is_unknown(metric: Metric) -> None:
    with pytest.raises(UnknownAlias):
        table().resolve(None, metric)


def test_a_value_of_another_type_than_the_birth_said_is_refused() -> None:
    with pytest.raises(WrongType):
        table().resolve("p1-tv", Metric(None, 1.5, alias=1))
    with pytest.raises(WrongType):
        table().resolve("p1-tv", Metric(None, "on", DataType.STRING, alias=1))


def test_a_new_birth_forgets_what_the_device_said_before() -> None:
    aliases = table()
    aliases.announce("p1-tv", [Metric("power/on", True, DataType.BOOLEAN, alias=7)])
    assert aliases.resolve("p1-tv", Metric(None, True, alias=7)).name == "power/on"
    with pytest.raises(UnknownAlias):
        aliases.resolve("p1-tv", Metric(None, True, alias=1))
    assert aliases.resolve(None, Metric(None, 2.5, alias=0)).name == "host/cpu_pct"


def test_an_alias_that_another_device_took_over_is_that_one_s_whatever_the_first_announces() -> None:
    aliases = table()
    aliases.announce("p2-tv", [Metric("panel/hours", 1, DataType.INT64, alias=1)])
    aliases.announce("p1-tv", [Metric("power/on", True, DataType.BOOLEAN, alias=2)])
    assert aliases.resolve("p2-tv", Metric(None, 7, alias=1)).name == "panel/hours"
    aliases.announce("p2-tv", [])
    aliases.announce("p1-tv", [Metric("power/on", True, DataType.BOOLEAN, alias=1)])
    assert aliases.resolve("p1-tv", Metric(None, True, alias=1)).name == "power/on"
    with pytest.raises(UnknownAlias):
        aliases.resolve("p1-tv", Metric(None, True, alias=2))
