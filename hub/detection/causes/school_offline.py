"""school_offline: a node says nothing for hours of class, and nothing else explains it yet."""

from hub.detection.facts import HOST_KIND
from hub.detection.settings import DetectionSettings
from hub.detection.signs import Cause, Span


def _unheard(settings: DetectionSettings) -> Span:
    return Span.of_class(settings.offline_class_min)


CAUSE = Cause("school_offline", frozenset({HOST_KIND}), unheard=_unheard)
