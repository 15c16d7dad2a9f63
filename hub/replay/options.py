"""The options of `dltv-hub replay` and `whatif`. What runs them is imported only where it is run."""

import argparse
from pathlib import Path

BATCH = 20_000
"""Lines in a transaction. Memory grows with it, and so does what is saved with each."""


def add_replay_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--inventory", type=Path, required=True, metavar="F.json", help="the register of the district")
    parser.add_argument(
        "--recording", type=Path, required=True, metavar="F.ndjson[.gz]", help="what was heard, a line a message"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="F.json", help="where the result goes")
    parser.add_argument("--settings", type=Path, metavar="hub.toml", help="settings to judge by; without it the usual")
    parser.add_argument(
        "--keep", type=Path, metavar="F.db", help="keep the database here, so that a stopped replay can go on"
    )
    parser.add_argument("--batch", type=int, default=BATCH, metavar="N", help=f"lines in a transaction ({BATCH})")
    parser.add_argument("--progress", action="store_true", help="say how far it is, also where that is no terminal")


def add_whatif_options(parser: argparse.ArgumentParser) -> None:
    """Besides those that name the hub's settings."""
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        required=True,
        metavar="detection.NAME=VALUE",
        help="a setting as it would be; may be repeated",
    )
    parser.add_argument("--days", type=_days, default=30, metavar="N", help="how many days to look back (30)")
    parser.add_argument("--progress", action="store_true", help="say how far it is, also where that is no terminal")


def _days(text: str) -> float:
    days = float(text)
    if not 0 < days <= 400:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 400 days")
    return days
