"""What people type is never part of the program that makes a paper."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import hub.documents
from hub.documents.catalogue import Form, load_forms
from hub.documents.declaration import Kind
from hub.documents.filling import Heading
from hub.documents.printing import print_form
from tests.hub.documents.test_forms import bare, poppler

TEMPLATES = sorted(Path(hub.documents.__file__).parent.rglob("*.typ"))
RUNS = re.compile(r"\b(eval|plugin|read|include|cbor|csv|xml|yaml)\s*\(")
MARKUP = '#import"m"#(y+y)*a*_b_$x^n$`c`\\u{ab}<t>@r[s]=h//n'


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_runs_or_reads_what_stands_in_its_data(path: Path) -> None:
    lines = [line.partition("//")[0] for line in path.read_text("utf-8").splitlines()]
    assert [line for line in lines if RUNS.search(line)] == []
    asked = [line for line in lines if re.search(r"\b(json|toml|image)\(", line)]
    assert [line for line in asked if "bytes(" not in line and 'toml("words.toml")' not in line] == []


@pytest.mark.parametrize("form_id", sorted(load_forms()))
def test_markup_stands_in_every_field_of_every_form_as_it_was_typed(form_id: str) -> None:
    """Wherever a plain word is printed, markup is, letter by letter."""
    form = load_forms()[form_id]
    plain, tricky = (placed(form, text) for text in ("plain", MARKUP))
    seen = [at for at in plain.texts if bare(plain.texts[at]) in plain.printed()]
    printed = tricky.printed()
    assert seen
    assert [at for at in seen if bare(tricky.texts[at]) not in printed] == []


@dataclass
class Placed:
    """A form, and by number each text that stands somewhere in its values."""

    form: Form
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        at = len(self.texts) + 1
        self.texts[at] = f"q{at}q{text}"
        return self.texts[at]

    def printed(self) -> str:
        pdf = print_form(self.form, self.values, Heading(office="-", group="-"))
        # Cell by cell: in the order of lines the cells of a row would stand in one another.
        return bare(poppler(pdf, "-raw"))


def placed(form: Form, text: str) -> Placed:
    made, typed = Placed(form), (Kind.TEXT, Kind.LINES, Kind.CODE)
    for key, one in form.declaration.fields.items():
        if one.type in typed:
            made.values[key] = made.text(text)
        elif one.type is Kind.SIGN:
            made.values[key] = {"name": made.text(text), "position": made.text(text)}
        elif one.type is Kind.TABLE:
            columns = [name for name, column in one.columns.items() if column.type in typed]
            made.values[key] = [{name: made.text(text) for name in columns} for _ in range(2)]
    return made
