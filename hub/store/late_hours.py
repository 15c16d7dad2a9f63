"""Hours of which reports may be gone: what is told late is added to what they hold, instead of working them out anew.

Which reports are in an hour already is known by the offsets that are folded, also of those that are gone.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from hub.core.hourly import Hourly, amended
from hub.store.bodies import MetricNames
from hub.store.errors import UnreadableBody
from hub.store.hourly_bodies import unpack_hour
from hub.store.hourly_tables import hourly
from hub.store.hours import Wanted, hours_told

log = logging.getLogger(__name__)

_KEPT = select(hourly.c.body).where(hourly.c.device_id == bindparam("device"), hourly.c.hour == bindparam("hour"))


@dataclass(frozen=True, slots=True)
class Late:
    """Which reports are in the hours before a step, and which after it."""

    before: Wanted
    after: Wanted


def amended_hours(
    connection: Connection, device_id: int, wanted: Collection[int], names: MetricNames, late: Late
) -> dict[int, dict[str, Hourly]]:
    """The wanted hours of a device, by hour and metric, with what is late."""
    before = hours_told(connection, device_id, wanted, names, late.before)
    after = hours_told(connection, device_id, wanted, names, late.after)
    found: dict[int, dict[str, Hourly]] = {}
    for hour in wanted:
        kept = _kept(connection, device_id, hour, names)
        told = {
            name: amended(kept.get(name), before[hour].get(name), after[hour].get(name))
            for name in kept.keys() | after[hour].keys()
        }
        found[hour] = {name: each for name, each in told.items() if each is not None}
    return found


def _kept(connection: Connection, device_id: int, hour: int, names: MetricNames) -> dict[str, Hourly]:
    body = connection.execute(_KEPT, {"device": device_id, "hour": hour}).scalar()
    try:
        return {names[number][0]: each for number, each in unpack_hour(body, names)} if body else {}
    except UnreadableBody as error:
        log.error("hour %s of device %s: %s", hour, device_id, error)
        return {}
