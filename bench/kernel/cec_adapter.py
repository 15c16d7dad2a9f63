"""An HDMI-CEC adapter with a TV at the other end of the cable, by linux/cec.h: claim an address, send a message, have its reply.

    cec_msg (56 bytes)   tx_ts@0 rx_ts@8 len@16 timeout@20 sequence@24 flags@28 msg[16]@32 reply@48 rx_status@49 tx_status@50
    cec_log_addrs (92)   log_addr[4]@0 log_addr_mask@4 cec_version@6 num_log_addrs@7 vendor_id@8 flags@12 osd_name[15]@16 …

Messages by HDMI-CEC 1.4: 8F asks for the power state (90), 9F for the version (9E), 46 for the name (47), 8C for the vendor (87,
to all), 83 for the physical address (84, to all). What the TV does not know it answers by Feature Abort (00).
"""

import struct

from bench.faults import HALF, SILENT, UNPLUGGED
from bench.kernel.files import NO_SUCH_CALL, UNPLUGGED_NOW, failure
from bench.kinds import display
from bench.live import Unit
from bench.simulators.cec_client import CecSettings

G_PHYS_ADDR, G_LOG_ADDRS, S_LOG_ADDRS, TRANSMIT = 0x80026101, 0x805C6103, 0xC05C6104, 0xC0386105
TX_OK, TX_NACK, TX_MAX_RETRIES = 0x01, 0x04, 0x20
RX_OK, RX_TIMEOUT, RX_FEATURE_ABORT = 0x01, 0x02, 0x04
PLAYBACK_1, TV, ALL, INVALID = 4, 0, 15, 0xFF
FEATURE_ABORT, REFUSED = 0x00, 0x04
LENGTH, MESSAGE, REPLY, RX_STATUS, TX_STATUS = 16, 32, 48, 49, 50
LG = bytes.fromhex("00e091")
FIRST_INPUT = 0x1000
"""The physical address 1.0.0.0."""


class CecAdapter:
    """Nobody has claimed an address on it yet."""

    def __init__(self, unit: Unit[CecSettings]) -> None:
        self._unit = unit
        self._claimed = bytes((INVALID,) * 4) + bytes(88)

    def ioctl(self, number: int, structure: bytearray) -> None:
        if UNPLUGGED in self._unit.ills:
            raise failure(UNPLUGGED_NOW)
        if number == G_PHYS_ADDR:
            structure[:] = struct.pack("=H", FIRST_INPUT)
        elif number == G_LOG_ADDRS:
            structure[:] = self._claimed
        elif number == S_LOG_ADDRS:
            self._claim(structure)
        elif number == TRANSMIT:
            self._transmit(structure)
        else:
            raise failure(NO_SUCH_CALL)

    def _claim(self, structure: bytearray) -> None:
        """The first playback address is free; who claims none gives his up."""
        claims = structure[7]
        structure[:4] = bytes((PLAYBACK_1 if claims else INVALID, INVALID, INVALID, INVALID))
        structure[4:6] = struct.pack("=H", 1 << PLAYBACK_1 if claims else 0)
        self._claimed = bytes(structure)

    def _transmit(self, structure: bytearray) -> None:
        (length,) = struct.unpack_from("=I", structure, LENGTH)
        sent, wanted = bytes(structure[MESSAGE : MESSAGE + length]), structure[REPLY]
        if sent[0] & 0x0F != TV or not self._unit.look().school.powered(self._unit.key):
            structure[TX_STATUS] = TX_NACK | TX_MAX_RETRIES
            return
        structure[TX_STATUS] = TX_OK
        if not wanted:
            return
        said = self._said(sent)
        if not said:
            structure[RX_STATUS] = RX_TIMEOUT
            return
        structure[RX_STATUS] = RX_OK | RX_FEATURE_ABORT if said[1] == FEATURE_ABORT else RX_OK
        structure[MESSAGE : MESSAGE + 16] = said.ljust(16, b"\0")
        struct.pack_into("=I", structure, LENGTH, len(said))

    def _said(self, sent: bytes) -> bytes:
        """The TV's message; nothing at all where none comes in time, or none that is whole."""
        if {SILENT, HALF} & set(self._unit.ills) or len(sent) < 2:
            return b""
        to_us, to_all, settings = bytes((TV << 4 | sent[0] >> 4,)), bytes((TV << 4 | ALL,)), self._unit.settings
        answers = {
            0x8F: to_us + bytes((0x90, 0x00 if display.facts(self._unit).on else 0x01)),
            0x9F: to_us + b"\x9e\x05",
            0x46: to_us + b"\x47" + settings.osd_name.encode()[:14],
            0x8C: to_all + b"\x87" + LG,
            0x83: to_all + b"\x84\x00\x00\x00",
        }
        abort = to_us + bytes((FEATURE_ABORT, sent[1], REFUSED if self._unit.refuses else 0))
        return abort if self._unit.refuses else answers.get(sent[1], abort)
