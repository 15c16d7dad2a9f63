"""`dltv-hub broker-config`: everything that a Mosquitto needs to be this hub's broker. A hub that runs keeps it up to date."""

import argparse
from pathlib import Path

from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, settings_of
from hub.config import HubSettings, Listen
from hub.guarding import access_of, broker_names, files_for_mosquitto, pki_folder
from hub.mqtt.broker_folder import BrokerFolder
from hub.mqtt.dynamic_security import first_file
from hub.mqtt.host_client import utc_ms
from hub.mqtt.mosquitto_conf import CONFIGURATION, FIRST_RULES, REVOKED, BrokerPlan, configuration
from hub.pki.authority import Authority
from hub.pki.kept import keep_server
from hub.pki.revocation_list import revocation_list
from hub.store.admissions import admissions
from hub.store.opening import open_store

HELP = "write everything that a Mosquitto needs to be the broker of this hub"

_STATE = Path("/var/lib/mosquitto")
_NEXT = """\
{out} is complete. Next, unless provisioning/hub/setup.sh does it:
1. Let Mosquitto's group read it:             chgrp -R mosquitto {out} && chmod 2750 {out}
2. Give Mosquitto its first rules, once:      install -o mosquitto -g mosquitto -m 600 {out}/{rules} {state}/
3. Run it by this file:                       /etc/mosquitto/mosquitto.conf -> {out}/{conf}
4. Have it read {out} again when `changed` there changes (systemd: dltv-broker-reload.path).
5. Tell the hub, in hub.toml:

   [broker]
   url = "mqtts://{host}:{port}"
   rules = true
   files = "{out}"
"""


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the directory that Mosquitto reads")
    parser.add_argument(
        "--state", type=Path, default=_STATE, metavar="DIR", help=f"what Mosquitto keeps (default: {_STATE})"
    )
    parser.add_argument("--address", default="", help="listen on this address only (default: on every one)")
    parser.add_argument("--port", type=int, default=8883, help="default: 8883")
    parser.add_argument("--connections", type=int, default=5_000, metavar="N", help="at most (default: 5000)")


def run(options: argparse.Namespace) -> int:
    settings, out = settings_of(options), options.out.resolve()
    plan = BrokerPlan(out, options.state, options.address, options.port, options.connections)
    folder = BrokerFolder(out)
    try:
        folder.make()
        folder.keep(_files(settings, plan))
    except OSError as error:
        raise CommandMistake(f"--out: {out} cannot be written ({error.strerror}); name another directory") from None
    host = Listen(host=options.address or "127.0.0.1", port=options.port).host
    print(_NEXT.format(out=out, rules=FIRST_RULES, state=plan.state, conf=CONFIGURATION, host=host, port=plan.port))
    return 0


def _files(settings: HubSettings, plan: BrokerPlan) -> dict[str, bytes]:
    now, authority = utc_ms(), Authority(pki_folder(settings), utc_ms())
    store = open_store(settings.store_url)
    try:
        with store.reading() as connection:
            found = admissions(connection, now)
    finally:
        store.close()
    server = keep_server(authority, "broker", broker_names(settings), now)
    return {
        **files_for_mosquitto(authority, server),
        REVOKED: revocation_list(authority, [each for each, _ in found.revoked], now),
        CONFIGURATION: configuration(plan).encode(),
        FIRST_RULES: first_file(access_of(settings, found).guests()).encode(),
    }
