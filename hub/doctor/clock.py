"""Whether the computer's clock is kept right: certificates, tickets and lessons depend on it."""

import ctypes
import os
from collections.abc import Iterator

from hub.doctor.findings import Finding, doubtful, good

_STATUS_AT, _SIZE = 40, 256
"""Where `status` stands in struct timex of a 64-bit Linux, and more room than the struct takes."""
_ERROR = 5


def clock() -> Iterator[Finding]:
    """As the kernel has it, whoever keeps the time (systemd-timesyncd, chrony, ntpd)."""
    try:
        state = _adjtimex()
    except (OSError, AttributeError):
        yield doubtful("clock", "it cannot be told whether it is kept right", "see: timedatectl")
        return
    if state == _ERROR:
        yield doubtful("clock", "nobody keeps it right", "apt-get install systemd-timesyncd; see: timedatectl")
    else:
        yield good("clock", "kept right by a time server")


def _adjtimex() -> int:
    """Reads only: modes is 0. Raises OSError."""
    buffer = ctypes.create_string_buffer(_SIZE)
    state: int = ctypes.CDLL(None, use_errno=True).adjtimex(buffer)
    if state < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    unsynchronised = int.from_bytes(buffer.raw[_STATUS_AT : _STATUS_AT + 4], "little") & 0x40
    return _ERROR if unsynchronised else state
