"""A Linux DVB front end behind Link: the three calls that agent.protocols.dvb asks for. It is opened for reading only.

The kernel's structures point to others, so they are laid out here, as large as this process has them. Not tried on hardware.
"""

import ctypes
import os
import struct

from agent.adapters.device_file import DeviceFile
from agent.core.device_address import Address
from agent.protocols.dvb import NAME_SIZE, PROPERTIES, SIZES, STATUS, STATUS_SIZE

READ_STATUS, GET_INFO = 0x80046F45, 0x80A86F3D
INFO_SIZE = 168
POINTER = ctypes.sizeof(ctypes.c_void_p)
GET_PROPERTY = {8: 0x80106F53, 4: 0x80086F53}
PROPERTY_SIZE = SIZES[POINTER]


class DvbLink(DeviceFile):
    def __init__(self, address: Address) -> None:
        super().__init__(address, os.O_RDONLY | os.O_NONBLOCK)

    def send(self, data: bytes) -> None:
        wanted, *commands = struct.unpack(f"={len(data) // 4}I", data)
        if wanted == PROPERTIES:
            self._answer(bytes([PROPERTY_SIZE]) + self._properties(commands))
        elif wanted == STATUS:
            self._answer(bytes([STATUS_SIZE]) + self._read(READ_STATUS, STATUS_SIZE))
        else:
            self._answer(bytes([NAME_SIZE]) + self._read(GET_INFO, INFO_SIZE)[:NAME_SIZE])

    def _read(self, number: int, size: int) -> bytes:
        structure = bytearray(size)
        self._call(number, structure)
        return bytes(structure)

    def _properties(self, commands: list[int]) -> bytes:
        properties = ctypes.create_string_buffer(PROPERTY_SIZE * len(commands))
        for at, command in enumerate(commands):
            struct.pack_into("=I", properties, at * PROPERTY_SIZE, command)
        # `@` pads as the compiler does: 16 bytes with pointers of 8, 8 with those of 4.
        self._call(GET_PROPERTY[POINTER], bytearray(struct.pack("@IP", len(commands), ctypes.addressof(properties))))
        return properties.raw
