"""`dltv-hub assets import` (without --apply it only says what would change) and `dltv-hub assets export`."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.assets.asking import Wanted
from hub.assets.changes import Changes, written_changes
from hub.assets.records import RowMistake
from hub.commands.lists import list_in
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, one_group, settings_of, the_store
from hub.core.people import AT_THE_CONSOLE
from hub.mqtt.host_client import utc_ms
from hub.office.asset_lists import AssetFiles, Letterhead, read_list, seal
from hub.store.unit_of_work import Store
from hub.web.language import Language, load_language
from hub.web.settings import WebSettings

HELP = "the register of assets: import a list, export it"
_SHOWN = 20


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="import|export")
    take = verbs.add_parser("import", help="take over a list: CSV or XLSX")
    take.add_argument("file", type=Path, metavar="FILE", help="a list with a column for number, serial or hub id")
    take.add_argument("--group", metavar="G", help="the district; without it the only one of the hub")
    take.add_argument("--apply", action="store_true", help="change the register; without it only say what would change")
    add_settings(take)
    give = verbs.add_parser("export", help="write the register, as the ending of FILE says")
    give.add_argument("file", type=Path, metavar="FILE", help="assets.csv or assets.xlsx")
    give.add_argument("--language", choices=("th", "en"), default="th", help="of the headings and words")
    add_settings(give)


def run(options: argparse.Namespace) -> int:
    return _export(options) if options.verb == "export" else _import(options)


def _import(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    group, words = one_group(options.group, settings), load_language("en")
    listed = list_in(options.file, read_list, words)
    with the_store(settings) as store:
        files = _files(store)
        changes = files.preview(group, listed, AT_THE_CONSOLE)
        _tell((*changes.mistakes, *changes.doubts), words)
        if changes.mistakes:
            many = len(changes.mistakes)
            raise CommandMistake(f"{options.file}: {many} mistakes; correct them there, nothing was changed")
        if options.apply and files.apply(group, listed, seal(changes), AT_THE_CONSOLE) is None:
            raise CommandMistake("the register was changed meanwhile; try again")
    _summarise(changes, applied=options.apply)
    return 0


def _export(options: argparse.Namespace) -> int:
    kind = options.file.suffix.lower().removeprefix(".")
    if kind not in ("csv", "xlsx"):
        raise CommandMistake(f"{options.file}: end its name with .csv or .xlsx")
    with the_store(settings_of(options)) as store:
        data = _files(store).export(AT_THE_CONSOLE, Wanted(state=""), kind, options.language)
    try:
        options.file.write_bytes(data)
    except OSError as error:
        raise CommandMistake(f"{options.file}: cannot be written ({error.strerror})") from None
    print(f"written: {options.file}")
    return 0


def _files(store: Store) -> AssetFiles:
    # Stickers are printed from the pages, whose address stands on them.
    return AssetFiles(store, Letterhead("", ""), utc_ms, ZoneInfo(WebSettings().time_zone))


def _tell(mistakes: Iterable[RowMistake], words: Language) -> None:
    for each in mistakes:
        place = " ".join(filter(None, (f"row {each.row}" if each.row else "", each.field)))
        print(f"{place}: {each.value} {words.lookup(f'asset_flaw.{each.code}')}", file=sys.stderr)


def _summarise(changes: Changes, *, applied: bool) -> None:
    for each in changes.changed[:_SHOWN]:
        told = "; ".join(f"{name} {before} -> {then}" for name, before, then in written_changes(each, "en"))
        print(f"{each.now.number or each.now.id}: {told}")
    counts = f"{len(changes.new)} new, {len(changes.changed)} changed, {changes.same} the same"
    print(f"{counts}; {changes.absent} that are not in the list stay")
    if not applied:
        print("nothing was changed; add --apply to take it over")
