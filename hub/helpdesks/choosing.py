"""The adapter of a help desk, by what the settings call it."""

from hub.helpdesks.glpi import Glpi
from hub.helpdesks.port import HelpDesk
from hub.helpdesks.request_tracker import RequestTracker
from hub.helpdesks.settings import DeskSettings
from hub.helpdesks.zammad import Zammad


def desk_of(settings: DeskSettings) -> HelpDesk:
    match settings.kind:
        case "request_tracker":
            return RequestTracker(settings)
        case "glpi":
            return Glpi(settings)
        case "zammad":
            return Zammad(settings)
