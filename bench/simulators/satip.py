"""A SAT>IP server (EN 50585): RTSP on one port, and on another the answer to a search by SSDP. Bytes in, bytes out.

    DESCRIBE rtsp://host/ RTSP/1.0 / CSeq: n / Accept: application/sdp
    a=fmtp:33 ver=1.0;src=1;tuner=<feID>,<level>,<lock>,<quality>,<MHz>,<pol>,<system>,<type>,<pilots>,<roll-off>,<kS/s>,<fec>;…

A stream exists while somebody watches, which here means: while the receiver is switched on; without one DESCRIBE is answered by
404. `SETUP` finds no free tuner (503). level 0..255 (224 is -25 dBm, 32 is -65 dBm, 0 no signal), lock 0 or 1, quality 0..15.
Some servers never measure: `fake` says 255 and 15 always, `blind` says locked, level 0 and quality 0. Sources: SAT>IP Protocol
Specification 1.2 (3.3.3, 3.5.7); minisatip 5903525 and tvheadend 80729d2 for how servers behave; RFC 2326.
"""

from functools import partial
from typing import Annotated, Literal
from xml.sax.saxutils import escape

from pydantic import Field

from bench import ssdp
from bench.kinds import receiver
from bench.kinds.receiver import ReceiverFacts, ReceiverSettings
from bench.levels import satip_level
from bench.live import Unit
from bench.settings import OnPort, Port
from bench.simulator import Simulator
from bench.ssdp import SsdpDevice
from bench.stations import HttpPlug, Page, Plug, Request, TcpPlug, UdpPlug

MAX_HEAD = 4096
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"
REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    406: "Not Acceptable",
    454: "Session Not Found",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "RTSP Version Not Supported",
}
SERVER = "dltv-bench/1"
SERVER_TYPE = "urn:ses-com:device:SatIPServer:1"
Reply = tuple[int, dict[str, str], str]


class SatIpSettings(ReceiverSettings, OnPort):
    """`ssdp_port`: where it answers searches (1900 in the real world), with the address of `description_port` in the answer.
    `announces`: whether it also tells of itself unasked, from that port.
    """

    ssdp_port: Port | None = None
    announces: bool = False
    description_port: Port | None = None
    transponder: Annotated[str, Field(pattern=r"^[a-z0-9.,]{1,80}$")] = "12355,v,dvbs2,8psk,on,0.20,30000,34"
    measures: Literal["all", "fake", "blind"] = "all"


class RtspSession:
    """One connection."""

    def __init__(self, unit: Unit[SatIpSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._pending = b""

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        *requests, self._pending = (self._pending + data).split(b"\r\n\r\n")
        self.ended = len(self._pending) > MAX_HEAD
        return b"".join(self._hear(request.lstrip(b"\r\n")) for request in requests if request.strip())

    def _hear(self, request: bytes) -> bytes:
        first, *lines = request.decode("utf-8", "replace").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        match first.split(" "):
            case [method, address, "RTSP/1.0"] if address.startswith("rtsp://") or address == "*":
                status, extra, body = self._answer(method, address, headers)
            case [_, _, version] if version.startswith("RTSP/"):
                status, extra, body = (505, {}, "") if version != "RTSP/1.0" else (400, {}, "")
            case _:
                status, extra, body = 400, {}, ""
        return _worded(status, {"CSeq": headers.get("cseq", "0"), "Server": SERVER} | extra, body)

    def _answer(self, method: str, address: str, headers: dict[str, str]) -> Reply:
        if self._unit.refuses:
            return 503, {}, ""
        match method:
            case "OPTIONS":
                return 200, {"Public": METHODS}, ""
            case "DESCRIBE":
                return self._describe(address, headers.get("accept", "application/sdp"))
            case "SETUP":
                return 503, {"No-More": "frontends"}, ""
            case "PLAY" | "TEARDOWN":
                return 454, {}, ""
        return 501, {}, ""

    def _describe(self, address: str, accept: str) -> Reply:
        path = address.removeprefix("rtsp://").partition("/")[2].strip("/")
        box = receiver.facts(self._unit)
        if "application/sdp" not in accept and "*/*" not in accept:
            return 406, {}, ""
        if not box.on or path not in ("", "stream=1"):
            return 404, {}, ""
        base = address if address.endswith("/") else f"{address}/"
        return 200, {"Content-Type": "application/sdp", "Content-Base": base}, _sdp(box, self._unit.settings)


def _sdp(box: ReceiverFacts, settings: SatIpSettings) -> str:
    tuner = f"1,{','.join(str(figure) for figure in figures(box, settings))},{settings.transponder}"
    lines = (
        "v=0",
        f"o=- 1 1 IN IP4 {settings.host}",
        "s=SatIPServer:1 1,0,0",
        "t=0 0",
        "m=video 0 RTP/AVP 33",
        "c=IN IP4 0.0.0.0",
        "a=control:stream=1",
        f"a=fmtp:33 ver=1.0;src=1;tuner={tuner};pids=0,16,17,18",
        "a=sendonly",
    )
    return "".join(f"{line}\r\n" for line in lines)


def figures(box: ReceiverFacts, settings: SatIpSettings) -> tuple[int, int, int]:
    """Level, lock and quality. 15 leaves 3 dB and more to spare above the point where this receiver lets go."""
    if settings.measures == "fake":
        return 255, int(box.locked), 15
    if settings.measures == "blind":
        return 0, int(box.locked), 0
    spare_db = box.cnr_db - settings.locks_above_db
    quality = max(1, min(15, round(spare_db * 5))) if box.locked else 0
    return satip_level(box.level_pct), int(box.locked), quality


def _worded(status: int, headers: dict[str, str], body: str) -> bytes:
    # RFC 2326, 12.14: a message without Content-Length has no body.
    length = {"Content-Length": str(len(body))} if body else {}
    head = [f"RTSP/1.0 {status} {REASONS[status]}", *(f"{name}: {value}" for name, value in (headers | length).items())]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def description(unit: Unit[SatIpSettings], request: Request) -> Page:
    """`/desc.xml`: what it is and how many front-ends it has."""
    if request.path != "/desc.xml":
        return Page(404, "text/plain", b"Not Found")
    settings, urn = unit.settings, 'xmlns="urn:schemas-upnp-org:device-1-0"'
    told = (
        f"<deviceType>{SERVER_TYPE}</deviceType><friendlyName>{settings.key}</friendlyName>"
        f"<manufacturer>Bench</manufacturer><modelName>{escape(settings.model)}</modelName><UDN>{device(settings).uuid}</UDN>"
        '<satip:X_SATIPCAP xmlns:satip="urn:ses-com:satip">DVBS2-1</satip:X_SATIPCAP>'
    )
    body = f'<?xml version="1.0"?><root {urn} configId="0"><device>{told}</device></root>'
    return Page(200, "text/xml; charset=utf-8", body.encode())


def device(settings: SatIpSettings) -> SsdpDevice:
    location = f"http://{settings.host}:{settings.description_port or 80}/desc.xml"
    return SsdpDevice(SERVER_TYPE, settings.key, location, "DEVICEID.SES.COM: 1")


def attach(unit: Unit[SatIpSettings]) -> tuple[Plug, ...]:
    settings = unit.settings
    plugs: list[Plug] = [TcpPlug(settings.host, settings.port, lambda: RtspSession(unit), idle_s=60.0, callers=8)]
    if settings.ssdp_port is not None:
        notices = device(settings).notices() if settings.announces else []
        told = tuple((ssdp.GROUP, ssdp.PORT, each) for each in notices)
        plugs.append(UdpPlug(settings.host, settings.ssdp_port, device(settings).replies, told))
    if settings.description_port is not None:
        plugs.append(HttpPlug(settings.host, settings.description_port, partial(description, unit)))
    return tuple(plugs)


SIMULATOR = Simulator("satip", "SAT>IP server", SatIpSettings, attach)
