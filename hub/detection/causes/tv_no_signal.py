"""tv_no_signal: the set is on and shows no picture source, while the receiver of its room is on and locked."""

from hub.detection.signs import GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, present
from hub.detection.use import feeds, shows, went_dark
from hub.detection.view import DeviceView


def _see(scene: Scene) -> Sight:
    device, mates = scene.device, scene.view.room_mates(scene.device)
    sources = [mate for mate in mates if mate.facts.kind == "receiver"]
    shown = shows(device, sources)
    if shown is None:
        return UNKNOWN
    if shown:
        return GONE
    return present(_onset(device), witness=min(each.key for each in sources if feeds(each)))


def _onset(device: DeviceView) -> int:
    """A picture that was there for a moment since, on another input or by a loose plug, mended nothing."""
    pictures = device.learnt.pictures
    return went_dark(device) if pictures is None or pictures.began is None else pictures.began


def _hold(scene: Scene) -> Span:
    return Span.of_class(scene.settings.no_signal_class_min)


CAUSE = Cause(
    "tv_no_signal",
    frozenset({"tv", "projector"}),
    (Sign("no_signal", _see, _hold, numbers=("witness",)),),
    dark=True,
)
