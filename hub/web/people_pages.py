"""What the pages of people ask of the hub besides their accounts."""

from collections.abc import Mapping
from typing import Protocol

from hub.core.people import Principal


class PersonalPages(Protocol):
    """What is known of a person."""

    def export(self, person_id: int, by: Principal) -> bytes:
        """As JSON. Raises NoSuchPerson."""

    def erase(self, person_id: int, by: Principal) -> Mapping[str, int]:
        """As far as the law lets an office forget. Raises NoSuchPerson, NotEnded."""

    def named(self, text: str, by: Principal) -> bytes | None:
        """Where a name or a phone number stands, as JSON; None: too short to look for."""
