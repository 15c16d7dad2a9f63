from typing import get_args

import pytest

from agent import protocols
from agent.protocols.codec import Peer
from firmware_profiles.links import Protocol
from firmware_profiles.loader import load_catalog

CATALOGUE = load_catalog()
DEVICES = [CATALOGUE.profile(one) for one in CATALOGUE if not CATALOGUE.profile(one).is_host]


@pytest.mark.parametrize("profile", DEVICES, ids=lambda profile: profile.id)
def test_each_profile_has_its_codec(profile: object) -> None:
    assert callable(protocols.codec_for(profile, Peer()).ask)  # type: ignore[arg-type]


def test_each_protocol_of_the_schema_is_spoken() -> None:
    union = get_args(Protocol)[0]
    names = {get_args(model.model_fields["name"].annotation)[0] for model in get_args(union)}
    assert protocols.names() == names - {"host"}
