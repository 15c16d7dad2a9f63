"""tv_no_signal: the set is on and shows no picture source, while the receiver of its room is on and locked."""

from hub.detection.signs import GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, present
from hub.detection.view import POWER, SIGNAL, SOURCE, DeviceView


def _see(scene: Scene) -> Sight:
    device = scene.device
    signal = device.value(SIGNAL)
    if signal is None or device.value(POWER) is not True:
        return UNKNOWN
    usual, shown = device.learnt.usual_input, device.value(SOURCE)
    if usual is not None and shown not in (None, usual):
        # Another input is the teacher's business; a picture there says nothing of the cable of the usual one.
        return UNKNOWN
    if signal:
        return GONE
    sources = sorted(mate.key for mate in scene.view.room_mates(device) if _offers_a_picture(mate))
    return present(_onset(device), witness=sources[0]) if sources else UNKNOWN


def _onset(device: DeviceView) -> int:
    """It went between its last picture and the first look without one: in the middle, as far as anybody can tell."""
    seen, lit_at = device.since(SIGNAL, POWER), device.learnt.lit_at
    return seen if lit_at is None or lit_at > seen else (lit_at + seen) // 2


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
