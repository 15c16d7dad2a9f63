"""The slips of an enrolment batch: one page a school, in Thai or English."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.documents.qr import qr_svg
from hub.documents.typesetting import typeset

TEMPLATE = "slip/slip.typ"


@dataclass(frozen=True, slots=True)
class Slip:
    """What one school gets.

    school   its name; number  its code
    code     the one-time code as it is read aloud, ABCD-EFGH-…
    expires  the day in words
    linux, windows  the one line to run
    """

    school: str
    number: str
    node: str
    code: str
    expires: str
    linux: str
    windows: str


def slip_data(slips: Sequence[Slip], *, office: str, contact: str, printed: str, language: str) -> dict[str, object]:
    """What the template is given. office: the district's name; contact: whom to call; printed: the day in words."""
    return {
        "language": language,
        "office": office,
        "contact": contact,
        "printed": printed,
        "slips": [
            {
                "school": each.school,
                "code_of_school": each.number,
                "node": each.node,
                "code": each.code,
                "expires": each.expires,
                "linux": each.linux,
                "windows": each.windows,
                "qr": qr_svg(each.linux),
            }
            for each in slips
        ],
    }


def print_slips(slips: Sequence[Slip], *, office: str, contact: str, printed: str, language: str) -> bytes:
    """A PDF."""
    return typeset(TEMPLATE, slip_data(slips, office=office, contact=contact, printed=printed, language=language))
