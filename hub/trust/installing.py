"""What a school installs, at the address of the device API, and the one line on its slip that does it."""

import base64
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from hub.bundles.installation import Counter
from hub.config import HubSettings
from hub.pki.authority import Authority
from hub.pki.keys import key_id, read_key
from hub.trust.whereabouts import whereabouts
from hub.web.devices.installers import handing_out

SHELF = "bundles"
"""Below the data directory."""
DEVICES_KEY = "devices.key"
"""Of the listener for devices, among the authority's files."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """What the lines of a slip need besides the code. pin: of the key of the hub's device API."""

    hub: str
    pin: str

    def linux(self, code: str) -> str:
        return linux_line(self.hub, self.pin, code)

    def windows(self, code: str) -> str:
        return windows_line(self.hub, self.pin, code)


def fetching_of(settings: HubSettings, authority: Authority) -> Fetching:
    """As a hub with these settings would say it. Raises LookupError where devices cannot fetch anything of it."""
    listen = settings.devices.listen
    if listen is None:
        raise LookupError("devices cannot reach this hub yet: set listen in [devices]")
    if listen.port == 0 and settings.devices.url is None:
        raise LookupError(
            "at which port devices reach the hub is not known beforehand: give one to listen in [devices]"
        )
    return Fetching(whereabouts(settings, listen.port).hub, key_pin(authority, DEVICES_KEY))


def installation(shelf: Path, hub: str, authority: Authority, key: str) -> ASGIApp:
    """`key`: the name of the server's key among the authority's files."""

    def take(path: str) -> bytes | Path | None:
        return Counter(shelf, hub, authority.active.fingerprint, key_pin(authority, key)).take(path)

    return handing_out(take)


def key_pin(authority: Authority, key: str) -> str:
    """As curl wants it. It stays when the certificate is renewed, the root rotated, or the hub moved with its data directory."""
    found = read_key(authority.folder, key)
    if found is None:
        raise LookupError("the hub has no key yet: start it once")
    return f"sha256//{base64.b64encode(bytes.fromhex(key_id(found.public_key()))).decode()}"


def linux_line(hub: str, pin: str, code: str) -> str:
    return f"curl -fsSk --pinnedpubkey '{pin}' {hub}/install.sh | sudo sh -s -- {code}"


def windows_line(hub: str, pin: str, code: str) -> str:
    """For PowerShell; curl.exe comes with Windows 10 and later."""
    fetch = f'curl.exe -fsSk --pinnedpubkey "{pin}" -o "dltv-install.ps1" {hub}/install.ps1'
    return f"{fetch} ; powershell -ExecutionPolicy Bypass -File dltv-install.ps1 {code}"
