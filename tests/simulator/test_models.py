"""The models of the simulator contradict no profile of the catalogue, and each kind of set stands somewhere."""

import tomllib
from pathlib import Path

import pytest

from simulator.models import HOSTS, RECEIVERS, SCREENS, ReceiverModel, ScreenModel

CATALOGUE = Path(__file__).parents[2] / "firmware_profiles"


@pytest.mark.parametrize("model", [*RECEIVERS, *SCREENS], ids=lambda model: model.profile)
def test_what_a_profile_says_of_standby_is_so(model: ReceiverModel | ScreenModel) -> None:
    path = CATALOGUE / f"{model.profile}.toml"
    says = tomllib.loads(path.read_text("utf-8"))["standby"] if path.exists() else "unknown"
    assert says in ("unknown", model.off.value)


@pytest.mark.parametrize("models", [RECEIVERS, SCREENS, HOSTS])
def test_shares_make_a_whole(models: tuple[ReceiverModel, ...]) -> None:
    assert sum(model.share for model in models) == pytest.approx(1.0)


def test_receivers_tell_the_signal_in_every_way_that_there_is() -> None:
    told = {(bool(model.cnr_step), bool(model.quality), model.strength) for model in RECEIVERS}
    assert told >= {
        (True, False, "pct"),
        (False, True, "pct"),
        (False, True, None),
        (False, False, "pct"),
        (False, False, None),
    }
