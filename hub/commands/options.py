"""The options that commands on a hub's own things share: those that name its settings, and a district of it."""

import argparse
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hub.commands.mistake import CommandMistake
from hub.config import HubSettings, read_settings
from hub.store.opening import open_store
from hub.store.unit_of_work import Store

OPTIONS = {
    "data_dir": "--data-dir",
    "groups": "--group",
    "host_id": "--host-id",
    "http.listen": "--http",
    "mqtt.listen": "--mqtt",
    "broker.url": "--broker",
    "accounts.demo": "--demo",
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


def one_group(given: str | None, settings: HubSettings) -> str:
    """Raises CommandMistake where it is none of the hub's, or could be several."""
    group = given or settings.groups[0]
    if group not in settings.groups or (not given and len(settings.groups) > 1):
        raise CommandMistake(f"--group: name one of {', '.join(settings.groups)}")
    return group


@contextmanager
def the_store(settings: HubSettings) -> Iterator[Store]:
    """The hub's database, also while the hub runs: for commands that look or change a little. Raises StoreError."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.store_url)
    try:
        yield store
    finally:
        store.close()
