"""`dltv-hub replay`, run: one line about every mistake."""

import argparse
import logging
import os
from collections.abc import Callable

from firmware_profiles.toml_model import TomlMistake
from hub.config import HubSettings, read_settings
from hub.core.texts import Text
from hub.replay.errors import ReplayMistake
from hub.replay.progress import Bar
from hub.replay.run import Replay, Wish
from hub.store.errors import StoreError
from hub.store.inventory import InventoryMistake
from hub.web.figures import Figures
from hub.web.language import load_language

MISTAKES = (ReplayMistake, InventoryMistake, StoreError, TomlMistake)
STOPPED = 130
"""As shells have it for a program that was stopped by Ctrl-C."""


def run(options: argparse.Namespace) -> int:
    """The exit code."""
    bar = Bar(asked=options.progress)
    try:
        settings = read_settings(options.settings, os.environ, {})
        wish = Wish(options.inventory, options.recording, options.out, settings, options.keep, max(1, options.batch))
        with bar.stoppable():
            return _replayed(wish, bar)
    except MISTAKES as mistake:
        bar.say(f"dltv-hub: {mistake}")
        return 2
    except KeyboardInterrupt:
        way_on = "the same command goes on where it was" if options.keep else "nothing was written"
        bar.say(f"dltv-hub: the replay was stopped; {way_on}")
        return STOPPED


def _replayed(wish: Wish, bar: Bar) -> int:
    logging.getLogger("hub").setLevel(logging.WARNING)
    found = Replay(wish, sentences(wish.settings), bar, bar.say).run()
    counts = found["counts"]
    pace = counts["messages"] / max(counts["seconds"], 0.001)
    bar.say(
        f"{counts['messages']:,} lines in {counts['seconds']:.1f} s ({pace:,.0f}/s), {counts['rejected']:,} refused: "
        f"{len(found['tickets'])} tickets, {len(found['incidents'])} incidents"
    )
    return 0


def sentences(settings: HubSettings) -> Callable[[Text], str]:
    """Stored texts in English, with times of the schools' own zone, for programs: without the spaces that browsers need."""
    figures = Figures(load_language("en"), settings.zone)
    return lambda text: figures.text(text).replace("\u00a0", " ")
