"""Who may say and hear what at the broker. Denied is what is not listed here.

One table for both brokers: the embedded one asks it, Mosquitto gets it written down (dynamic_security.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.core.equipment import NodeKey
from wire.topics import NAMESPACE, MessageType, group_wildcard, state_topic

KEEPER = "broker-keeper"
"""The name by which the hub tells Mosquitto these rules; it has no others."""
_SAID_BY_NODES = (MessageType.NBIRTH, MessageType.NDATA, MessageType.NDEATH)
_SAID_OF_DEVICES = (MessageType.DBIRTH, MessageType.DDATA, MessageType.DDEATH)


@dataclass(frozen=True, slots=True)
class Rules:
    """Topics, of which a level may be + and the last #. The will is something said, too."""

    speak: tuple[str, ...] = ()
    hear: tuple[str, ...] = ()

    def may_speak(self, topic: str) -> bool:
        return any(covers(pattern, topic) for pattern in self.speak)

    def may_hear(self, wanted: str) -> bool:
        """`wanted` is a topic, or a filter: all that it matches has to be allowed."""
        return any(covers(pattern, wanted) for pattern in self.hear)


def node_rules(node: NodeKey, host_id: str) -> Rules:
    """A node speaks for itself and its devices, and hears its own commands and its host's state."""
    base = f"{NAMESPACE}/{node.group}"
    return Rules(
        speak=(
            *(f"{base}/{kind}/{node.name}" for kind in _SAID_BY_NODES),
            *(f"{base}/{kind}/{node.name}/+" for kind in _SAID_OF_DEVICES),
        ),
        hear=(
            f"{base}/{MessageType.NCMD}/{node.name}",
            f"{base}/{MessageType.DCMD}/{node.name}/+",
            state_topic(host_id),
        ),
    )


def host_rules(host_id: str, groups: tuple[str, ...]) -> Rules:
    """The hub hears all of its groups, commands their nodes, and tells its state."""
    state = state_topic(host_id)
    commands = [f"{NAMESPACE}/{group}/{MessageType.NCMD}/+" for group in groups]
    commands += [f"{NAMESPACE}/{group}/{MessageType.DCMD}/+/+" for group in groups]
    return Rules(speak=(*commands, state), hear=(*map(group_wildcard, groups), state))


@dataclass(frozen=True, slots=True)
class Access:
    """Everybody who may connect, by the common name of the certificate, and the certificates that are no longer good.

    hosts    the groups of each host id
    nodes    the computers of the schools that were let in
    revoked  by serial number, and who had them
    """

    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nodes: frozenset[NodeKey] = frozenset()
    revoked: Mapping[int, NodeKey] = field(default_factory=dict)

    def guests(self) -> dict[str, Rules]:
        """The rules of each name.

        A name that two would have is nobody's: neither another district's school of the same code nor a school that is called
        like a hub may speak for the other.
        """
        host_of = {group: host_id for host_id, groups in self.hosts.items() for group in groups}
        named: dict[str, list[NodeKey]] = {}
        for node in self.nodes:
            if node.group in host_of and node.name not in (*self.hosts, KEEPER):
                named.setdefault(node.name, []).append(node)
        rules = {host_id: host_rules(host_id, groups) for host_id, groups in self.hosts.items()}
        for name, (node, *others) in named.items():
            if not others:
                rules[name] = node_rules(node, host_of[node.group])
        return rules


def covers(pattern: str, wanted: str) -> bool:
    """Whether every topic that the topic or filter `wanted` matches is one that `pattern` matches."""
    levels, asked = pattern.split("/"), wanted.split("/")
    for index, level in enumerate(levels):
        if level == "#":
            return len(asked) >= index and (index > 0 or not wanted.startswith("$"))
        if index >= len(asked) or asked[index] == "#" or (level != "+" and asked[index] != level):
            return False
    return len(asked) == len(levels)
