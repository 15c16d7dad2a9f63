import pytest

from wire.controls import CONTROLS, JOURNAL_ACK, REBIRTH, command, declarations
from wire.errors import WrongType
from wire.metrics import DataType
from wire.payloads import encode


@pytest.mark.tck(
    "topics-nbirth-rebirth-metric",
    "operational-behavior-data-commands-rebirth-name",
    "operational-behavior-data-commands-rebirth-name-aliases",
    "operational-behavior-data-commands-rebirth-datatype",
    "operational-behavior-data-commands-rebirth-value",
    "payloads-nbirth-rebirth-req",
)
def test_a_birth_declares_rebirth_as_false_and_no_control_has_an_alias() -> None:
    declared = {metric.name: metric for metric in declarations(5)}
    assert set(declared) == set(CONTROLS)
    assert declared[REBIRTH].value is False
    assert declared[REBIRTH].datatype is DataType.BOOLEAN
    assert all(metric.alias is None and metric.timestamp == 5 for metric in declared.values())


@pytest.mark.tck("operational-behavior-data-commands-ncmd-metric-value")
def test_a_command_of_the_wrong_type_cannot_be_written() -> None:
    with pytest.raises(WrongType):
        encode([command(JOURNAL_ACK, "seven")], timestamp=1)
