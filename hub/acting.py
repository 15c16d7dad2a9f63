"""What people do on the web's pages, carried out in the store and told to the pages that are open."""

from collections.abc import Callable

from hub.core.equipment import DeviceKey
from hub.core.live import Changes
from hub.mqtt.host_client import utc_ms
from hub.store.registration import Registration
from hub.store.unit_of_work import Store


class Adopting:
    """What people do with new equipment, for the web."""

    def __init__(self, store: Store, publish: Callable[[Changes], None]) -> None:
        self._registration, self._publish = Registration(store), publish

    def adopt(self, device: DeviceKey) -> bool:
        adopted = self._registration.adopt(device, utc_ms())
        if adopted:
            self._publish(Changes(nodes=frozenset([device.node])))
        return adopted
