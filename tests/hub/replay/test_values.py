"""Values of a recording: the type of their metric, or their own."""

import pytest

from hub.core.reports import Sample
from hub.replay.values import samples, typed
from wire.metrics import DataType
from wire.payloads import BDSEQ


def test_what_is_between_node_and_hub_is_no_value_of_equipment():
    told = [["Journal/Offset", 7], [BDSEQ, 7], ["host/cpu_pct", 1.5]]
    assert samples(told) == {"host/cpu_pct": Sample(1.5, DataType.FLOAT)}


@pytest.mark.parametrize(
    ("name", "value", "kept", "datatype"),
    [
        ("signal/lock", True, True, DataType.BOOLEAN),
        ("signal/cnr_db", 13, 13.0, DataType.FLOAT),
        ("signal/cnr_db", None, None, DataType.FLOAT),
        ("panel/hours", 1200.0, 1200, DataType.INT64),
        ("panel/hours", 1200.5, 1200.5, DataType.DOUBLE),
        ("error/code", 3, 3, DataType.INT64),
        ("signal/lock", 1, True, DataType.BOOLEAN),
        ("vendor/x", 3, 3, DataType.INT64),
        ("vendor/x", 3.5, 3.5, DataType.DOUBLE),
        ("vendor/x", "a", "a", DataType.STRING),
        ("vendor/x", False, False, DataType.BOOLEAN),
        ("vendor/x", None, None, DataType.DOUBLE),
        ("vendor/x", 2**63, float(2**63), DataType.DOUBLE),
    ],
)
def test_values_have_the_type_of_their_metric_or_else_their_own(name, value, kept, datatype):
    assert typed(name, value) == (kept, datatype)
    assert type(typed(name, value)[0]) is type(kept)
