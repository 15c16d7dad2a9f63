"""What to take along."""

import pytest

from firmware_profiles.loader import load_catalog
from hub.tickets.parts import general_parts, to_bring

CATALOGUE = load_catalog()
REPAIRS = {
    *("tv_failed", "tv_no_signal", "receiver_failed", "lamp_worn", "dish_misaligned", "signal_degrading", "lnb_failed"),
    *("host_overheating", "host_disk_full", "host_disk_worn", "host_undervoltage", "host_clock_wrong"),
    *("school_offline", "school_link_outage", "school_power_outage"),
}


def names(cause: str, *profiles: str | None) -> list[str]:
    return [label.en for label in to_bring(CATALOGUE, cause, profiles)]


def test_every_cause_that_somebody_mends_has_parts_for_a_device_without_profile() -> None:
    assert {cause for cause, told in general_parts().items() if told.parts} == REPAIRS


@pytest.mark.parametrize("cause", sorted(REPAIRS))
def test_labels_are_in_both_languages(cause: str) -> None:
    for label in (*general_parts()[cause].parts, *general_parts()[cause].tools):
        assert label.en.isascii()
        assert any("\u0e00" <= letter <= "\u0e7f" for letter in label.th)


def test_a_profile_knows_the_part_and_the_cause_the_tools() -> None:
    assert names("tv_failed", "sony/rest") == [
        "TV power supply board or replacement TV",
        "Network cable",
        "Multimeter",
    ]


def test_without_a_profile_the_general_part_is_named() -> None:
    general = ["Spare TV or projector, power cable", "Multimeter"]
    assert names("tv_failed") == names("tv_failed", None, "nobody/knows") == general


def test_a_dish_asks_for_the_tools_of_a_dish_whatever_hangs_on_it() -> None:
    brought = names("dish_misaligned", "enigma2/openwebif", "enigma2/openwebif", None)
    assert brought[0] == "Dish bracket bolts; bring a signal meter"
    assert {"Inclinometer and compass", "Spanner 13"} <= set(brought)
    assert len(brought) == len(set(brought))


def test_what_nobody_mends_needs_nothing() -> None:
    assert names("rain_fade") == []
