"""Which devices are read by which profile, and which sets of profiles the computers of schools have."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, and_, func, select

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.profile_uses import Use
from hub.store.tables import device, node, school

_OF_THE_SCHOOL = and_(school.c.group == node.c.group, school.c.code == node.c.school)


def counted(connection: Connection, groups: Collection[str]) -> Mapping[str, tuple[int, int]]:
    """By profile: how many devices, at how many computers of schools."""
    chosen = (
        select(device.c.profile, func.count(), func.count(device.c.node_id.distinct()))
        .join(node, node.c.id == device.c.node_id)
        .where(node.c.group.in_(groups), device.c.profile.is_not(None))
        .group_by(device.c.profile)
    )
    return {profile: (devices, nodes) for profile, devices, nodes in connection.execute(chosen)}


def uses(connection: Connection, profile_id: str, groups: Collection[str], limit: int) -> Sequence[Use]:
    chosen = (
        select(node.c.group, node.c.name, device.c.key, school.c.name, device.c.kind, device.c.room)
        .join_from(device, node, node.c.id == device.c.node_id)
        .outerjoin(school, _OF_THE_SCHOOL)
        .where(node.c.group.in_(groups), device.c.profile == profile_id)
        .order_by(school.c.name, node.c.group, node.c.name, device.c.key)
        .limit(limit)
    )
    rows = connection.execute(chosen)
    return [Use(DeviceKey(NodeKey(group, name), key), *others) for group, name, key, *others in rows]


def versions(connection: Connection, groups: Collection[str]) -> Sequence[str]:
    """What each computer of a school said last of its catalogue; those that said nothing are left out."""
    told = node.c.properties["profiles_version"].as_string()
    rows = connection.execute(select(told).where(node.c.group.in_(groups), told.is_not(None)))
    return [version for (version,) in rows]
