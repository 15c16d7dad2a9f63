"""What a release is made of, read from the lock files: Python packages, and the web assets that the hub serves.

The locks say names, versions, hashes and who needs what; of whom a package is, its own metadata says, where it is installed here.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from hub.bundles.lock import read_pins

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "locks" / "run.lock"
ASSETS = ROOT / "provisioning" / "assets" / "package-lock.json"
_BLOCK = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*\n(?P<rest>(?:[ \t].*\n?)*)", re.MULTILINE)
_ASKED = re.compile(r"^\s+#\s+(?:via\s+)?([A-Za-z0-9._-]+)\s*$", re.MULTILINE)
_NODE_MODULES = "node_modules/"
_BY_CLASSIFIER = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
_SAID_ELSEWHERE = {"colorama": "BSD-3-Clause", "protobuf": "BSD-3-Clause", "pysnmp": "BSD-2-Clause"}
"""By what lies beside their sources: they do not say it as SPDX writes it, or are for another system than this one."""
UNKNOWN = "NOASSERTION"


@dataclass(frozen=True, slots=True)
class Component:
    """kind: pypi or npm; hashes: algorithm and digest in hex, of the files that may be installed; asked_by: of the same kind"""

    kind: str
    name: str
    version: str
    licence: str
    hashes: tuple[tuple[str, str], ...]
    asked_by: frozenset[str] = frozenset()


def components(lock: Path = LOCK, assets: Path = ASSETS) -> list[Component]:
    """In the order of their names."""
    return sorted([*_python(lock.read_text("utf-8")), *_web(assets)], key=lambda each: (each.kind, each.name))


def _python(text: str) -> Iterator[Component]:
    asked = {str(canonicalize_name(found["name"])): _asked_by(found["rest"]) for found in _BLOCK.finditer(text)}
    for name, pin in read_pins(text).items():
        hashes = tuple(("SHA-256", each) for each in sorted(pin.hashes))
        yield Component("pypi", name, str(pin.version), _licence(name), hashes, asked.get(name, frozenset()))


def _asked_by(rest: str) -> frozenset[str]:
    return frozenset(canonicalize_name(each) for each in _ASKED.findall(rest)) - {"via"}


def _licence(name: str) -> str:
    """As SPDX writes it, where the package says so or one can tell."""
    if name in _SAID_ELSEWHERE:
        return _SAID_ELSEWHERE[name]
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return UNKNOWN
    if expression := _said(told, "License-Expression"):
        return expression[0]
    classifiers = [each.rpartition(" :: ")[2] for each in _said(told, "Classifier") if each.startswith("License")]
    known = sorted({_BY_CLASSIFIER[each] for each in classifiers if each in _BY_CLASSIFIER})
    return " OR ".join(known) or _short("".join(_said(told, "License"))) or UNKNOWN


def _said(told: PackageMetadata, field: str) -> list[str]:
    return [str(each) for each in told.get_all(field) or ()]


def _short(text: str) -> str:
    """Some write the whole text of it there."""
    return text if len(text) < 40 and "\n" not in text else ""


def _web(path: Path) -> Iterator[Component]:
    for place, told in json.loads(path.read_text("utf-8"))["packages"].items():
        if place.startswith(_NODE_MODULES):
            name = place.rpartition(_NODE_MODULES)[2]
            yield Component("npm", name, told["version"], told.get("license", UNKNOWN), tuple(_integrity(told)))


def _integrity(told: dict[str, str]) -> Iterator[tuple[str, str]]:
    algorithm, _, digest = told.get("integrity", "").partition("-")
    if algorithm == "sha512":
        yield "SHA-512", b64decode(digest).hex()
