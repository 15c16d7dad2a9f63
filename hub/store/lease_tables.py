"""Tables of what one process of several does for a while, of the processes themselves, and of what is wrong with them."""

from sqlalchemy import JSON, BigInteger, Column, Index, String, Table

from hub.store.tables import metadata

lease = Table(
    "lease",
    metadata,
    Column("name", String(200), primary_key=True, comment="a district, or a kind of work that one process does"),
    Column("holder", String(64), comment="of it, a process; null: nobody"),
    Column("until", BigInteger, nullable=False, comment="by the database's clock"),
    Column("signs", JSON, comment="of a district: how it went with taking it in, as its holder saw it last"),
    Index(None, "holder"),
)

hub_process = Table(
    "hub_process",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("until", BigInteger, nullable=False, comment="it lives, if it is not silent for longer"),
    comment="the processes of a hub that share its work",
)

hub_trouble = Table(
    "hub_trouble",
    metadata,
    Column("name", String(40), primary_key=True, comment="hub.watching.troubles.Trouble"),
    Column("since", BigInteger, nullable=False),
    comment="what is wrong with the hub and was told to administrators",
)
