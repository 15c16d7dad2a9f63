"""The thresholds of signal, presence and neighbours: [detection.level], [detection.dish], [detection.presence], [detection.sky].

Each has its unit in its name and the reason for its value beside it. `_class_min` counts class time, others time by the clock.
"""

from pydantic import BaseModel, ConfigDict, Field


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LevelSettings(_Settings):
    """When a receiver's signal counts as low."""

    enter_db: float = Field(
        1.5,
        gt=0,
        description="So far below its clear sky a signal is low: receivers read C/N to about 1 dB, and a dish that moved "
        "costs 2 dB or more. A receiver that scatters more gets four times its own scatter.",
    )
    leave_db: float = Field(
        0.9,
        gt=0,
        description="It is clear again within so much of its clear sky: a repair seldom finds the same dB again.",
    )
    quality_points_per_db: float = Field(
        5, gt=0, description="Receivers that tell only a quality in per cent give about so many points to a dB."
    )
    borrow_db: float = Field(
        3,
        gt=0,
        description="A fresh receiver that hears so much less than the worst of its model in the district, and "
        "`enter_db` more, was first met with a fault or in the rain: sites differ by some dB, hardly beyond that.",
    )
    borrow_count: int = Field(
        8, ge=3, description="So many established receivers of its model are needed to say what is usual for it."
    )
    strength_gone_db: float = Field(
        8, gt=0, description="An LNB adds 50 dB; when the level on the cable falls by so much, it amplifies no more."
    )
    strength_gone_share: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="The same where strength is told in per cent: this share of what it was is left at most.",
    )


class DishSettings(_Settings):
    """When a low or lost signal of a dish is a fault that somebody must mend."""

    clear_min: float = Field(
        12,
        gt=0,
        description="A dish is well again when a receiver has been clear for so long: rain flickers, repairs do not.",
    )
    look_min: float = Field(10, gt=0, description="How often a dish that is not clear is weighed anew.")
    belief: float = Field(
        0.9,
        gt=0.5,
        lt=1,
        description="A cause is told when so much of the belief is on it, all others together have the rest.",
    )
    correct_belief: float = Field(
        0.97, gt=0.5, lt=1, description="To take back what was told needs more than it took to tell it."
    )
    dark_class_min: float = Field(
        50,
        gt=0,
        description="A dish without lock is a fault after one lesson at the earliest: showers and pulled plugs end.",
    )
    low_observed_min: float = Field(
        180,
        gt=0,
        description="A dish must be seen low for so long before it counts as moved: nearly all rain cells pass in two hours.",
    )
    step_db: float = Field(
        1.8, gt=0, description="A moved dish loses 2 dB or more; a baseline is known to some tenths."
    )
    plain_step_db: float = Field(
        2.4,
        gt=0,
        description="What is lost at any hour beyond this is more than 2 dB also when heat and cold are taken off.",
    )
    small_step_h: float = Field(
        20,
        gt=0,
        description="A smaller step is told so long after it, a day and a night: warmth alone takes some tenths.",
    )
    looks: int = Field(
        3, ge=1, description="A cause must lead for so many looks before it is told: showers come and go between two."
    )
    trend_db: float = Field(
        1.5, gt=0, description="A slow decline counts from so much: less is within what seasons and heat do to an LNB."
    )
    trend_days: float = Field(4, gt=1, description="A decline must have been seen on so many days before it is one.")
    lock_lost_db: float | None = Field(
        7.0,
        description="C/N at which lock is lost, for the forecast: 8PSK 3/4 needs 7.9 dB, QPSK 3/4 4.0 dB (EN 302 307).",
    )


class PresenceSettings(_Settings):
    """When a node that is away is missed, and what its absence tells."""

    short_min: float = Field(
        3, gt=0, description="Shorter absences are restarts and broken connections, told to nobody."
    )
    quiet_min: float = Field(
        15, gt=0, description="A node that dies unseen is away after so long and thrice its own longest usual pause."
    )
    restarted_before_min: float = Field(
        3,
        ge=0,
        description="A computer that started no longer than so before its node was missed had lost its power: "
        "a broker notices a dead connection late.",
    )
    history_min: float = Field(
        10,
        ge=0,
        description="After a return the node's older reports get so long to come, so that all is judged in its order.",
    )
    usual_min: float = Field(
        75,
        gt=0,
        description="A node that went away at the same hour, give or take, on most days is switched off by habit.",
    )
    recurring_count: int = Field(
        3, ge=2, description="So many power cuts of a school within `recurring_days` are a fault of its own supply."
    )
    recurring_days: float = Field(14, gt=0, description="See `recurring_count`.")


class SkySettings(_Settings):
    """What several schools show together."""

    neighbour_km: float = Field(
        15, gt=0, description="Storm cells are 5 to 15 km wide: schools so near usually share the rain."
    )
    satellite_share: float = Field(
        0.7,
        gt=0.5,
        le=1,
        description="Of the schools that had lock, so many must lose it at once to blame the satellite.",
    )
    satellite_min: float = Field(
        6,
        gt=0,
        description="'At once': the satellite goes within a minute or two, slow polls see it up to 5 minutes later.",
    )
    satellite_schools: int = Field(4, ge=2, description="Fewer schools than this cannot speak for a district.")
    sun_angle_deg: float = Field(
        3.0,
        gt=0,
        description="The sun, 0.5 degrees wide, fills the beam of a 60 to 75 cm dish (2.3 to 2.9 degrees) up to here.",
    )
    area_km: float = Field(20, gt=0, description="Schools so near hang on the same line of the power company.")
    area_min: float = Field(10, gt=0, description="Nodes that die within so long of each other died together.")
    area_schools: int = Field(3, ge=2, description="So many of them are an area; two are a coincidence.")
    area_battery_min: float = Field(
        60, ge=0, description="A battery carries a computer for up to so long: until then it dies with its area."
    )
    area_back_min: float = Field(
        30, gt=0, description="Whoever is still away so long after most came back is missed for a reason of its own."
    )
    incident_gap_min: float = Field(
        45, gt=0, description="Showers over neighbours within so long of each other are one incident."
    )
    incident_km: float = Field(30, gt=0, description="The same, for how far apart they are.")
