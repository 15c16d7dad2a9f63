"""The car is loaded once for all repairs of a trip."""

from firmware_profiles.schema import Label
from hub.trips.loading import Load, to_load

LNB, CABLE, LADDER = (Label(th=th, en=en) for th, en in (("หัว LNB", "LNB"), ("สาย RG6", "cable"), ("บันได", "ladder")))


def test_what_several_repairs_need_is_named_once_and_first() -> None:
    needed = {"RP-1": (LNB, LADDER), "RP-2": (CABLE, LADDER), "RP-3": (LADDER, LADDER)}
    assert to_load(needed) == (
        Load(LADDER, ("RP-1", "RP-2", "RP-3")),
        Load(LNB, ("RP-1",)),
        Load(CABLE, ("RP-2",)),
    )


def test_no_repairs_need_nothing() -> None:
    assert to_load({}) == ()
