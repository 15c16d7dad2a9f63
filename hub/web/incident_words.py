"""An incident in words, for those who do not look at its page: what it is, where, from when to when, why no ticket opened."""

from dataclasses import dataclass

from hub.core.insights import IncidentSchool, IncidentView
from hub.web.figures import Figures
from hub.web.language import Language, fill


@dataclass(frozen=True, slots=True)
class IncidentWords:
    """How one language tells of incidents, in one time zone."""

    language: Language
    figures: Figures

    def title(self, view: IncidentView) -> str:
        """What befell whom, on one line."""
        return " ".join(f"{self.figures.incident(view.cause)} · {self.extent(view)}".split())

    def extent(self, view: IncidentView) -> str:
        """The school where it is one, else how many they are."""
        count = len(view.schools)
        if count == 1:
            return self.school(view.schools[0])
        return fill(self.language.ngettext("%(num)s school", "%(num)s schools", count), {"num": count})

    def school(self, school: IncidentSchool) -> str:
        named = fill(self.language.gettext("School %(code)s"), {"code": school.code})
        return f"{school.name} ({school.code})" if school.name else named

    def span(self, view: IncidentView) -> str:
        """From when to when."""
        end = self.language.gettext("lasts") if view.end is None else self.figures.moment(view.end)
        return f"{self.figures.moment(view.start)} – {end}"

    def why_no_ticket(self, cause: str) -> str:
        return self.language.lookup(f"no_ticket.{cause}") or ""

    def evidence(self, view: IncidentView) -> tuple[str, ...]:
        return tuple(self.figures.text(text) for text in view.evidence)
