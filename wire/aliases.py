"""Aliases: short numbers that a birth gives to metric names, so that DATA need not repeat them."""

from collections.abc import Iterable

from wire.errors import UnknownAlias, WrongType
from wire.metrics import DataType, Metric, typed


class AliasTable:
    """What the births of one node's session announced: names, datatypes and aliases.

    Aliases are unique over the node and all its devices (tck-id-payloads-alias-uniqueness); names are unique in one of them.
    `scope` is the device key, or None for the node itself.
    """

    def __init__(self) -> None:
        self._by_alias: dict[int, tuple[str | None, str, DataType]] = {}
        self._datatypes: dict[tuple[str | None, str], DataType] = {}

    def announce(self, scope: str | None, metrics: Iterable[Metric]) -> None:
        """Take a birth. What the same device announced before is forgotten."""
        self._by_alias = {alias: entry for alias, entry in self._by_alias.items() if entry[0] != scope}
        self._datatypes = {key: datatype for key, datatype in self._datatypes.items() if key[0] != scope}
        for metric in metrics:
            if metric.name is None or metric.datatype is None:
                continue
            self._datatypes[scope, metric.name] = metric.datatype
            if metric.alias is not None:
                self._by_alias[metric.alias] = (scope, metric.name, metric.datatype)

    def resolve(self, scope: str | None, metric: Metric) -> Metric:
        """`metric` with its name and its typed value. Raises UnknownAlias or WrongType."""
        name, datatype = self._identity(scope, metric)
        value = metric.value
        if metric.datatype is None:
            value = typed(value, datatype)
        elif metric.datatype is not datatype:
            raise WrongType(f"{name} was announced as {datatype.name} and came as {metric.datatype.name}")
        elif metric.name == name:
            return metric
        return Metric(name, value, datatype, metric.timestamp, metric.alias, metric.is_historical)

    def _identity(self, scope: str | None, metric: Metric) -> tuple[str, DataType]:
        if metric.name is not None:
            datatype = self._datatypes.get((scope, metric.name))
            if datatype is None:
                raise UnknownAlias(f"no birth announced {metric.name[:80]!r}")
            return metric.name, datatype
        entry = None if metric.alias is None else self._by_alias.get(metric.alias)
        if entry is None or entry[0] != scope:
            raise UnknownAlias(f"no birth announced alias {metric.alias}")
        return entry[1], entry[2]
