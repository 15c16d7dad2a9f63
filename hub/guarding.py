"""The guard of the broker: whoever is let in or shut out in the store is so at the broker, a second or two later.

The embedded broker's gatekeeper is told, or Mosquitto's files and rules; and ingestion, of nodes that were shut out.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.core.people import Role
from hub.ingestion.arrivals import Event, ShutOut
from hub.mqtt.access import KEEPER, Access
from hub.mqtt.broker_folder import BrokerFolder
from hub.mqtt.gatekeeper import Gatekeeper
from hub.mqtt.host_client import utc_ms
from hub.mqtt.mosquitto_conf import CERTIFICATE, KEY, REVOKED, TRUST
from hub.mqtt.rule_keeper import RuleKeeper
from hub.mqtt.sending_away import SendingAway
from hub.mqtt.tls import TlsFiles
from hub.pki.authority import Authority
from hub.pki.kept import Kept, keep_client, keep_server
from hub.pki.revocation_list import revocation_list
from hub.store.admissions import Admissions, admissions, admissions_mark
from hub.store.messages import tell
from hub.store.unit_of_work import Store

log = logging.getLogger(__name__)

_LOOK_S = 1.0
# Certificates are renewed and the list of revoked ones is dated anew, long before a broker would call them too old.
_AGAIN_MS = 12 * 3_600_000
_FAREWELL_S = 2.0
_HERE = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  not where to listen, but what is no name


def needs_guard(settings: HubSettings) -> bool:
    return settings.broker.rules if settings.broker_url else settings.mqtt.guarded


def pki_folder(settings: HubSettings) -> Path:
    return settings.data_dir / "pki"


def broker_names(settings: HubSettings) -> tuple[str, ...]:
    """What stands in the broker's certificate; the first name is the one that it is called by."""
    url = settings.broker_url
    own = url.host if url else settings.mqtt.listen.host
    names = (*settings.mqtt.names, *settings.devices.names, *({own} - _EVERYWHERE), *_HERE)
    return tuple(dict.fromkeys(names))


def access_of(settings: HubSettings, found: Admissions) -> Access:
    return Access(settings.hosts, found.nodes, {int(each.serial, 16): node for each, node in found.revoked})


class Guarding:
    """Raises PkiUnusable and OSError at its creation, for files that cannot be used."""

    def __init__(
        self,
        settings: HubSettings,
        store: Store,
        authority: Authority,
        tell: Callable[[Event], None],
        clock: Callable[[], int] = utc_ms,
        *,
        sending_away: SendingAway | None = None,
    ) -> None:
        """sending_away: knows who floods"""
        self._settings, self._store, self._authority, self._tell, self._clock = settings, store, authority, tell, clock
        self._sending_away = sending_away or SendingAway()
        self._away: dict[NodeKey, int] = {}
        self._mark: object = None
        self._again_at = 0
        self._listed: object = None
        self._nodes: frozenset[NodeKey] = frozenset()
        self._trouble = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="guard", daemon=True)
        url, files = settings.broker_url, settings.broker.files
        self._folder = None if url is None or files is None else BrokerFolder(files)
        self._keeper = None if url is None else RuleKeeper(url, self.identity(KEEPER))
        self.gatekeeper = None if url else Gatekeeper(_files(authority, self._server(clock())))

    def identity(self, common: str) -> TlsFiles:
        """Certificate and key by which the hub is known at the broker under this name."""
        return _files(self._authority, keep_client(self._authority, f"mqtt-{common}", common, self._clock()))

    def start(self) -> None:
        """The first look is taken before this returns: whoever was let in before is let in now."""
        self._look()
        if self._keeper is not None:
            self._keeper.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.stop()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL_S)

    @property
    def trouble(self) -> str:
        return self._trouble or (self._keeper.trouble if self._keeper else "")

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            self._look()

    def _look(self) -> None:
        """A fence: whatever fails is said once and tried again."""
        try:
            self.look(self._clock())
            self._trouble = ""
        except Exception as error:  # noqa: BLE001  whatever it is, the guard must not go home
            trouble = f"{type(error).__name__}: {error}"
            log.log(logging.DEBUG if trouble == self._trouble else logging.ERROR, "the guard: %s; trying on", trouble)
            self._trouble = trouble

    def look(self, now: int) -> None:
        """Tell the broker what changed in the store."""
        rotated, away = self._authority.refreshed(), self._sending_away.away(now)
        with self._store.reading() as connection:
            mark = admissions_mark(connection)
            if mark == self._mark and away == self._away and not rotated and now < self._again_at:
                return
            found = admissions(connection, now)
        loud = {node: away[node] for node in found.nodes & away.keys()}
        found = replace(found, nodes=found.nodes - loud.keys())
        self._tell_broker(found, now)
        for node in self._nodes - found.nodes:
            log.info("%s was %s", node, "sent away for a while" if node in loud else "shut out")
            self._tell(ShutOut(node, now))
        self._tell_office({node: until for node, until in loud.items() if self._away.get(node) != until}, now)
        self._nodes, self._mark, self._again_at, self._away = found.nodes, mark, now + _AGAIN_MS, away

    def _tell_office(self, away: Mapping[NodeKey, int], now: int) -> None:
        """Who was sent away, and until when: a computer that says so much is broken, or is not its own master any more."""
        if not away:
            return
        with self._store.begin() as work:
            for node, until in away.items():
                page = f"/schools/{quote(node.group, safe='')}/{quote(node.name, safe='')}"
                params: dict[str, str | int] = {"node": node.name, "until_at": until, "path": page}
                key = f"hub:node_loud:{node}:{until}"
                tell(
                    work.connection, "hub.node_loud", params, [Role.ADMIN.value], now,
                    group=node.group, school=node.school, key=key,
                )  # fmt: skip

    def _tell_broker(self, found: Admissions, now: int) -> None:
        server, access = self._server(now), access_of(self._settings, found)
        for host_id in self._settings.hosts:
            self.identity(host_id)
        if self.gatekeeper is not None:
            self.gatekeeper.admit(access)
        if self._folder is not None:
            self._folder.keep(self._files_for_mosquitto(server, found, now))
        if self._keeper is not None:
            self.identity(KEEPER)
            self._keeper.want(access)

    def _files_for_mosquitto(self, server: Kept, found: Admissions, now: int) -> dict[str, bytes]:
        files = files_for_mosquitto(self._authority, server)
        what = (self._authority.trust, found.revoked, now // _AGAIN_MS)
        if what != self._listed:
            # Dated: written only where it says something new, for Mosquitto reads everything again then.
            files[REVOKED] = revocation_list(self._authority, [each for each, _ in found.revoked], now)
            self._listed = what
        return files

    def _server(self, now: int) -> Kept:
        return keep_server(self._authority, "broker", broker_names(self._settings), now)


def files_for_mosquitto(authority: Authority, server: Kept) -> dict[str, bytes]:
    """All but the list of what is revoked."""
    return {
        CERTIFICATE: server.certificate.read_bytes(),
        KEY: server.key.read_bytes(),
        TRUST: "".join(authority.trust).encode(),
    }


def _files(authority: Authority, kept: Kept) -> TlsFiles:
    return TlsFiles(authority.bundle, kept.certificate, kept.key)
