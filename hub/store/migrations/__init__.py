"""How the schema came to be, one file a step under versions/. Alembic applies them."""

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""All versions in order, so that a start with an up-to-date database need not load Alembic to know it (a test compares)."""
HEAD = VERSIONS[-1]
