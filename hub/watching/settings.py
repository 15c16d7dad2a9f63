"""[watch]: what an operator may set about how the hub watches itself. Values only."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr


def _address(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("https://", "http://")):
        raise ValueError("write an address that begins with https:// or http://")
    return url


class WatchSettings(BaseModel):
    """When the hub says that something is wrong with itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grace_min: float = Field(
        10.0,
        ge=0,
        le=120,
        description="After a start the hub says nothing of itself for so long: all have to find back to it.",
    )
    silent_min: float = Field(
        15.0,
        ge=2,
        le=1440,
        description="Nobody has been heard for so long although computers are on and the broker is reached; each says something "
        "every few minutes.",
    )
    stuck_min: float = Field(
        3.0,
        ge=1,
        le=120,
        description="Ingestion or judging has failed or hung for so long, or the broker has not been reached.",
    )
    behind_min: float = Field(
        5.0, ge=1, le=120, description="So many minutes long there was never a moment without messages that wait."
    )
    chore_min: float = Field(
        60.0,
        ge=5,
        le=1440,
        description="What the hub does beside, such as packing old reports, has not succeeded for so long.",
    )
    unsent_min: float = Field(
        60.0, ge=5, le=1440, description="A message to somebody has waited for so long since it was due."
    )
    disk_free_pct: float = Field(5.0, ge=0, le=50, description="So little of the disk is free.")
    alive_url: Annotated[SecretStr, AfterValidator(_address)] | None = Field(
        None,
        description="Called once a minute while reports come in and are kept; a service that misses the call tells somebody, "
        "also when the hub's computer is off. A secret.",
    )
