"""The calendar of each school: what the district does, what the school does differently, and the maintenance that holds for it.

When there is class by such settings is for calendar.py to say.
"""

from collections.abc import Iterable, Mapping, Sequence

from hub.detection.calendar import Calendar
from hub.detection.settings import CalendarSettings, Maintenance, SchoolCalendar

_REPLACING = ("class_hours", "weekdays", "terms", "holidays")


class Calendars:
    """The calendar of each school of a district. Schools that do the same share one.

    own  what the register says of schools; the settings stand over it
    """

    def __init__(
        self,
        settings: CalendarSettings,
        own: Mapping[str, SchoolCalendar] | None = None,
        maintenance: Iterable[Maintenance] = (),
    ) -> None:
        self._settings = settings
        self._own = own or {}
        self._maintenance = tuple(maintenance)
        self._of: dict[str, Calendar] = {}
        self._shared: dict[tuple[str, tuple[Maintenance, ...]], Calendar] = {}

    def of(self, school: str) -> Calendar:
        calendar = self._of.get(school)
        if calendar is None:
            calendar = self._of[school] = self._make(school)
        return calendar

    def maintain(self, maintenance: Iterable[Maintenance]) -> None:
        """These in place of those before. Calendars that were given out do not know of them; ask for them anew."""
        self._maintenance = tuple(maintenance)
        self._of.clear()
        self._shared.clear()

    def _make(self, school: str) -> Calendar:
        said = (self._own.get(school), self._settings.schools.get(school))
        settings = _with(self._settings.model_copy(update={"schools": {}}), [each for each in said if each is not None])
        windows = tuple(each for each in self._maintenance if each.schools is None or school in each.schools)
        key = (settings.model_dump_json(), windows)
        return self._shared.get(key) or self._shared.setdefault(key, Calendar(settings, windows))


def _with(settings: CalendarSettings, said: Sequence[SchoolCalendar]) -> CalendarSettings:
    """What is said later stands over what is said before."""
    for each in said:
        own = {name: value for name in _REPLACING if (value := getattr(each, name)) is not None}
        off, on = set(each.no_class), set(each.also_class)
        own["no_class"] = tuple(sorted((set(settings.no_class) - on) | off))
        own["also_class"] = tuple(sorted((set(settings.also_class) - off) | on))
        settings = settings.model_copy(update=own)
    return settings
