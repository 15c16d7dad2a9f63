"""Writes docs/licences.md, under which licences what we build on may be used: python -m tools.licences. A test keeps it.

Without versions: a newer one of the same package changes nothing here as long as its licence stays.
"""

from tools.components import ROOT, Component, components

PAGE = ROOT / "docs" / "licences.md"
_HEAD = """# Licences of what is built in

dltv-fleet is run with these packages, all from the lock files (`locks/run.lock`, `provisioning/assets/package-lock.json`).
Versions, checksums and who needs what stand in the bill of materials ([security](security.md#what-it-is-made-of)).
This page is written by `python -m tools.licences`.

| Package | From | Licence (SPDX) |
|---|---|---|
"""
_FROM = {"npm": "npm", "pypi": "PyPI"}


def page() -> str:
    return _HEAD + "".join(map(_row, components()))


def _row(told: Component) -> str:
    return f"| {told.name} | {_FROM[told.kind]} | {told.licence} |\n"


def main() -> None:
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
