"""Wheels of invented packages, written as small files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.bundles.wheel import Wheel, read_wheel, write_wheel

MakeWheel = Callable[..., Wheel]


@pytest.fixture
def make_wheel(tmp_path: Path) -> MakeWheel:
    """make_wheel("alpha", "1.0", "beta>=2"): a wheel that needs beta."""

    def make(name: str, version: str, *requires: str, tag: str = "py3-none-any", folder: Path = tmp_path) -> Wheel:
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in requires)]
        info = f"{name}-{version}.dist-info"
        metadata = "Metadata-Version: 2.1\n" + "\n".join(lines) + "\n"
        files = {
            f"{name}/__init__.py": b"",
            f"{info}/METADATA": metadata.encode(),
            f"{info}/WHEEL": f"Tag: {tag}\n".encode(),
        }
        path = folder / f"{name}-{version}-{tag}.whl"
        path.write_bytes(write_wheel(files))
        return read_wheel(path)

    return make
