"""Where devices find the hub, as they are told with each certificate and each day."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.config import HubSettings, Listen
from hub.web.settings import LOOPBACK_HOSTS


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where devices find the hub. `hosts` gives the host id of each group."""

    hosts: Mapping[str, str]
    brokers: tuple[str, ...]
    hub: str


def whereabouts(settings: HubSettings, port: int) -> Whereabouts:
    """`port` is that of the device API, where any was asked for."""
    devices = settings.devices
    return Whereabouts(
        hosts={group: host_id for host_id, groups in settings.hosts.items() for group in groups},
        brokers=devices.brokers or (_broker(settings),),
        hub=devices.url or f"https://{Listen(host=devices.reached_by[0], port=port)}",
    )


def _broker(settings: HubSettings) -> str:
    """The hub's own way to its broker may be one that only the hub can go."""
    name = (settings.mqtt.names or settings.devices.reached_by)[0]
    external = settings.broker_url
    if external is None:
        return f"mqtts://{Listen(host=name, port=settings.mqtt.listen.port)}"
    host = name if external.host in LOOPBACK_HOSTS else external.host
    return f"mqtts://{Listen(host=host, port=external.port)}"
