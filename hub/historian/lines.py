"""Reports as lines of InfluxDB's line protocol (InfluxDB v2 documentation, "Line protocol", with what is to be escaped).

One line a report and moment: `dltv,<tags> <field>=<value>,… <ms>`. A field is called by its metric, with `_` for `/`, so that
VictoriaMetrics makes `dltv_signal_cnr_db` of it. Numbers are written as floats, whatever they are here: a field that was a whole
number once would refuse fractions for ever.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from hub.core.reports import Sample
from wire.metrics import Value

_MEASUREMENT = "dltv"
_NO_NAME = re.compile(r"[^A-Za-z0-9_]")
_IN_KEYS = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ ", "\\": "\\\\", "\n": r"\ ", "\r": r"\ ", "\t": r"\ "})
_IN_TEXTS = str.maketrans({'"': r"\"", "\\": "\\\\"})


def series(tags: Mapping[str, str | None]) -> str:
    """What all lines of a device begin with. Tags without a value are left out, as the protocol wants it."""
    return ",".join([_MEASUREMENT, *(f"{_key(name)}={_key(value)}" for name, value in sorted(tags.items()) if value)])


def lines(begin: str, t: int, samples: Mapping[str, Sample]) -> Iterable[str]:
    """A report: one line for each moment (ms) that its values are of. `begin`: of `series`."""
    fields: defaultdict[int, list[str]] = defaultdict(list)
    for name, (value, _datatype, own) in samples.items():
        told = _field(value)
        if told is not None:
            fields[t if own is None else own].append(f"{_name(name)}={told}")
    return [f"{begin} {','.join(each)} {moment}" for moment, each in fields.items()]


@lru_cache(maxsize=10_000)
def _name(metric: str) -> str:
    return _NO_NAME.sub("_", metric)


def _key(text: str) -> str:
    return text.translate(_IN_KEYS)


def _field(value: Value | None) -> str | None:
    """None for what no line can say: nothing, infinity, what is no number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(float(value)) if math.isfinite(value) else None
    return f'"{value.translate(_IN_TEXTS)}"' if isinstance(value, str) else None
