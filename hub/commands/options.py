"""The options that name the hub's settings, shared by the commands that work on a hub's own things."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from hub.config import HubSettings, read_settings

OPTIONS = {
    "data_dir": "--data-dir",
    "groups": "--group",
    "host_id": "--host-id",
    "http.listen": "--http",
    "mqtt.listen": "--mqtt",
    "broker.url": "--broker",
}
"""The option that sets each key."""


def add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="F", help="a file of settings (TOML)")
    parser.add_argument("--data-dir", metavar="D", help="where the hub keeps its things")


def settings_of(options: argparse.Namespace) -> HubSettings:
    """Raises TomlMistake."""
    return read_settings(options.config, os.environ, given(options))


def given(options: argparse.Namespace) -> Mapping[str, object]:
    """What the command line sets, by key."""
    said = {key: getattr(options, key.replace(".", "_"), None) for key in OPTIONS}
    return {key: value for key, value in said.items() if value is not None}
