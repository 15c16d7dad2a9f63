"""A serial line behind Link, through pyserial. A line that goes away is LinkLost; whoever asks again opens it again.

The line may be one behind a network port (rfc2217://), or that of a USB adapter, found by what is written into the adapter.
"""

import errno
import time
from typing import Any

import serial
from serial.tools import list_ports

from agent.core.device_address import USB, Address
from agent.errors import LinkLost
from firmware_profiles.links import SerialLink as Settings

_PARITY = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
MAX_BYTES = 4096
GATHERING_S = 0.01
"""At 9600 bits a second a byte takes a millisecond: some are awaited, so that not each one wakes the program."""


class SerialLink:
    """Opens the line exclusively. Raises LinkLost."""

    def __init__(self, address: Address, settings: Settings, timeout_s: float) -> None:
        try:
            place = line_of(address)
            # pyserial has neither for lines behind a network port.
            local: dict[str, Any] = {} if "://" in place else {"write_timeout": timeout_s, "exclusive": True}
            self._port = serial.serial_for_url(
                place,
                baudrate=settings.baud,
                bytesize=settings.data_bits,
                parity=_PARITY[settings.parity],
                stopbits=settings.stop_bits,
                timeout=timeout_s,
                **local,
            )
        except (OSError, ValueError) as error:
            raise LinkLost(f"{address}: {_reason(error)}") from None
        self._name = str(address)

    def send(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except OSError as error:
            raise LinkLost(f"{self._name}: {_reason(error)}") from None

    def receive(self, timeout_s: float) -> bytes | None:
        try:
            return self._waiting() if timeout_s <= 0 else self._received(timeout_s)
        # pyserial lets TypeError out where the port was closed under a read.
        except (OSError, TypeError) as error:
            raise LinkLost(f"{self._name}: {_reason(error)}") from None

    def _received(self, timeout_s: float) -> bytes | None:
        # Each assignment costs system calls, also that of the same value.
        if self._port.timeout != timeout_s:
            self._port.timeout = timeout_s
        first: bytes = self._port.read(1)
        if not first:
            return None
        time.sleep(GATHERING_S)
        return first + (self._waiting() or b"")

    def _waiting(self) -> bytes | None:
        size = min(self._port.in_waiting, MAX_BYTES)
        data: bytes = self._port.read(size) if size else b""
        return data or None

    def close(self) -> None:
        try:
            self._port.close()
        except OSError:
            return


def line_of(address: Address) -> str:
    """The line's name; of a USB adapter the one that it has now. Raises LinkLost."""
    kind, _, wanted = address.place.partition(":")
    if kind != USB:
        return address.place
    vendor, product, serial_number = (*wanted.split(":", 2), "")[:3]
    found = [
        one.device
        for one in list_ports.comports()
        if one.vid == int(vendor, 16) and one.pid == int(product, 16) and serial_number in ("", one.serial_number)
    ]
    if not found:
        raise LinkLost(f"{address}: there is no such adapter; is it plugged in?")
    if len(found) > 1:
        raise LinkLost(f"{address}: there are {len(found)} of them; add the serial number of the right one")
    return str(found[0])


_REASONS = {
    errno.ENOENT: "there is no such serial line; is the adapter plugged in?",
    errno.EACCES: "no right to open this serial line; add the agent's user to the group dialout",
    errno.EAGAIN: "another program has this serial line; stop that one",
}


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return _REASONS.get(number or 0) or str(error) or type(error).__name__
