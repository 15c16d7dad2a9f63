"""What an operator may set about enrolment: [enrolment] of hub.toml."""

from pydantic import BaseModel, ConfigDict, Field

DAY_MS = 86_400_000


class EnrolmentSettings(BaseModel):
    """How computers of schools join, and for how long they are trusted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code_days: float = Field(
        30,
        gt=0,
        le=365,
        description="So long a code is good that nobody has used. A slip travels by post and lies at a school for a while.",
    )
    certificate_days: float = Field(
        90,
        ge=1,
        le=825,
        description="Life of a computer's certificate. It asks for the next after two thirds of it, and may also later: a "
        "school that was closed for months comes back by itself. Revoking does not wait for it.",
    )
    wrong_codes_per_hour: int = Field(
        20,
        ge=1,
        description="After so many codes from one address that are none or no longer good, it is not heard for a while. "
        "Several schools may stand behind one address, and guessing a code is hopeless anyway.",
    )
    requests_per_minute: int = Field(
        120, ge=10, description="What one address may ask of the device API. A computer needs about five a day."
    )
    requests_per_minute_of_all: int = Field(
        3000,
        ge=10,
        description="What all addresses together may ask of it, so that strangers cannot keep the hub busy.",
    )
    office: str = Field("", max_length=120, description="What the district office is called, on the slips for schools.")
    contact: str = Field(
        "",
        max_length=120,
        description="Whom a school calls when the installation gives trouble, on the slips: a telephone number.",
    )
