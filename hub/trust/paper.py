"""The slips of a batch as a PDF: what stands in the store and the settings, in the words of the paper."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hub.core.equipment import NodeKey
from hub.documents.slips import Slip, print_slips
from hub.enrolment.settings import EnrolmentSettings
from hub.trust.installing import Fetching
from hub.web.figures import Figures
from hub.web.language import load_languages
from provisioning.core.contract import show_code

LANGUAGES = ("th", "en")


@dataclass(frozen=True, slots=True)
class Handout:
    """What one school gets."""

    node: NodeKey
    school: str
    code: str
    expires_at: int


class Paper:
    """`fetching`: by what a computer installs itself; None where the hub has no device API."""

    def __init__(self, settings: EnrolmentSettings, zone: ZoneInfo, fetching: Callable[[], Fetching | None]) -> None:
        self._settings, self._fetching = settings, fetching
        self._figures = {code: Figures(language, zone) for code, language in load_languages().items()}

    @property
    def address(self) -> str | None:
        found = self._fetching()
        return None if found is None else found.hub

    def slips(self, handouts: Iterable[Handout], language: str, now: int) -> bytes | None:
        """A page a school; None where there is no address that could stand on them."""
        fetching, figures = self._fetching(), self._figures[language]
        if fetching is None:
            return None
        slips = [_slip(each, fetching, figures.date(each.expires_at)) for each in handouts]
        office, contact = self._settings.office, self._settings.contact
        return print_slips(slips, office=office, contact=contact, printed=figures.moment(now), language=language)


def _slip(handout: Handout, fetching: Fetching, expires: str) -> Slip:
    code = show_code(handout.code)
    return Slip(
        school=handout.school or handout.node.school,
        number=handout.node.school,
        node=handout.node.name,
        code=code,
        expires=expires,
        linux=fetching.linux(code),
        windows=fetching.windows(code),
    )
