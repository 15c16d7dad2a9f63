"""Who may use the embedded broker, by client certificate; what they may there stands in access.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ssl import SSLObject
from typing import Any

from hub.core.equipment import NodeKey
from hub.mqtt.access import Access, Rules
from hub.mqtt.packets import Greeting
from hub.mqtt.tls import TlsFiles

_NOTHING = Rules()


@dataclass(frozen=True, slots=True)
class Guest:
    """One connection's certificate, and the rules that were its when it came."""

    name: str
    serial: int
    rules: Rules


class Gatekeeper:
    """`admit` may be called by any thread; who is no longer welcome is then shown out by `on_change`."""

    def __init__(self, files: TlsFiles, access: Access | None = None) -> None:
        """Raises OSError (also ssl.SSLError) for files that cannot be used."""
        self._files, self.context = files, files.for_server()
        self._guests: dict[str, Rules] = {}
        self._revoked: Mapping[int, NodeKey] = {}
        self.on_change: Callable[[], None] = lambda: None
        self.admit(access or Access())

    def admit(self, access: Access) -> None:
        """From now on these, and with certificates and trust as they stand in the files now."""
        self._files.refresh(self.context)
        self._guests, self._revoked = access.guests(), access.revoked
        self.on_change()

    def rules(self, name: str) -> Rules:
        return self._guests.get(name, _NOTHING)

    def welcomes(self, guest: Guest) -> bool:
        return guest.serial not in self._revoked and self._guests.get(guest.name) == guest.rules

    def identify(self, connection: SSLObject, greeting: Greeting) -> Guest:
        """Who it is, by what they showed. Raises ValueError for those who are not let in, or whose will is not their own."""
        certificate: Mapping[str, Any] = connection.getpeercert() or {}
        names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
        if len(names) != 1:
            raise ValueError("a certificate of nobody")
        guest = Guest(names[0], int(str(certificate.get("serialNumber", "0")), 16), self.rules(names[0]))
        if not self.welcomes(guest):
            raise ValueError(f"{guest.name!r} is not let in")
        if greeting.will_topic is not None and not guest.rules.may_speak(greeting.will_topic):
            raise ValueError(f"the will of {guest.name!r} is not its own")
        return guest
