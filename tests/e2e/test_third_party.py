"""Sparkplug clients that are not ours: they read our agent, and our hub reads them."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioning.assets.npm import npm_command

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
HERE = ROOT / "tests" / "thirdparty"
NODE = shutil.which("node") or npm_command(ROOT / "locks" / "node.lock")[0]


class NodeProgram:
    """A script of tests/thirdparty under Node.js; its lines of JSON are collected in a file."""

    def __init__(self, script: str, *arguments: str, log: Path) -> None:
        self._log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [NODE, str(HERE / script), *arguments],
                cwd=HERE,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        complete = self._log.read_text("utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in complete.splitlines() if line.startswith("{")]

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word.encode() + b"\n")
        self.process.stdin.flush()


@pytest.fixture
def node_program(tmp_path: Path) -> Iterator[Callable[..., NodeProgram]]:
    started: list[NodeProgram] = []

    def start(script: str, *arguments: str) -> NodeProgram:
        started.append(NodeProgram(script, *arguments, log=tmp_path / f"{script}.log"))
        return started[-1]

    yield start
    for program in started:
        program.process.kill()
        program.process.wait()
        assert program.process.stdin is not None
        program.process.stdin.close()


def by_name(message: dict[str, Any]) -> dict[str, Any]:
    return {metric["name"]: metric for metric in message["metrics"] if "name" in metric}


def test_a_foreign_client_decodes_our_agents_births_and_data(
    start: Any, until: Any, mosquitto: Any, node_program: Any, tmp_path: Path
) -> None:
    url = f"mqtt://127.0.0.1:{mosquitto.port}"
    listener = node_program("listen.js", url, "demo")
    until("the listener's subscription", lambda: listener.lines)
    settings = tmp_path / "agent.toml"
    settings.write_text(
        f'group = "demo"\nnode = "99990001"\nhost_id = ""\n[uplink]\nbroker = "{url}"\ndatatypes_in_data = true\n'
        f'[journal]\ndirectory = "{tmp_path / "journal"}"\n[host]\nevery_s = 1\n'
    )
    start("agent", "run", "--config", str(settings))

    [birth] = until(
        "an NBIRTH", lambda: [m for m in listener.lines if m.get("topic") == "spBv1.0/demo/NBIRTH/99990001"]
    )
    metrics = by_name(birth)
    assert birth["seq"] == 0
    assert metrics["bdSeq"]["type"] == "Int64"
    assert metrics["Node Control/Rebirth"]["value"] is False
    assert metrics["Journal/Epoch"]["type"] == "String"
    assert metrics["host/mem_used_pct"]["type"] == "Float"

    aliases = {metric["alias"]: name for name, metric in metrics.items() if "alias" in metric}
    data = until("an NDATA", lambda: [m for m in listener.lines if m.get("topic") == "spBv1.0/demo/NDATA/99990001"])
    values = {aliases[metric["alias"]]: metric["value"] for metric in data[0]["metrics"]}
    assert values["Journal/Offset"] >= 1
    assert data[0]["seq"] == 1
    assert not [line for line in listener.lines if "error" in line]


def test_a_foreign_edge_node_appears_on_the_hub(
    start: Any, until: Any, mosquitto: Any, node_program: Any, free_port: Any, hub_at: Any, tmp_path: Path
) -> None:
    url, port = f"mqtt://127.0.0.1:{mosquitto.port}", free_port()
    start(
        "hub",
        "serve",
        "--data-dir",
        str(tmp_path / "hub"),
        "--group",
        "demo",
        "--http",
        f"127.0.0.1:{port}",
        "--broker",
        url,
    )
    hub = hub_at(port)
    until("the hub", lambda: hub.ready)
    edge = node_program("edge.js", url, "demo", "77770001")

    def value(metric: str) -> Any:
        device = hub.get("/api/v1/nodes/demo/77770001/devices/p9-receiver") or {"values": {}}
        return device["values"].get(metric, {}).get("value")

    until("the receiver's birth", lambda: value("signal/cnr_db") == 12.5)
    assert hub.get("/api/v1/nodes/demo/77770001")["online"] is True
    edge.tell("data")
    until("the receiver's data", lambda: value("signal/cnr_db") == 9.25)
    edge.tell("stop")
    until("the node's death", lambda: (hub.get("/api/v1/nodes/demo/77770001") or {}).get("online") is False)
