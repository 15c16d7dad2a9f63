"""tv_no_signal: the set is on and shows no picture source, while the receiver of its room is on and locked."""

from hub.detection.signs import GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, present
from hub.detection.view import POWER, DeviceView

_SIGNAL = "input/signal"


def _see(scene: Scene) -> Sight:
    device = scene.device
    signal = device.value(_SIGNAL)
    if signal is None or device.value(POWER) is not True:
        return UNKNOWN
    if signal:
        return GONE
    sources = sorted(mate.key for mate in scene.view.room_mates(device) if _offers_a_picture(mate))
    return present(device.since(_SIGNAL, POWER), witness=sources[0]) if sources else UNKNOWN


def _offers_a_picture(mate: DeviceView) -> bool:
    return (
        mate.facts.kind == "receiver"
        and mate.answers
        and mate.value(POWER) is not False
        and mate.value("signal/lock") is True
    )


def _hold(scene: Scene) -> Span:
    return Span.of_class(scene.settings.no_signal_class_min)


CAUSE = Cause(
    "tv_no_signal",
    frozenset({"tv", "projector"}),
    (Sign("no_signal", _see, _hold, numbers=("witness",)),),
    dark=True,
)
