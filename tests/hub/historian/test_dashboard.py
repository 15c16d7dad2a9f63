"""The dashboard for Grafana asks for what there is."""

import json
import re
from pathlib import Path

from hub.core.reports import Sample
from hub.historian.lines import lines, series
from wire.metrics import DataType
from wire.vocabulary import BY_KIND, NODE

BOARD = json.loads((Path(__file__).parents[3] / "docs" / "grafana.json").read_text("utf-8"))


def known() -> set[str]:
    """The series that VictoriaMetrics makes of the vocabulary."""
    names = {*NODE, *(name for metrics in BY_KIND.values() for name in metrics)}
    begin = series({"node": "1"})
    told = [next(iter(lines(begin, 0, {name: Sample(1, DataType.INT64, None)}))) for name in names]
    return {f"dltv_{line.split(' ')[1].partition('=')[0]}" for line in told}


def test_each_panel_asks_for_series_that_the_hub_sends() -> None:
    asked = {
        name for panel in BOARD["panels"] for each in panel["targets"] for name in re.findall(r"dltv_\w+", each["expr"])
    }
    assert asked
    assert asked <= known()


def test_each_choice_asks_for_series_that_the_hub_sends() -> None:
    queries = [each["query"]["query"] for each in BOARD["templating"]["list"] if each["type"] == "query"]
    assert len(queries) == 2
    assert {name for query in queries for name in re.findall(r"dltv_\w+", query)} <= known()
