"""`dltv-hub schools import`: take over a list of schools; without --apply only say what would change."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from hub.commands.lists import list_in
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, one_group, settings_of, the_store
from hub.core.people import AT_THE_CONSOLE
from hub.mqtt.host_client import utc_ms
from hub.schools.changes import Changes
from hub.schools.records import RowMistake
from hub.store.schools import SchoolRegister, seal
from hub.trust.lists import read_list
from hub.web.language import Language, load_language

HELP = "the register of schools: import a list"
_SHOWN = 20


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="import")
    take = verbs.add_parser("import", help="take over a list: CSV, XLSX or JSON")
    take.add_argument("file", type=Path, metavar="FILE", help="a list with a column for code and name at least")
    take.add_argument("--group", metavar="G", help="the district; without it the only one of the hub")
    take.add_argument("--apply", action="store_true", help="change the register; without it only say what would change")
    add_settings(take)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    group, words = one_group(options.group, settings), load_language("en")
    listed = list_in(options.file, read_list, words)
    _tell(listed.mistakes, words)
    if listed.mistakes:
        raise CommandMistake(
            f"{options.file}: {len(listed.mistakes)} mistakes; correct them there, nothing was changed"
        )
    _tell(listed.doubts, words)
    with the_store(settings) as store:
        register = SchoolRegister(store)
        changes = register.preview(group, listed)
        if options.apply:
            register.take_over(group, listed, seal(changes), AT_THE_CONSOLE, utc_ms())
    _summarise(changes, applied=options.apply)
    return 0


def _tell(mistakes: Iterable[RowMistake], words: Language) -> None:
    for each in mistakes:
        place = " ".join(filter(None, (f"row {each.row}" if each.row else "", each.field)))
        print(f"{place}: {words.lookup(f'import.{each.code}')} {each.value}".rstrip(), file=sys.stderr)


def _summarise(changes: Changes, *, applied: bool) -> None:
    for each in changes.changed[:_SHOWN]:
        told = "; ".join(f"{name} {before} -> {then}" for name, before, then in each.fields)
        print(f"{each.school.code} {each.school.name}: {told}")
    counts = f"{len(changes.new)} new, {len(changes.changed)} changed, {changes.same} the same"
    print(f"{counts}; {len(changes.absent)} that are not in the list stay")
    if not applied:
        print("nothing was changed; add --apply to take it over")
    elif not changes.new and not changes.changed:
        print("the register had all of it already; nothing was changed")
    else:
        print(f"taken over: {len(changes.new)} schools added to the register, {len(changes.changed)} corrected in it")
