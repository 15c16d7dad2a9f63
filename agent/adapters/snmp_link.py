"""SNMP v2c and v3 behind Link, through pysnmp, whose event loop runs in one thread for all devices.

What is asked and answered is text, see agent.protocols.snmp. Each link has an engine of its own: two devices may know the same
user by different passwords.
"""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any

from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch import asyncio as hlapi
from pysnmp.proto import errind, rfc1902, rfc1905
from pysnmp.smi import builder

from agent.core.access import Access
from agent.core.device_address import Address
from agent.errors import Declined, LinkError, LinkLost, Refused
from agent.protocols.snmp import NOTHING

MAX_TEXT = 512
_AUTH = {
    "md5": hlapi.USM_AUTH_HMAC96_MD5,
    "sha": hlapi.USM_AUTH_HMAC96_SHA,
    "sha256": hlapi.USM_AUTH_HMAC192_SHA256,
    "sha512": hlapi.USM_AUTH_HMAC384_SHA512,
}
_PRIVACY = {
    "aes": hlapi.USM_PRIV_CFB128_AES,
    "aes256": hlapi.USM_PRIV_CFB256_AES,
    "des": hlapi.USM_PRIV_CBC56_DES,
}
_REFUSALS = (
    errind.UnknownUserName,
    errind.WrongDigest,
    errind.AuthenticationFailure,
    errind.AuthenticationError,
    errind.DecryptionError,
    errind.UnsupportedSecurityLevel,
    errind.UnsupportedAuthProtocol,
    errind.UnsupportedPrivProtocol,
)
_NOTHINGS = (rfc1905.NoSuchObject, rfc1905.NoSuchInstance, rfc1905.EndOfMibView)
_NUMBERS = (rfc1902.Integer32, rfc1902.Counter32, rfc1902.Gauge32, rfc1902.TimeTicks, rfc1902.Counter64)


class _NoCompiler:
    """Of MIBs: objects are asked for by their numbers. pysnmp would make one of its own for each engine, in half a second on a
    large computer, within the time that a device has to answer; and it could fetch from the Internet, and read from the home.
    """

    FOLDER = str(Path(builder.__file__).with_name("mibs"))
    """Where pysnmp looks after all other places: its own."""

    def compile(self, *names: str, **_options: object) -> dict[str, str]:
        return dict.fromkeys(names, "missing")


class _Loop:
    """The thread in which all engines live. Begun by the first link, ended with the program."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, bytes]) -> "concurrent.futures.Future[bytes]":
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="snmp", daemon=True).start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)


_LOOP = _Loop()


class SnmpLink:
    """Nothing is sent before something is asked. Raises LinkLost, Refused and Declined."""

    def __init__(self, address: Address, access: Access, timeout_s: float) -> None:
        self._address, self._timeout_s = address, timeout_s
        self._who, self._context = _who(access), hlapi.ContextData(contextName=access.snmp.context.encode())
        self._engine: hlapi.SnmpEngine | None = None
        self._answer: concurrent.futures.Future[bytes] | None = None

    def send(self, data: bytes) -> None:
        self._answer = _LOOP.run(self._get(data.decode().split()))

    def receive(self, timeout_s: float) -> bytes | None:
        if self._answer is None or timeout_s <= 0:
            return None
        try:
            answer = self._answer.result(timeout_s)
        except TimeoutError:
            return None
        except LinkError:
            self._answer = None
            raise
        except (PySnmpError, OSError, concurrent.futures.CancelledError) as error:
            self._answer = None
            raise LinkLost(f"{self._address}: {error}") from None
        self._answer = None
        return answer

    def close(self) -> None:
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None
        if self._engine is not None:
            _LOOP.run(_closed(self._engine))
            self._engine = None

    async def _get(self, oids: list[str]) -> bytes:
        if self._engine is None:
            self._engine = hlapi.SnmpEngine()
            self._engine.get_mib_builder().set_mib_compiler(_NoCompiler(), _NoCompiler.FOLDER)
        kind = hlapi.Udp6TransportTarget if ":" in self._address.place else hlapi.UdpTransportTarget
        where = (self._address.place, self._address.port)
        target = await kind.create(where, timeout=self._timeout_s, retries=0)
        wanted = [hlapi.ObjectType(hlapi.ObjectIdentity(oid)) for oid in oids]
        problem, status, _, values = await hlapi.get_cmd(
            self._engine, self._who, target, self._context, *wanted, lookupMib=False
        )
        if problem:
            raise _lost(problem)
        if status:
            raise Declined(f"SNMP: {status.prettyPrint()}")
        return "".join(f"{oid}={_told(value)}\n" for oid, value in values).encode() + b"\n"


async def _closed(engine: hlapi.SnmpEngine) -> bytes:
    engine.close_dispatcher()
    return b""


def _who(access: Access) -> hlapi.CommunityData | hlapi.UsmUserData:
    settings = access.snmp
    if not access.user:
        return hlapi.CommunityData(settings.community.get_secret_value(), mpModel=1)  # noqa: S508 - what the device speaks
    privacy = settings.privacy_password.get_secret_value() if settings.privacy_password else None
    if privacy:
        # pysnmp misses it only when something is to be encrypted, and then calls it silence.
        import_module("cryptography")
    return hlapi.UsmUserData(
        access.user,
        access.password or None,
        privacy,
        authProtocol=_AUTH[settings.auth] if access.password else hlapi.USM_AUTH_NONE,
        privProtocol=_PRIVACY[settings.privacy] if privacy else hlapi.USM_PRIV_NONE,
    )


def _lost(problem: object) -> LinkError:
    if isinstance(problem, _REFUSALS):
        return Refused(f"SNMP: {problem}; correct user, password and snmp = … of this device")
    if isinstance(problem, errind.RequestTimedOut):
        return LinkLost("no answer; is SNMP switched on there, and is the community right?")
    return LinkLost(f"SNMP: {problem}")


def _told(value: object) -> str:
    if isinstance(value, _NOTHINGS):
        return f"{NOTHING}:"
    if isinstance(value, _NUMBERS):
        return f"number:{int(value)}"
    if isinstance(value, rfc1902.OctetString):
        text = bytes(value)[:MAX_TEXT].decode("utf-8", "replace")
        return f"text:{''.join(sign if sign.isprintable() else ' ' for sign in text)}"
    return f"other:{value}"[:MAX_TEXT]
