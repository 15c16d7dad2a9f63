"""Codecs: bytes in, answers out, nothing opened and no clock looked at. The registry finds a protocol's codec by its name."""

from importlib import import_module

from agent.protocols.codec import Codec, Peer
from firmware_profiles.schema import Profile

_MODULES = {
    "ascii": "agent.protocols.ascii_line",
    "frame": "agent.protocols.frame",
    "nec": "agent.protocols.nec",
    "escvp21": "agent.protocols.escvp21",
    "pjlink": "agent.protocols.pjlink",
    "http": "agent.protocols.http_get",
    "json_post": "agent.protocols.json_post",
    "rtsp": "agent.protocols.rtsp",
    "nut": "agent.protocols.nut",
    "snmp": "agent.protocols.snmp",
    "dvb": "agent.protocols.dvb",
    "cec": "agent.protocols.cec",
    "command": "agent.protocols.command_output",
    "console": "agent.protocols.console",
}
"""Imported when a device of the protocol is there: what does not run costs no memory."""


def names() -> frozenset[str]:
    return frozenset(_MODULES)


def codec_for(profile: Profile, peer: Peer) -> Codec:
    """A new codec for one device of this profile."""
    module = import_module(_MODULES[profile.protocol.name])
    return module.codec(profile.protocol, peer)  # type: ignore[no-any-return]
