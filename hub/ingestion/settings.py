"""What an operator may set about ingestion."""

from pydantic import BaseModel, ConfigDict, Field


class IngestionSettings(BaseModel):
    """Times in seconds.

    reorder_s        a message that comes before its predecessor waits this long for it; then a rebirth is asked for
    rebirth_every_s  the shortest time between two rebirth requests to one node; each unanswered one doubles it
    rebirth_at_most_s  up to this
    rebirths_at_once   so many nodes are asked for a rebirth in one go (several a second), so that they do not all answer together
    ack_every_s      the shortest time between two acknowledgements to one node
    replay_grace_s   a gap in a node's journal that shrinks not at all for so long is asked for
    presence_s       after the hub has (re)connected, a node that says nothing for so long counts as offline
    batch            messages in one transaction, at most
    linger_s         how long a transaction waits for more messages
    queue            messages that wait for ingestion; what comes beyond is dropped, counted, and replayed later
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reorder_s: float = Field(2.0, ge=0, le=60)
    rebirth_every_s: float = Field(10.0, gt=0, le=3600)
    rebirth_at_most_s: float = Field(600.0, gt=0, le=86_400)
    rebirths_at_once: int = Field(20, ge=1, le=10_000)
    ack_every_s: float = Field(60.0, ge=0, le=3600)
    replay_grace_s: float = Field(3.0, gt=0, le=3600)
    presence_s: float = Field(120.0, gt=0, le=86_400)
    batch: int = Field(5000, ge=1, le=10_000)
    linger_s: float = Field(0.2, ge=0, le=5)
    queue: int = Field(20_000, ge=100, le=1_000_000)
