"""What somebody at a school says of a device without an account, and what is told them: no names, no numbers of phones."""

from dataclasses import dataclass

from hub.core.equipment import DeviceKey

TROUBLES = ("no_picture", "bad_picture", "no_sound", "wont_start", "broken", "other")
"""The choices of the field `trouble`, in the order of the page."""
RATINGS = ("r5", "r4", "r3", "r2", "r1")
LONGEST_WORDS, LONGEST_NAME, LONGEST_PHONE = 1000, 120, 40
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"\x00\x00\x00")
"""How JPEG, PNG, WebP and HEIC begin."""


class Unclear(Exception):
    """What is wrong with a report: a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


FLAWS = ("what", "picture")


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """trouble: one of TROUBLES; words say more; reporter and phone may be empty"""

    trouble: str = ""
    words: str = ""
    reporter: str = ""
    phone: str = ""

    @property
    def symptom(self) -> str:
        """As the repair holds it: the words, else a code that is shown in words."""
        return self.words or f"symptom.{self.trouble}"


def checked(report: Report, picture: Picture | None) -> Report:
    """Without spaces around, and no longer than it may be. Raises Unclear."""
    if report.trouble not in TROUBLES:
        raise Unclear("what")
    if picture is not None and not picture.data.startswith(_PICTURES):
        raise Unclear("picture")
    return Report(
        report.trouble,
        _plain(report.words, LONGEST_WORDS),
        _plain(report.reporter, LONGEST_NAME),
        _plain(report.phone, LONGEST_PHONE),
    )


def _plain(text: str, most: int) -> str:
    return "".join(sign for sign in text.strip() if sign.isprintable() or sign == "\n")[:most]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a repair stands, for whoever has its link.

    steps     (state, since when), in order
    symptom   a code, or what somebody wrote; told only to who has the link
    gone_since, cause  what the readings say: since when it is disturbed, and by what
    well_since         or since when it is well again
    visit_on  ISO 8601: when somebody comes
    """

    token: str
    number: str
    state: str
    is_open: bool
    opened_at: int
    steps: tuple[tuple[str, int], ...] = ()
    gone_since: int | None = None
    cause: str | None = None
    well_since: int | None = None
    visit_on: str | None = None
    may_rate: bool = False
    rating: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """What is known of the device that a sticker is on. heard_at: when it was last heard of"""

    kind: str
    name: str
    room: str
    school: str
    key: DeviceKey | None = None
    heard_at: int | None = None
    repair: Progress | None = None
