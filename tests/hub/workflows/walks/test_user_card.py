"""A card: requested with a picture, made, fetched and signed for."""

from typing import Any

from hub.core.people import Role


def test_a_card_is_made_and_signed_for(office: Any, signature: str) -> None:
    walk = office.open("user_card", Role.SCHOOL, user_name="นางสาวมาลี", position="ครู", picture={"file": 1})
    walk.by(Role.CLERK, "accept").by(Role.CLERK, "make", card_number="70/12", valid_until="2028-09-30")
    assert walk.step.effects.documents == ("F16",)
    assert walk.by(Role.CLERK, "hand_over", received_with=signature).state == "handed_over"
