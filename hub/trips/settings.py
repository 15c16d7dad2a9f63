"""What an office may set about its trips: [trips] of hub.toml."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hub.trips.places import Spot


class TripSettings(BaseModel):
    """Where trips begin and end, and what is reckoned with. The way on the road is estimated, not looked up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latitude: float | None = Field(
        None, ge=-90, le=90, description="Of the office, in degrees; without it, trips begin at their first school."
    )
    longitude: float | None = Field(None, ge=-180, le=180, description="Of the office, in degrees.")
    road_factor: float = Field(
        1.35, ge=1, le=5, description="How much longer the road is than the line through the air: more in mountains."
    )
    speed_kmh: float = Field(45, gt=0, le=200, description="How fast one drives on the average, from gate to gate.")
    minutes_at_school: int = Field(45, ge=0, le=600, description="How long one is at a school for its first repair.")
    minutes_per_repair: int = Field(30, ge=0, le=600, description="How long each further repair there takes.")
    near_km: float = Field(
        15, gt=0, le=500, description="Schools that are no further than this from another one of a trip are near it."
    )
    hours_a_day: float = Field(7, gt=0, le=24, description="How long a trip may take that the hub proposes.")

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude belong together; write both, or none")
        return self

    def minutes_at(self, repairs: int) -> int:
        """How long one is at a school with so many repairs."""
        return self.minutes_at_school + self.minutes_per_repair * (repairs - 1)

    @property
    def office(self) -> Spot | None:
        return None if self.latitude is None or self.longitude is None else Spot(self.latitude, self.longitude)
