"""How the schema came to be, one file a step under versions/. Alembic applies them."""

VERSIONS = (
    *(f"{number:04}" for number in range(1, 21)),
    "0025",
    "0022",
    "0027",
    "0028",
    "0026",
    "0030",
    "0034",
    "0035",
)
"""All versions in order, so that a start with an up-to-date database need not load Alembic to know it (a test compares)."""
HEAD = VERSIONS[-1]
