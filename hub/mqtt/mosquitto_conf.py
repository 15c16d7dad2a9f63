"""mosquitto.conf: everything that a Mosquitto 2 needs to serve a hub and its schools, and nothing beside it."""

from dataclasses import dataclass
from pathlib import Path

from wire.payloads import MAX_PAYLOAD_BYTES
from wire.topics import MAX_TOPIC_BYTES

CERTIFICATE, KEY, TRUST, REVOKED, CHANGED = "broker.pem", "broker.key", "trust.pem", "crl.pem", "changed"
"""Files of the broker's directory. `changed` is written last, when Mosquitto has to read the others again."""
CONFIGURATION, FIRST_RULES = "mosquitto.conf", "dynamic-security.json"
_FRAMING = 16

_TEXT = """\
# Written by `dltv-hub broker-config`; changes are lost when it runs again.

# Who is who: by certificates only. The client id is the certificate's name, so that nobody can take over another's session.
per_listener_settings false
listener {port}{address}
certfile {files}/{certificate}
keyfile {files}/{key}
cafile {files}/{trust}
crlfile {files}/{revoked}
require_certificate true
use_identity_as_username true
use_username_as_clientid true
allow_anonymous false
tls_version tlsv1.2
max_connections {connections}

# Who may what: denied but for what the hub has told the plugin, which keeps it in its file.
plugin {plugin}
plugin_opt_config_file {state}/{rules}

# What one client may cost. A keepalive is the client's choice in MQTT 3.1.1; Mosquitto 2.0 has no limit for the rate of
# connections: a firewall has. No memory_limit: what Mosquitto 2.0 counts by falls below zero when rules are changed, and then
# it holds its memory for full and cuts everybody off. The service's MemoryMax= is such a limit; max_queued_bytes is not
# counted for QoS 0.
max_packet_size {packet}
max_inflight_messages 20
max_queued_messages 20000
max_queued_bytes 67108864
max_keepalive 600
set_tcp_nodelay true

# STATE of the hub is retained; nodes keep what they have to say in their own journals.
persistence true
persistence_location {state}/
autosave_interval 300
persistent_client_expiration 1d

# Who comes and goes, never what is said.
log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages true
sys_interval 60
"""


@dataclass(frozen=True, slots=True)
class BrokerPlan:
    """files  the directory with certificates, which Mosquitto may read
    state    the directory that Mosquitto keeps its own things in
    host     where to listen; empty: on every address
    """

    files: Path
    state: Path
    host: str = ""
    port: int = 8883
    connections: int = 5_000
    plugin: str = "mosquitto_dynamic_security.so"


def configuration(plan: BrokerPlan) -> str:
    return _TEXT.format(
        port=plan.port,
        address=f" {plan.host}" if plan.host else "",
        files=plan.files,
        certificate=CERTIFICATE,
        key=KEY,
        trust=TRUST,
        revoked=REVOKED,
        connections=plan.connections,
        plugin=plan.plugin,
        state=plan.state,
        rules=FIRST_RULES,
        packet=MAX_PAYLOAD_BYTES + MAX_TOPIC_BYTES + _FRAMING,
    )
