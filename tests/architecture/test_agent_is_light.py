"""The agent runs on what its own extra installs; what costs memory is imported only when a device needs it."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = {"asyncio", "pysnmp", "http.server", "unittest", "multiprocessing"}


def modules_of(statement: str) -> set[str]:
    """What stands in sys.modules after `statement`, in an interpreter of its own."""
    program = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_agent_imports_nothing_of_the_hub_nor_of_what_the_hub_needs() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    names = {extra: {line.split(">=")[0].replace("-", "_") for line in extras[extra]} for extra in ("agent", "hub")}
    imported = {name.partition(".")[0] for name in modules_of("import agent.__main__, agent.app")}
    assert imported & {"hub", "bench", "provisioning", *(names["hub"] - names["agent"] - {"paho_mqtt"})} == set()


def test_the_agent_starts_without_what_is_heavy() -> None:
    assert modules_of("import agent.__main__, agent.app") & HEAVY == set()
