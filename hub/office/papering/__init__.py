"""What stands on the papers of requests: a builder for each, found in this one table by type of request and form.

A builder is a small module that says what the fields of a form hold; a document without one is only named on the page.
"""

from collections.abc import Mapping

from hub.office.papering import allocation, f01, f08, f10, f11, f13, f14, f16, f35, m01_purchase, m02
from hub.office.papering.facts import Builder

BUILDERS: Mapping[tuple[str, str], Builder] = {
    ("allocation", "M01"): allocation.values,
    ("repair", "F01"): f01.values,
    ("repair", "F35"): f35.values,
    ("repair", "M02"): m02.values,
    ("material_request", "F08"): f08.values,
    ("purchase_request", "F10"): f10.values,
    ("purchase_request", "M01"): m01_purchase.values,
    ("loan", "F11"): f11.values,
    ("specification", "F13"): f13.values,
    ("specification", "F14"): f14.values,
    ("user_card", "F16"): f16.values,
}
"""By type of request and form."""
