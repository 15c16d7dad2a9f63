"""Writes the tables of forms in docs/forms.md from hub/documents/forms: python -m tools.form_table. A test keeps them true."""

import tomllib
from pathlib import Path

from hub.documents.catalogue import FORMS, Form, load_forms

PAGE = Path(__file__).parents[1] / "docs" / "forms.md"
BEGIN, END = "<!-- form table: python -m tools.form_table -->", "<!-- end of form table -->"


def table() -> str:
    rows = [
        "| id | Thai name | English name | when it is made | files | from which data |",
        "|---|---|---|---|---|---|",
    ]
    rows += map(_row, load_forms().values())
    rows += ["", "No papers of their own:", "", "| id | Thai name | English name | why |", "|---|---|---|---|"]
    others = tomllib.loads((FORMS / "register.toml").read_text("utf-8"))
    rows += [f"| {key} | {each['thai']} | {each['english']} | {each['reason']} |" for key, each in others.items()]
    return "\n".join(rows)


def _row(form: Form) -> str:
    said = form.declaration
    files = "PDF, XLSX" if said.workbook else "PDF"
    return f"| {said.id} | {said.thai} | {said.english} | {said.when} | {files} | {said.data} |"


def filled(page: str) -> str:
    """The page with the tables as they should be."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{PAGE} has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
