"""What an operator may set about the web. Values only; hub/config.py reads them from the outside."""

from dataclasses import dataclass, field

from hub.core.districts import DistrictSettings
from hub.core.maps import MapSettings
from hub.core.texts import Text
from hub.core.usage import UsageSettings

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the pages present themselves.

    allowed_hosts  names that a request may call this server by; None allows any. A server on loopback must keep the default,
                   or any web site could read it by DNS rebinding
    usage          when equipment counts as idle
    maps           what lies under the schools on the map
    districts      how they are called
    groups         the districts that the hub serves
    notes          texts shown on every page, e.g. that waiting times are shortened; codes are msgids of the catalogues
    """

    allowed_hosts: frozenset[str] | None = LOOPBACK_HOSTS
    time_zone: str = "Asia/Bangkok"
    default_language: str = "th"
    usage: UsageSettings = field(default_factory=UsageSettings)
    maps: MapSettings = field(default_factory=lambda: MapSettings.model_validate({}))
    districts: DistrictSettings = field(default_factory=lambda: DistrictSettings.model_validate({}))
    notes: tuple[Text, ...] = ()
    groups: frozenset[str] = frozenset()
    max_body_bytes: int = 64 * 1024
