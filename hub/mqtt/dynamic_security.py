"""The rules of access.py as Mosquitto's dynamic security plugin has them: its file to begin with, and the commands that mend it.

A client is called by its certificate's name and has one role, whose name holds a digest of its rules: what is out of date is
told by names alone. The plugin was chosen over an ACL file: it refuses a SUBSCRIBE (a file grants it and stays silent), it
takes effect at once, on connections that stand too, and without its rules nobody is allowed anything (Mosquitto 2.0.11 that
is told to read a broken or missing ACL file allows everything to everybody).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.mqtt.access import KEEPER, Rules

CONTROL = "$CONTROL/dynamic-security/v1"
ANSWERS = f"{CONTROL}/response"
_KEEPER_RULES = Rules(speak=(CONTROL,), hear=(ANSWERS,))
_NOTHING = {"publishClientSend": False, "publishClientReceive": False, "subscribe": False, "unsubscribe": True}

Command = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What the broker has: the roles of each client, and all roles."""

    clients: Mapping[str, frozenset[str]]
    roles: frozenset[str]


def first_file(guests: Mapping[str, Rules]) -> str:
    """What the broker begins with. It writes the file itself from then on."""
    everybody = {KEEPER: _KEEPER_RULES, **guests}
    told = {
        "defaultACLAccess": _NOTHING,
        "roles": [{"rolename": role_name(name, rules), "acls": _acls(rules)} for name, rules in everybody.items()],
        "clients": [
            {"username": name, "roles": [{"rolename": role_name(name, rules)}]} for name, rules in everybody.items()
        ],
        "groups": [],
    }
    return json.dumps(told, indent=1) + "\n"


def role_name(name: str, rules: Rules) -> str:
    digest = hashlib.sha256(json.dumps(_acls(rules)).encode()).hexdigest()
    return f"{name}.{digest[:12]}"


def mending(held: Held, guests: Mapping[str, Rules]) -> Iterator[Command]:
    """Who is not welcome goes first, which closes their connections; newcomers come next; what nobody needs goes last."""
    everybody = {KEEPER: _KEEPER_RULES, **guests}
    roles = {name: role_name(name, rules) for name, rules in everybody.items()}
    for name in sorted(held.clients.keys() - everybody.keys()):
        yield {"command": "deleteClient", "username": name}
    for name, role in roles.items():
        if role not in held.roles:
            yield {"command": "createRole", "rolename": role, "acls": _acls(everybody[name])}
        if name not in held.clients:
            yield _create(name, role)
        elif held.clients[name] != {role}:
            yield {"command": "modifyClient", "username": name, "roles": [{"rolename": role}]}
    for role in sorted(held.roles - set(roles.values())):
        yield {"command": "deleteRole", "rolename": role}


def closing(name: str, rules: Rules | None) -> list[Command]:
    """Close the connections under this name: to delete a client does, also one that was only made for it."""
    again = [] if rules is None else [_create(name, role_name(name, rules))]
    make = [{"command": "createClient", "username": name}] if rules is None else []
    return [*make, {"command": "deleteClient", "username": name}, *again]


def after(held: Held, commands: list[Command]) -> Held:
    """What the broker has when it has carried these out."""
    clients, roles = dict(held.clients), set(held.roles)
    for command in commands:
        kind = command["command"]
        if kind == "deleteClient":
            clients.pop(command["username"], None)
        elif kind == "deleteRole":
            roles.discard(command["rolename"])
        elif kind == "createRole":
            roles.add(command["rolename"])
        else:
            clients[command["username"]] = frozenset(each["rolename"] for each in command.get("roles", ()))
    return Held(clients, frozenset(roles))


def _create(name: str, role: str) -> Command:
    return {"command": "createClient", "username": name, "roles": [{"rolename": role}]}


def _acls(rules: Rules) -> list[Command]:
    speak = [("publishClientSend", topic) for topic in rules.speak]
    hear = [(kind, topic) for topic in rules.hear for kind in ("subscribePattern", "publishClientReceive")]
    return [{"acltype": kind, "topic": topic, "allow": True} for kind, topic in (*speak, *hear)]
