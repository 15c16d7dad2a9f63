"""What `dltv-provision status` says. Nothing secret, nothing asked of the hub."""

import datetime
from collections.abc import Iterator

from provisioning.services.identity import Held, Identity
from provisioning.services.parts import Parts
from provisioning.services.staging import Staging


def lines(parts: Parts, identity: Identity, staging: Staging) -> Iterator[str]:
    held, record, disk = identity.held(), parts.memory.record, staging.disk()
    yield from _who(held, parts.clock.utc_ms())
    yield f"hub:       {', '.join(record.hubs) or '-'}"
    yield f"release:   {disk.current or '-'}{'' if parts.services.is_running() else ', which does not run'}"
    yield f"before it: {record.slots.previous or '-'}"
    if record.slots.trial is not None:
        yield f"on trial:  {record.slots.trial.version}, attempt {record.slots.trial.attempts}"
    for version, why in record.slots.bad.items():
        yield f"failed:    {version}: {why}"
    for name, given in (("config:   ", record.config), ("profiles: ", record.profiles)):
        refused = f", and {given.refused} was refused" if given.refused else ""
        yield f"{name} {given.version or '-'}{refused}"
    yield f"to tell:   {len(record.outbox) or '-'}"


def _who(held: Held | None, now: int) -> Iterator[str]:
    if held is None:
        yield "node:      not enrolled"
        return
    validity = held.certificate.validity
    ends = datetime.datetime.fromtimestamp(validity.ends / 1000, datetime.UTC)
    state = "has ended" if validity.is_over(now) else "is due for renewal" if validity.is_due(now) else "is good"
    yield f"node:      {held.enrolled.group}/{held.enrolled.node}"
    yield f"identity:  {state}, until {ends:%Y-%m-%d %H:%M} UTC"
