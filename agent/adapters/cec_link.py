"""A Linux HDMI-CEC adapter behind Link: the calls that agent.protocols.cec asks for. Not tried on hardware."""

import os
import struct

from agent.adapters.device_file import DeviceFile
from agent.core.device_address import Address


class CecLink(DeviceFile):
    def __init__(self, address: Address) -> None:
        super().__init__(address, os.O_RDWR)

    def send(self, data: bytes) -> None:
        (number,) = struct.unpack_from("=I", data)
        structure = bytearray(data[4:])
        self._call(number, structure)
        self._answer(bytes(structure))
