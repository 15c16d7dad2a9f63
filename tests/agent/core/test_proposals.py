import tomllib

from hypothesis import given
from hypothesis import strategies as st

from agent.core.devices import DeviceSettings
from agent.core.discovery import Answer, Found
from agent.core.proposals import Proposal, propose
from firmware_profiles.loader import load_catalog

LG = load_catalog().profile("lg/rs232")


def found(address: str = "/dev/ttyUSB0", model: str = "", refusal: str = "") -> Found:
    return Found(Answer(address, address, LG, {"Properties/model": model}, refusal))


def test_keys_do_not_collide() -> None:
    proposals = propose([found("/dev/a"), found("/dev/b")], {"new-tv-1"}, ())
    assert [each.key for each in proposals] == ["new-tv-2", "new-tv-3"]


def test_an_address_that_is_configured_is_left_out() -> None:
    assert propose([found("/dev/a")], (), {"/dev/a"}) == []


def test_other_profiles_of_the_same_device_are_named() -> None:
    assert "also answers as pjlink/generic" in Proposal("k", Found(found().answer, ("pjlink/generic",))).section


def test_a_password_is_asked_for_and_never_written() -> None:
    section = Proposal("k", found(refusal="give the right password = …")).section
    assert "tells nothing yet: give the right password = …" in section
    assert "password" not in tomllib.loads(section)["device"][0]


@given(st.text(), st.text(), st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_stranger_tells_the_section_is_a_device(model: str, refusal: str, address: str) -> None:
    (table,) = tomllib.loads(Proposal("new-tv-1", found(address, model, refusal)).section)["device"]
    assert DeviceSettings.model_validate(table).address == address
