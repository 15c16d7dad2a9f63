"""What operators are told of their mistakes. Loaded when there is one: each command would wait for all that is named here."""

import argparse
import sys

from firmware_profiles.toml_model import TomlMistake
from hub.accounts.errors import AccountError
from hub.backups.errors import BackupMistake
from hub.bundles.errors import BundleMistake
from hub.commands.mistake import CommandMistake
from hub.commands.options import OPTIONS, given
from hub.mqtt.embedded_broker import BrokerCannotListen
from hub.pki.errors import PkiError
from hub.releases.errors import ReleaseMistake
from hub.store.errors import StoreError
from hub.store.inventory import InventoryMistake
from hub.web.boundaries import BoundariesMistake
from hub.web.district_names import DistrictsMistake
from hub.web.server import CannotListen

MISTAKES = (
    CommandMistake,
    BackupMistake,
    PkiError,
    AccountError,
    TomlMistake,
    BundleMistake,
    BrokerCannotListen,
    CannotListen,
    StoreError,
    InventoryMistake,
    BoundariesMistake,
    DistrictsMistake,
    ReleaseMistake,
)
"""What the operator can mend."""


def complain(mistake: Exception, options: argparse.Namespace) -> int:
    """One line a mistake. What the command line said is called by its option, not by the key that it sets."""
    for each in (mistake, *mistake.others) if isinstance(mistake, TomlMistake) else (mistake,):
        line = each.one_line if isinstance(each, TomlMistake) else str(each)
        if isinstance(each, TomlMistake) and (key := each.key.partition("[")[0]) in given(options):
            line = f"{OPTIONS[key]}: {each.problem}; {each.way_out}"
        print(f"dltv-hub: {line}", file=sys.stderr)
    return 2
