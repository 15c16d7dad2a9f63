"""What can be wrong with a file as a whole. What is wrong in a row belongs to whoever reads the rows."""

FLAWS = ("too-large", "not-a-table", "too-many-rows", "too-many-columns", "bad-encoding", "no-rows")
"""msgids with `sheet.` before them."""


class SheetMistake(Exception):
    """The file cannot be read as a table.

    code    one of FLAWS
    detail  a number or a word for the message: the limit, the kind of file
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail
