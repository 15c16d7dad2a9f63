"""Why something about messages cannot be as it was wished."""


class MessageRefused(Exception):
    """code: its words stand in the catalogues as `mistake.<code>`; field: of the form that is to blame."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field
