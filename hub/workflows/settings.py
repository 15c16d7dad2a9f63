"""What an office may set about itself, its working time and its limits. Values only."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hub.workflows.schema import Hours

Weekday = Annotated[int, Field(ge=0, le=6)]


class DistrictOffice(BaseModel):
    """The letterhead of one district's office, where the hub serves several; what is left out is that of `[office]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("", max_length=200, description="What stands above each paper of the district.")
    group: str = Field("", max_length=200, description="The group of the office that does this work.")
    address: str = Field("", max_length=300, description="Where the office is.")
    phone: str = Field("", max_length=60, description="Its telephone.")
    director: str = Field("", max_length=200, description="Name of its director.")
    director_title: str = Field("", max_length=200, description="Their position.")


class OfficeSettings(BaseModel):
    """What the office is called on its papers, when it works, and how long things may take there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        "", max_length=200, description="What stands above each paper: the name of the office; else `enrolment.office`."
    )
    group: str = Field("", max_length=200, description="The group of the office that does this work, on papers.")
    address: str = Field("", max_length=300, description="Where the office is, on papers.")
    phone: str = Field("", max_length=60, description="Its telephone, on papers.")
    director: str = Field("", max_length=200, description="Name of the director, below the line where they sign.")
    director_title: str = Field("", max_length=200, description="Their position; a line for the pen without.")
    digits: Literal["form", "thai", "arabic"] = Field(
        "form", description="Figures on papers: Thai, Arabic, or as each form is used to."
    )

    districts: Mapping[str, DistrictOffice] = Field(
        default_factory=dict,
        description="Letterheads of districts, as `[office.districts.GROUP]`; papers of such a district have numbers of "
        "their own.",
    )

    opens: time = Field(time(8, 30), description="When the working day begins.")
    closes: time = Field(time(16, 30), description="When it ends.")
    weekdays: tuple[Weekday, ...] = Field(
        (0, 1, 2, 3, 4), min_length=1, description="Days of the week with work; 0 is Monday."
    )
    holidays: tuple[date, ...] | None = Field(
        None, description="Days without work; without any, the public holidays of Thailand, [] for none at all."
    )
    closed: tuple[date, ...] = Field((), description="Further days without work, as the cabinet declares them.")
    also_open: tuple[date, ...] = Field((), description="Days with work although they would have none.")
    limits: Mapping[str, Hours] = Field(
        default_factory=dict,
        description='Working hours in place of those of a workflow: "phone_consult.received" for a state, '
        '"phone_consult" for the whole.',
    )

    def of_district(self, group: str) -> Self:
        """With the letterhead of that district."""
        own = self.districts.get(group)
        return self if own is None else self.model_copy(update={name: told for name, told in own if told})

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens after it closes; write opens and closes of one day")
        return self
