"""What the JSON API answers about incidents, lesson time and use. Times are ms since 1970 UTC, days ISO 8601."""

from pydantic import BaseModel, ConfigDict, Field

from hub.core.insights import IncidentView, LessonTime, RoomUse
from wire.metrics import Value


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TextModel(_Answer):
    code: str
    params: dict[str, Value]


class IncidentSchoolModel(_Answer):
    code: str
    name: str | None
    start: int
    end: int | None = Field(description="null while it is seen there")


class IncidentModel(_Answer):
    group: str
    key: str
    cause: str
    start: int
    end: int | None = Field(description="null while it lasts")
    schools: list[IncidentSchoolModel]
    lost_min: float = Field(description="lesson minutes that its schools lost to its cause on its days")
    evidence: list[TextModel]

    @classmethod
    def of(cls, view: IncidentView) -> "IncidentModel":
        return cls.model_validate(view)


class CauseMinutesModel(_Answer):
    cause: str
    minutes: float


class SchoolLessonsModel(_Answer):
    group: str
    school: str
    name: str | None
    used_min: float
    lost_min: float
    lost: dict[str, float] = Field(description="lost minutes by cause")


class DayMinutesModel(_Answer):
    date: str
    minutes: float


class LessonTimeModel(_Answer):
    """Minutes of class time; lost: the lesson could not be shown, whatever the cause."""

    first: str
    last: str
    used_min: float
    lost_min: float
    by_cause: list[CauseMinutesModel]
    schools: list[SchoolLessonsModel] = Field(description="those that lost any, most first")
    days: list[DayMinutesModel]

    @classmethod
    def of(cls, view: LessonTime) -> "LessonTimeModel":
        return cls(
            first=view.first,
            last=view.last,
            used_min=view.used_min,
            lost_min=view.lost_min,
            by_cause=[CauseMinutesModel(cause=cause, minutes=minutes) for cause, minutes in view.by_cause],
            schools=[SchoolLessonsModel.model_validate(school) for school in view.schools],
            days=[DayMinutesModel(date=day, minutes=minutes) for day, minutes in view.days],
        )


class RoomUseModel(_Answer):
    group: str
    school: str
    school_name: str | None
    room: str
    days: int = Field(description="class days since its receiver first reported")
    used_days: int
    used_min: float
    idle_days: int = Field(description="class days since something was shown last")
    last_used: str | None
    has_picture: bool = Field(description="a receiver of the room has lock now")
    idle: bool = Field(description="it could be used and has not been for long: a candidate for moving")
    lost_min: float
    lost: dict[str, float] = Field(description="lost minutes by cause")

    @classmethod
    def of(cls, view: RoomUse, idle: bool) -> "RoomUseModel":
        plain = {name: getattr(view, name) for name in set(cls.model_fields) - {"idle", "lost"}}
        return cls(**plain, idle=idle, lost=dict(view.lost))
