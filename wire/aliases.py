"""Aliases: short numbers that a birth gives to metric names, so that DATA need not repeat them."""

from collections.abc import Callable, Iterable
from typing import Any

from wire.errors import UnknownAlias, WrongType
from wire.metrics import DataType, Metric, Value, field_of, reader_of, typed

Reading = tuple[str, Value, DataType, int, bool]
"""Name, value and datatype, its time (0: it has none), and whether it is history."""
_Announced = tuple[str | None, str, DataType, str, Callable[[Any], Any] | None]
"""Of an alias: its device, name and datatype, where its value stands, and what is to be done with it."""


class AliasTable:
    """What the births of one node's session announced: names, datatypes and aliases.

    Aliases are unique over the node and all its devices (tck-id-payloads-alias-uniqueness); names are unique in one of them.
    `scope` is the device key, or None for the node itself.
    """

    def __init__(self) -> None:
        self._by_alias: dict[int, _Announced] = {}
        self._datatypes: dict[str | None, dict[str, DataType]] = {}
        self._aliases: dict[str | None, list[int]] = {}

    def announce(self, scope: str | None, metrics: Iterable[Metric]) -> None:
        """Take a birth. What the same device announced before is forgotten; of the others nothing is touched."""
        for alias in self._aliases.pop(scope, ()):
            entry = self._by_alias.get(alias)
            if entry is not None and entry[0] == scope:
                del self._by_alias[alias]
        datatypes = self._datatypes[scope] = {}
        told: dict[int, _Announced] = {}
        for metric in metrics:
            name, datatype = metric.name, metric.datatype
            if name is None or datatype is None:
                continue
            datatypes[name] = datatype
            if metric.alias is not None:
                told[metric.alias] = scope, name, datatype, field_of(datatype), reader_of(datatype)
        self._by_alias.update(told)
        self._aliases[scope] = list(told)

    def read(self, scope: str | None, messages: Iterable[Any]) -> list[Reading] | None:
        """What DATA says that is as it is meant to be: aliases of this device's birth alone, each with a value of its datatype.

        messages  metrics as protobuf has them
        None where anything is otherwise: `resolve` then says of each what is wrong with it.
        """
        known, found = self._by_alias, []
        try:
            for each in messages:
                owner, name, datatype, field, read = known[each.alias]
                if owner != scope or each.name or each.datatype:
                    return None
                if each.is_null:
                    value = None
                elif each.HasField(field):
                    value = getattr(each, field)
                    value = value if read is None else read(value)
                else:
                    return None
                found.append((name, value, datatype, each.timestamp, each.is_historical))
        except (KeyError, WrongType):
            return None
        return found

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
            datatype = self._datatypes.get(scope, {}).get(metric.name)
            if datatype is None:
                raise UnknownAlias(f"no birth announced {metric.name[:80]!r}")
            return metric.name, datatype
        entry = None if metric.alias is None else self._by_alias.get(metric.alias)
        if entry is None or entry[0] != scope:
            raise UnknownAlias(f"no birth announced alias {metric.alias}")
        return entry[1], entry[2]
