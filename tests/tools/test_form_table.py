"""docs/forms.md says what is true: its tables are those of the folders."""

from tools.form_table import PAGE, filled


def test_the_tables_of_forms_are_as_the_folders_say() -> None:
    text = PAGE.read_text("utf-8")
    assert filled(text) == text, "run python -m tools.form_table"
