"""Writes the table of devices in docs/devices.md from the catalogue: python -m tools.device_table. A test keeps it true."""

from collections.abc import Iterator
from pathlib import Path

from firmware_profiles.loader import load_catalog
from firmware_profiles.schema import Profile

PAGE = Path(__file__).parents[1] / "docs" / "devices.md"
BEGIN, END = "<!-- device table: python -m tools.device_table -->", "<!-- end of device table -->"


def table() -> str:
    catalogue = load_catalog()
    rows = ["| device | profile | how it is reached | what it tells |", "|---|---|---|---|"]
    profiles = [catalogue.profile(profile_id) for profile_id in catalogue]
    return "\n".join(rows + [_row(profile) for profile in sorted(profiles, key=lambda one: (one.kind, one.id))])


def _row(profile: Profile) -> str:
    metrics = ", ".join(f"`{metric}`" for metric in profile.metrics)
    reached = ", ".join(_ways(profile)) or "the agent's own computer"
    return f"| {profile.label.en} ({profile.kind}) | `{profile.id}` | {reached} | {metrics} |"


def _ways(profile: Profile) -> Iterator[str]:
    for scheme in profile.link.schemes:
        link = getattr(profile.link, scheme.value)
        detail = getattr(link, "port", None) or getattr(link, "baud", None)
        if scheme.value == "command":
            detail = link.run[0]
        yield f"{scheme.value} {detail}" if detail else scheme.value


def filled(page: str) -> str:
    """The page with the table as it should be."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{PAGE} has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
