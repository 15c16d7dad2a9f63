"""The row of a node, also of one that has not been heard yet: a fault can befall equipment that only the register names."""

from sqlalchemy import Connection, insert, select

from hub.core.equipment import NodeKey
from hub.store.tables import node


def node_id(connection: Connection, key: NodeKey) -> int:
    """The id of its row, which is made where there is none."""
    found: int | None = connection.execute(
        select(node.c.id).where(node.c.group == key.group, node.c.name == key.name)
    ).scalar_one_or_none()
    if found is not None:
        return found
    new = insert(node).values(group=key.group, name=key.name, school=key.school, online=False, properties={})
    return int(connection.execute(new.returning(node.c.id)).scalar_one())
