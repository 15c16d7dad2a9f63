"""Writes the tables of forms in docs/forms.md from hub/documents/forms: python -m tools.form_table. A test keeps them true."""

from pathlib import Path

from hub.documents.catalogue import Form, load_forms
from hub.documents.register import Listed, load_register

PAGE = Path(__file__).parents[1] / "docs" / "forms.md"
BEGIN, END = "<!-- form table: python -m tools.form_table -->", "<!-- end of form table -->"


def table() -> str:
    rows = [
        "| id | Thai name | English name | when it is made | files | from which data |",
        "|---|---|---|---|---|---|",
    ]
    rows += map(_row, load_forms().values())
    rows += [
        "",
        "Printed as the record of the request that is named (what was asked, each step, who signs), or found elsewhere:",
        "",
    ]
    rows += ["| id | Thai name | English name | files | why |", "|---|---|---|---|---|"]
    others = load_register().items()
    rows += [f"| {key} | {each.thai} | {each.english} | {_files(each)} | {each.reason} |" for key, each in others]
    return "\n".join(rows)


def _row(form: Form) -> str:
    said = form.declaration
    files = "PDF, XLSX" if said.workbook else "PDF"
    return f"| {said.id} | {said.thai} | {said.english} | {said.when} | {files} | {said.data} |"


def _files(listed: Listed) -> str:
    return "PDF" if listed.printed else "–"


def filled(page: str) -> str:
    """The page with the tables as they should be."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{PAGE} has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
