"""What an operator says about the devices and about the agent's own computer: tables of the agent's configuration.

Whether a profile exists and an address suits it is checked in agent.services.devices: one bad device must not stop the rest.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, SecretStr, field_validator

from agent.core.access import Access, SnmpSettings

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
_NOT_HOST_AND_PORT = "is not host:port; write for example 1.1.1.1:443"


class DeviceSettings(BaseModel):
    """One `[[device]]`.

    key       `<room>-<kind>` as in the inventory, e.g. p1-tv
    profile   `<vendor>/<model>`, which also says what kind of device it is
    address   see agent.core.device_address
    ca        file of the certificates to trust for https; the system's where left out
    snmp      see agent.core.access
    kind      where it differs from the profile's: a smart plug tells `power/on` of what is plugged in, so it may stand for a TV
    set_id    of a set on a line that several may share; the profile's default where left out
    every_s   how often to ask; the profile's own where left out. It is that of the profile's first poll, and the
              others keep their proportion to it
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    profile: str
    address: str
    room: str | None = None
    user: str | None = None
    password: SecretStr | None = None
    ca: Path | None = None
    snmp: SnmpSettings = SnmpSettings()
    kind: Literal["receiver", "tv", "projector", "computer", "ups", "other"] | None = None
    set_id: str | None = None
    every_s: Annotated[PositiveFloat, Field(le=86_400)] | None = None

    @property
    def access(self) -> Access:
        password = self.password.get_secret_value() if self.password else ""
        return Access(self.user or "", password, self.ca, self.snmp)


class HostSettings(BaseModel):
    """The `[host]` table: the agent's own computer.

    profile    found out where left out
    internet   host:port of what must be reachable for the Internet to be there: one of them is enough. Empty: never asked
    ntp        host[:port] of a time server to compare the clock with once an hour; empty: never asked
    sysfs      root of the kernel's files, for tests and containers
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str | None = None
    internet: tuple[str, ...] = ("1.1.1.1:443", "8.8.8.8:53")
    internet_every_s: PositiveFloat = 15.0
    ntp: str = "time.cloudflare.com"
    sysfs: Path = Path("/sys")
    every_s: Annotated[PositiveFloat, Field(le=86_400)] | None = None

    @field_validator("internet")
    @classmethod
    def _names_ports(cls, targets: tuple[str, ...]) -> tuple[str, ...]:
        for target in targets:
            host, _, port = target.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 65536:
                raise ValueError(_NOT_HOST_AND_PORT)
        return targets
