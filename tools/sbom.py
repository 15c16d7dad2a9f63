"""Writes the software bill of materials (CycloneDX 1.6) from the lock files: python -m tools.sbom [FILE]

The same bytes for the same locks: no moment stands in it but SOURCE_DATE_EPOCH, and its number is made of what it lists.
"""

import os
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.components import ROOT, UNKNOWN, Component, components

SBOM = ROOT / "dist" / "sbom.cdx.json"
_OURSELVES = "dltv-fleet"


def bom(version: str, moment: datetime) -> Bom:
    """Of the release of that version."""
    found = components()
    parts = {(each.kind, each.name): _part(each) for each in found}
    ours = Part(name=_OURSELVES, version=version, type=ComponentType.APPLICATION, bom_ref=_OURSELVES)
    made = Bom(components=parts.values(), serial_number=uuid5(NAMESPACE_URL, repr((version, found))))
    made.metadata.component, made.metadata.timestamp = ours, moment
    for each in found:
        asked = [parts["pypi", name] for name in sorted(each.asked_by) if ("pypi", name) in parts]
        for one in asked or [ours]:
            made.register_dependency(one, [parts[each.kind, each.name]])
    return made


def _part(told: Component) -> Part:
    url = PackageURL(told.kind, *_named(told.name), told.version)
    hashes = [HashType(alg=HashAlgorithm(algorithm), content=digest) for algorithm, digest in told.hashes]
    where = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(url.to_string()), hashes=hashes)
    licences = [] if told.licence == UNKNOWN else [LicenseFactory().make_from_string(told.licence)]
    return Part(
        name=told.name,
        version=told.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=BomRef(str(url)),
        licenses=licences,
        external_references=[where],
    )


def _named(name: str) -> tuple[str | None, str]:
    """Scope and name, as npm has them."""
    scope, slash, rest = name.partition("/")
    return (scope, rest) if slash else (None, name)


def text(version: str, moment: datetime) -> str:
    """One JSON document."""
    return JsonV1Dot6(bom(version, moment)).output_as_string(indent=1) + "\n"


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SBOM
    moment = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text(_version(), moment), "utf-8")
    print(f"{target}: {len(components())} components")


if __name__ == "__main__":
    main()
