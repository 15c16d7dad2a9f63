"""A Mosquitto as a hub delivers it: by the files of `dltv-hub broker-config`, over TLS, with rules that the hub keeps.

Schools have certificates of the hub's own authority, as if each had enrolled.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateSigningRequestBuilder, Name

from benchmarks.processes import mosquitto, process, wait_for_port
from hub.config import read_settings
from hub.core.equipment import NodeKey
from hub.guarding import pki_folder
from hub.mqtt.host_client import utc_ms
from hub.mqtt.mosquitto_conf import CONFIGURATION, FIRST_RULES
from hub.pki.authority import Authority
from hub.store.enrolment import EnrolmentRows
from hub.store.opening import open_store

CA = "ca.pem"
_DAYS = 90


def enrol(config: Path, nodes: Iterable[NodeKey], keys: Path) -> None:
    """Lets them in, by the hub's settings; writes ca.pem, and of each NAME.pem and NAME.key, into a new folder."""
    settings = read_settings(config, {}, {})
    keys.mkdir()
    authority, store, now = Authority(pki_folder(settings), utc_ms()), open_store(settings.store_url), utc_ms()
    try:
        with store.begin() as work:
            for node in nodes:
                key = generate_private_key(SECP256R1())
                request = CertificateSigningRequestBuilder().subject_name(Name([])).sign(key, SHA256())
                issued = authority.node(request.public_bytes(Encoding.PEM).decode(), node, _DAYS, now)
                EnrolmentRows(work.connection).keep(node, issued, now)
                (keys / f"{node.name}.pem").write_text(issued.pem + "".join(authority.chain))
                private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                (keys / f"{node.name}.key").write_bytes(private)
    finally:
        store.close()
    shutil.copy(authority.bundle, keys / CA)


@contextmanager
def guarded_broker(config: Path, files: Path, port: int) -> Iterator[int]:
    """By the hub's settings, with its files there; on the loopback. Its process."""
    state = files.with_name(f"{files.name}-state")
    state.mkdir()
    words = [sys.executable, "-m", "hub", "broker-config", "--config", str(config), "--out", str(files)]
    words += ["--state", str(state), "--address", "127.0.0.1", "--port", str(port)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(files / FIRST_RULES, state / FIRST_RULES)
    # Started by root it would become another user, who may not look into this folder.
    stay = "user root\n" if os.geteuid() == 0 else ""
    (state / CONFIGURATION).write_text((files / CONFIGURATION).read_text() + stay)
    with process([mosquitto(), "-c", state / CONFIGURATION]) as pid:
        wait_for_port(port)
        yield pid
