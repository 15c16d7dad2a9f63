"""Passwords, hashed by Argon2id: the port Passwords of hub.accounts.

Each hash takes 64 MiB and a core for a moment, so only some are computed at once. Few may wait, for each that waits holds one of
the threads that make everybody's pages; whoever comes then is told to try again at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from hub.accounts.errors import TooBusy
from hub.accounts.records import Checked

_AT_ONCE = 2
_WAIT_AT_ONCE = 8
_LANES = 4
_PATIENCE_S = 5.0


class Argon2Passwords:
    """The parameters are those of RFC 9106 for machines that also do other things; tests take cheaper ones."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65_536, patience_s: float = _PATIENCE_S) -> None:
        hasher = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=_LANES)
        self._hasher = PasswordHash((hasher,))
        self._patience_s = patience_s
        self._free = BoundedSemaphore(_AT_ONCE)
        self._places = BoundedSemaphore(_AT_ONCE + _WAIT_AT_ONCE)
        # What is compared with where there is nothing: it takes as long, and no password is known that is right.
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={time_cost},p={_LANES}${'A' * 22}${'A' * 43}"

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(_bytes(password))

    def check(self, password: str, hashed: str | None) -> Checked:
        with self._turn():
            try:
                right, anew = self._hasher.verify_and_update(_bytes(password), hashed or self._nobody)
            except UnknownHashError:
                return Checked(False)
        return Checked(True, anew) if right and hashed else Checked(False)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with _held(self._places, 0), _held(self._free, self._patience_s):
            yield


@contextmanager
def _held(places: BoundedSemaphore, within_s: float) -> Iterator[None]:
    """One of them. Raises TooBusy."""
    if not places.acquire(timeout=within_s):
        raise TooBusy("too many passwords are being checked at once; try again")
    try:
        yield
    finally:
        places.release()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
