"""`dltv-hub whatif`, run: which tickets would come and go, as a table."""

import argparse
import os
import sys
import tomllib
from collections.abc import Iterable
from contextlib import closing

from firmware_profiles.toml_model import TomlMistake
from hub.config import HubSettings, read_settings
from hub.mqtt.host_client import utc_ms
from hub.replay.command import MISTAKES, STOPPED
from hub.replay.errors import ReplayMistake
from hub.replay.progress import Bar
from hub.replay.whatif import Comparison, Fault, Question, Weeks
from hub.store.inventory import read_inventory
from hub.store.opening import open_there
from hub.store.past import newest_report
from hub.web.figures import Figures
from hub.web.language import load_language

JUDGING = ("detection.", "calendar.")
"""What changes which tickets there are."""


def run(options: argparse.Namespace) -> int:
    """The exit code."""
    bar = Bar(asked=options.progress)
    try:
        said = {} if options.data_dir is None else {"data_dir": options.data_dir}
        now = read_settings(options.config, os.environ, said)
        then = read_settings(options.config, os.environ, {**said, **dict(map(setting, options.settings))})
        with bar.stoppable():
            found = _asked(now, then, options.days, bar)
    except MISTAKES as mistake:
        bar.say(f"dltv-hub: {mistake.one_line if isinstance(mistake, TomlMistake) else mistake}")
        return 2
    except KeyboardInterrupt:
        bar.say("dltv-hub: stopped")
        return STOPPED
    bar.clear()
    sys.stdout.writelines(f"{line}\n" for line in table(found, Figures(load_language("en"), now.zone)))
    return 0


def setting(said: str) -> tuple[str, object]:
    """`detection.silent_class_min=30` as key and value. Raises ReplayMistake."""
    key, equals, value = said.partition("=")
    if not equals or not key.startswith(JUDGING):
        raise ReplayMistake(f"--set {said}: write detection.NAME=VALUE or calendar.NAME=VALUE")
    try:
        return key, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key, value


def _asked(now: HubSettings, then: HubSettings, days: float, bar: Bar) -> Comparison:
    inventory = read_inventory(now.inventory) if now.inventory else None
    with closing(open_there(now.store_url)) as store:
        newest = newest_report(store)
        if newest is None:
            raise ReplayMistake("the hub has no reports yet: there is nothing to judge again")
        weeks = Weeks.before(min(newest, utc_ms()), days)
        return Question(store, inventory, weeks).ask(now, then, lambda share: bar("judging again", share))


def table(found: Comparison, figures: Figures) -> Iterable[str]:
    """Lines for a terminal."""
    for heading, faults in (("would come", found.come), ("would go", found.go)):
        yield f"{heading}: {len(faults)}"
        yield from (f"  {_line(fault, figures)}" for fault in faults)
    yield f"would be opened at another time: {len(found.moved)}"
    yield from (f"  {_line(each.now, figures)} -> {figures.moment(each.then.opened_at)}" for each in found.moved)
    yield f"would be as they are: {found.same}"


def _line(fault: Fault, figures: Figures) -> str:
    node = fault.place.device.node
    place = fault.place.dish or fault.place.device.device or "computer"
    return (
        f"{node.school:12} {place:16} {fault.cause:20} since {figures.moment(fault.onset_at)}, "
        f"opened {figures.moment(fault.opened_at)}"
    )
