import re
from pathlib import Path

import pytest

from wire import vocabulary
from wire.metrics import DataType

NAMES = sorted({name for table in (vocabulary.NODE, *vocabulary.BY_KIND.values()) for name in table})


@pytest.mark.parametrize("name", NAMES)
def test_a_name_means_one_datatype_wherever_it_is_used(name: str) -> None:
    tables = (vocabulary.NODE, *vocabulary.BY_KIND.values())
    assert len({table[name] for table in tables if name in table}) == 1


@pytest.mark.tck("case-sensitivity-metric-names")
def test_no_two_names_differ_in_letter_case_alone() -> None:
    assert len({name.lower() for name in NAMES}) == len(NAMES)


def test_no_metric_is_a_uint32_which_clients_read_from_different_fields() -> None:
    assert all(DataType.UINT32 not in table.values() for table in vocabulary.BY_KIND.values())


def test_figures_name_their_unit() -> None:
    numbers = (DataType.FLOAT, DataType.INT64)
    figures = [name for name, datatype in vocabulary.NODE.items() if datatype in numbers]
    assert [name for name in figures if vocabulary.unit_of(name) is None] == ["host/load1"]


def test_the_vocabulary_is_the_contracts() -> None:
    contract = Path(__file__).parents[2] / "docs" / "telemetry.md"
    section = contract.read_text("utf-8").split("## Metric vocabulary")[1].split("Reports are by exception")[0]
    named = set(
        re.findall(
            r"`((?:host|net|ups|agent|device|signal|tuner|power|input|panel|error|lamp)/[a-z0-9_]+)\??`", section
        )
    )
    assert named == set(NAMES)
