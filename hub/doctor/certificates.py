"""Until when certificates and the list of revoked ones are good. A hub that runs renews them by itself."""

from collections.abc import Iterator
from pathlib import Path

from hub.config import HubSettings
from hub.doctor.findings import Finding, bad, doubtful, good
from hub.guarding import needs_guard, pki_folder
from hub.mqtt.mosquitto_conf import REVOKED, TRUST
from hub.pki.ends import certificate_life, revocation_life
from hub.releases.keys import PREFIX

DAY_MS = 86_400_000
_STALE_DAYS = 3
_RESTART = "restart the hub: it renews its certificates by itself; its log says why it did not"


def certificates(settings: HubSettings, now: int) -> Iterator[Finding]:
    for path in sorted(pki_folder(settings).glob("*.pem")):
        if path.name not in (TRUST, REVOKED) and not path.name.startswith(PREFIX):
            yield _certificate(path, now)


def revocations(settings: HubSettings, now: int) -> Iterator[Finding]:
    """The list that Mosquitto reads. The embedded broker asks the database."""
    if settings.broker.files is None or not needs_guard(settings):
        return
    path = settings.broker.files / REVOKED
    try:
        made, ends = revocation_life(path)
    except (OSError, ValueError) as error:
        yield bad("revoked certificates", f"{path} cannot be read ({error})", "dltv-hub broker-config writes it anew")
        return
    # It is dated a day early, for clocks that are late.
    age = (now - made) / DAY_MS - 1
    if ends <= now:
        yield bad("revoked certificates", "the list has ended: Mosquitto lets nobody in", _RESTART)
    elif age > _STALE_DAYS:
        yield doubtful("revoked certificates", f"the list is {age:.0f} days old", _RESTART)
    else:
        yield good("revoked certificates", f"the list is fresh, and good for {(ends - now) / DAY_MS:.0f} days")


def _certificate(path: Path, now: int) -> Finding:
    about = f"certificate {path.name}"
    try:
        begins, ends = certificate_life(path)
    except (OSError, ValueError) as error:
        return bad(about, f"cannot be read ({error})", _RESTART)
    if now < begins:
        return bad(about, "is not valid yet by this computer's clock", "set the clock right")
    if ends <= now:
        return bad(about, "has ended", _RESTART)
    days = (ends - now) / DAY_MS
    if ends - now < (ends - begins) / 4:
        return doubtful(about, f"ends in {days:.0f} days and was not renewed", _RESTART)
    return good(about, f"good for {days:.0f} days")
