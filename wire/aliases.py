"""Aliases: short numbers that a birth gives to metric names, so that DATA need not repeat them."""

from collections.abc import Iterable
from dataclasses import replace

from wire.errors import UnknownAlias
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
        if metric.name == name and metric.datatype == datatype:
            return metric
        value = metric.value if metric.datatype is not None else typed(metric.value, datatype)
        return replace(metric, name=name, datatype=datatype, value=value)

    def _identity(self, scope: str | None, metric: Metric) -> tuple[str, DataType]:
        if metric.name is not None:
            datatype = self._datatypes.get((scope, metric.name))
            if datatype is None:
                raise UnknownAlias(f"no birth announced {metric.name[:80]!r}")
            return metric.name, datatype
        owner, name, datatype = (
            self._by_alias.get(metric.alias, (None, None, None)) if metric.alias is not None else (None, None, None)
        )
        if name is None or datatype is None or owner != scope:
            raise UnknownAlias(f"no birth announced alias {metric.alias}")
        return name, datatype
