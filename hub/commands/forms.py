"""`dltv-hub forms`: the papers of the office, each with invented data, or empty for the pen."""

import argparse
from pathlib import Path

from hub.commands.mistake import CommandMistake
from hub.documents.catalogue import Form, load_forms
from hub.documents.filling import Heading, WrongValues, heading_of
from hub.documents.printing import print_form
from hub.documents.tabulating import table_of
from hub.office.papering.record import record_forms
from hub.sheets.writing import write_workbook
from hub.workflows.loading import load_definitions

HELP = "the papers of the office: with invented data, or empty for the pen"


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--sample", action="store_true", help="one of each, with invented data; tables as XLSX too")
    what.add_argument("--blank", action="store_true", help="one of each, empty")
    what.add_argument("--list", action="store_true", help="which there are")
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these, for example F01 F11")
    parser.add_argument("--out", type=Path, default=Path("forms"), metavar="DIR", help="where they go; forms without")
    parser.add_argument("--digits", choices=("thai", "arabic"), help="figures; as each form is used to without")
    parser.add_argument("--office", metavar="NAME", help="what stands above the empty ones")


def run(options: argparse.Namespace) -> int:
    """Raises CommandMistake."""
    for form in _chosen(options.ids):
        if options.list:
            print(f"{form.declaration.id}  {form.declaration.english}  ({form.declaration.thai})")
            continue
        try:
            _write(form, options)
        except WrongValues as mistake:
            raise CommandMistake(f"{form.declaration.id}: {mistake}") from None
        except OSError as error:
            raise CommandMistake(f"--out {options.out}: cannot be written ({error.strerror})") from None
    return 0


def _chosen(ids: list[str]) -> list[Form]:
    forms = _all()
    for name in ids:
        if name.upper() not in forms:
            raise CommandMistake(f"{name}: no such form; there are {', '.join(forms)}")
    return [forms[name.upper()] for name in ids] or list(forms.values())


def _all() -> dict[str, Form]:
    """Those with a layout of their own, and the records of requests."""
    found = {**load_forms(), **record_forms(load_definitions().values())}
    return {name: found[name] for name in sorted(found)}


def _write(form: Form, options: argparse.Namespace) -> None:
    values = form.sample["values"] if options.sample else {}
    # A name that is not allowed is the operator's mistake, like a value of a sample is ours.
    said = {"office": options.office} if options.office else {}
    heading: Heading = heading_of(form.sample["heading"] if options.sample else said)
    name = f"{form.declaration.id}-{form.declaration.slug}"
    options.out.mkdir(parents=True, exist_ok=True)
    _put(options.out / f"{name}.pdf", print_form(form, values, heading, options.digits))
    table = table_of(form, values) if options.sample else None
    if table:
        _put(options.out / f"{name}.xlsx", write_workbook(table.title, table.heading, table.rows))


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    print(path)
