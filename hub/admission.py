"""The accounts of a hub, on its database: who is let in. Also the first link, and what time does to sessions and the audit."""

import logging
import secrets
import sys
import threading
from typing import TextIO

from hub.accounts.service import Accounts
from hub.accounts.settings import AccountsSettings
from hub.config import HubSettings, Listen
from hub.mqtt.host_client import utc_ms
from hub.passwords import Argon2Passwords
from hub.store.audit import prune
from hub.store.people import AccountBook
from hub.store.unit_of_work import Store

log = logging.getLogger(__name__)

_TIDY_S = 6 * 3600.0
_TRY_AGAIN_S = 300.0


def accounts_on(store: Store, settings: AccountsSettings) -> Accounts:
    return Accounts.on(AccountBook(store), Argon2Passwords(), settings, secrets.token_bytes)


def base_of(settings: HubSettings, port: int | None = None) -> str:
    """What stands before the path of a link, without a slash at its end. `port`: the one in use, where any was asked for."""
    link = settings.accounts.link or settings.notices.link
    if link is not None:
        return link.rstrip("/")
    listen = settings.http.listen
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen.host, listen.host)  # noqa: S104  where to call, not where to listen
    return f"http://{Listen(host=host, port=port or listen.port)}"


def tell_first_admin(accounts: Accounts, base: str, now: int, out: TextIO = sys.stderr) -> None:
    """Where nobody could sign in to let others in: the link by which somebody can, once. Not into the log, which is kept."""
    if accounts.settings.demo:
        return
    made = accounts.links.first_admin(now)
    if made is not None:
        hours = (made.expires_at - now) / 3_600_000
        print(f"\n  Nobody can sign in yet. Make the first admin here, within {hours:g} hours:", file=out)
        print(f"  {made.url(base)}", file=out)
        print("  Another link: dltv-hub people admin-link\n", file=out, flush=True)


class Housekeeping:
    """A thread that drops what is too old, at the start and from time to time."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._store, self._accounts = store, accounts
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def tidy(self, now: int) -> None:
        self._accounts.tidy(now)
        dropped = prune(self._store, self._accounts.settings.audit.keep_days, now)
        if dropped:
            log.info("dropped %d entries of the audit that were older than is asked for", dropped)

    def _run(self) -> None:
        wait = 0.0
        while not self._stopping.wait(wait):
            try:
                self.tidy(utc_ms())
                wait = _TIDY_S
            except Exception as error:  # noqa: BLE001  whatever it is, it must not end the thread
                log.warning("could not drop what is old (%s); trying again later", error)
                wait = _TRY_AGAIN_S
