"""Every assertion of the Sparkplug specification that binds us is named by a test, or is listed here with the reason why not."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LISTED = set(re.findall(r"^- `([A-Za-z0-9-]+)`", (ROOT / "docs" / "sparkplug-assertions.md").read_text("utf-8"), re.M))

OUT_OF_REACH = {
    r"payloads-(template|dataset|propertyset|metric-propertyvalue)-": "we send no templates, data sets or properties",
    r"topics-nbirth-templates": "we send no templates",
    r"(topics|payloads)-dcmd-": "no device has an output that a hub may switch",
    r"operational-behavior-data-commands-dcmd-": "no device has an output that a hub may switch",
    r"message-flow-device-dcmd-subscribe": "no device has an output that a hub may switch",
    r".*(clean-session-50|mqtt50)": "both ends speak MQTT 3.1.1",
    r"conformance-mqtt-": "binds the MQTT server: Mosquitto",
    r".*(unique|uniqueness).*(descriptor|edge-node)|.*edge-node-(id-)?(uniqueness|descriptor)": "given by the school codes",
    r"operational-behavior-host-application-host-id": "given by the configuration",
    r"topic-structure-namespace-duplicate-device-id-across-edge-node": "a permission",
    r"operational-behavior-(edge-node-intentional-disconnect-packet|host-application-disconnect-intentional)": "a permission",
    r"payloads-name-cmd-requirement": "a permission",
}


@cache
def claimed() -> dict[str, list[str]]:
    """Assertion ids to the tests that carry them in their `tck` mark."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                for tck in _ids(each):
                    found.setdefault(tck, []).append(f"{path.relative_to(ROOT)}::{each.name}")
    return found


def _ids(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    marks = [mark for mark in function.decorator_list if isinstance(mark, ast.Call)]
    tck = [mark for mark in marks if ast.unparse(mark.func) == "pytest.mark.tck"]
    return [ast.literal_eval(argument) for mark in tck for argument in mark.args]


def test_no_test_claims_an_assertion_that_does_not_exist() -> None:
    assert {tck: tests for tck, tests in claimed().items() if tck not in LISTED} == {}


def test_each_assertion_is_covered_or_excused() -> None:
    excused = {tck for tck in LISTED if any(re.fullmatch(pattern + ".*", tck) for pattern in OUT_OF_REACH)}
    assert sorted(LISTED - set(claimed()) - excused) == []
