"""`dltv-hub report`: the papers and the workbook of a month, a quarter or a fiscal year, as files."""

import argparse
from contextlib import closing
from datetime import date
from pathlib import Path

from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, settings_of
from hub.config import HubSettings
from hub.core.people import AT_THE_CONSOLE
from hub.office.office import Office
from hub.office.reports import Reports
from hub.reports.period import NoSuchPeriod, Period, around, read_period
from hub.store.inventory import Inventory, read_inventory
from hub.store.opening import open_there

HELP = "the papers and the workbook of a month, a quarter or a fiscal year"


def add(parser: argparse.ArgumentParser) -> None:
    span = parser.add_mutually_exclusive_group()
    span.add_argument("--month", metavar="2570-01", help="a month of the Buddhist era")
    span.add_argument("--quarter", metavar="2570-1", help="a quarter of the fiscal year, which begins in October")
    span.add_argument("--year", metavar="2570", help="a fiscal year; without any of these, the running quarter")
    parser.add_argument("--group", metavar="G", help="only this district")
    parser.add_argument(
        "--out", type=Path, default=Path("reports"), metavar="DIR", help="where they go; reports without"
    )
    parser.add_argument("--language", choices=("th", "en"), default="th", help="of the workbook (th)")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Raises CommandMistake."""
    settings = settings_of(options)
    with closing(open_there(settings.store_url)) as store:
        reports = Office(store, settings, settings.zone, inventory=_inventory(settings)).reports
        try:
            _write(reports, _period(options, reports.today()), options)
        except OSError as error:
            raise CommandMistake(f"--out {options.out}: cannot be written ({error.strerror})") from None
    return 0


def _write(reports: Reports, period: Period, options: argparse.Namespace) -> None:
    groups = reports.districts(AT_THE_CONSOLE)
    if options.group is not None and options.group not in groups:
        raise CommandMistake(
            f"--group {options.group}: nothing is known of it; there are {', '.join(groups) or 'none'}"
        )
    report = reports.report(period, (options.group,) if options.group else groups)
    options.out.mkdir(parents=True, exist_ok=True)
    for paper in reports.papers:
        made = reports.print_report(paper.form, report, AT_THE_CONSOLE)
        if made is not None:
            _put(options.out / f"{paper.form}-{period.key}.pdf", made)
    _put(options.out / f"report-{period.key}.xlsx", reports.workbook(report, options.language))


def _period(options: argparse.Namespace, today: date) -> Period:
    quarter = options.quarter and options.quarter.lower().replace("-q", "-").replace("-", "-q")
    key = options.month or quarter or options.year
    if key is None:
        return around(today)[1]
    try:
        return read_period(key)
    except NoSuchPeriod as mistake:
        raise CommandMistake(str(mistake)) from None


def _inventory(settings: HubSettings) -> Inventory | None:
    return read_inventory(settings.inventory) if settings.inventory else None


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    print(path)
