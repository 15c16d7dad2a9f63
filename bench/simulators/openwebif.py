"""An Enigma2 receiver's OpenWebif: which page says what, with the types of the original. HTTP itself is lines/http_port.py's.

Many "values" of OpenWebif are strings: "true" and "false", the dB figure; in standby the signal's fields are all "". The
percentages follow the driver (100 % = 15.00 dB here) and `ber` is no bit error rate. Without lock the figures are 0.
"""

import json
from collections.abc import Callable
from typing import Any

from bench.kinds import receiver
from bench.kinds.receiver import ReceiverFacts, ReceiverSettings
from bench.live import Unit
from bench.settings import OnPort, Text32
from bench.simulator import Simulator
from bench.stations import HttpPlug, Page, Plug, Request

FULL_SCALE_DB = 15.0
SERVICE_REF = "1:0:19:1:1:1:30E0000:0:0:0:"
Json = dict[str, Any]


class OpenWebifSettings(ReceiverSettings, OnPort):
    brand: Text32 = "Bench"
    image_version: Text32 = "9.1"


def page(path: str, box: ReceiverFacts, settings: OpenWebifSettings) -> Page:
    """The answer to GET `path` (a query after `?` is ignored)."""
    name = path.partition("?")[0].rstrip("/")
    if name == "/web/signal":
        return Page(200, "application/xhtml+xml; charset=UTF-8", _signal_xml(box).encode())
    document = DOCUMENTS.get(name)
    if document is None:
        return Page(404, "text/html; charset=UTF-8", b"<html><body>No Such Resource</body></html>")
    return Page(200, "application/json; charset=UTF-8", json.dumps(document(box, settings)).encode())


def _word(value: bool) -> str:
    return "true" if value else "false"


def _percent(box: ReceiverFacts) -> int:
    return min(100, int(box.cnr_db * 100 / FULL_SCALE_DB))


def _signal(box: ReceiverFacts, _settings: OpenWebifSettings) -> Json:
    state = {"inStandby": _word(not box.on)}
    if not box.on:
        return dict.fromkeys(("tunertype", "tunernumber", "snr", "snr_db", "agc", "ber"), "") | state
    measured = {"snr": _percent(box), "snr_db": f"{box.cnr_db:.2f}", "agc": box.level_pct, "ber": 0}
    return {"tunertype": "DVB-S", "tunernumber": 0} | measured | state


def _signal_xml(box: ReceiverFacts) -> str:
    snr_db, snr, ber, agc = (f"{box.cnr_db:.2f}", _percent(box), 0, box.level_pct) if box.on else ("", "", "", "")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<e2frontendstatus>\n'
        f"\t<e2snrdb>{snr_db} dB</e2snrdb>\n\t<e2snr>{snr} %</e2snr>\n"
        f"\t<e2ber>{ber}</e2ber>\n\t<e2acg>{agc} %</e2acg>\n</e2frontendstatus>\n"
    )


def _status(box: ReceiverFacts, settings: OpenWebifSettings) -> Json:
    state: Json = {
        "volume": 60,
        "muted": False,
        "transcoding": False,
        "currservice_filename": "",
        "currservice_id": -1,
        "inStandby": _word(not box.on),
        "isRecording": "false",
        "isStreaming": "false",
        "Streaming_list": "",
    }
    if not box.on:
        return state
    names = {"currservice_name": "N/A", "currservice_begin": "", "currservice_end": "", "currservice_description": ""}
    station = {"currservice_station": settings.service, "currservice_serviceref": SERVICE_REF}
    return state | names | station | {"currservice_fulldescription": "N/A"}


def _uptime(seconds: int) -> str:
    return f"{seconds // 86_400}d {seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


def _device(box: ReceiverFacts, settings: OpenWebifSettings) -> Json:
    tuner = {"name": "Tuner A", "type": "DVB-S2", "live": SERVICE_REF if box.on else "", "rec": "", "stream": ""}
    interface = {"name": "eth0", "friendlynic": "Simulated Ethernet", "mac": "02:00:00:00:00:01", "ip": settings.host}
    return {
        "brand": settings.brand,
        "model": settings.model,
        "chipset": "bench",
        "kernelver": "5.15.0",
        "imagever": settings.image_version,
        "enigmaver": "2026-01-01",
        "webifver": "OWIF 2.2",
        "uptime": _uptime(box.uptime_s),
        "mem1": "524288 kB",
        "mem2": "310000 kB free / 524288 kB total",
        "tuners": [tuner],
        "hdd": [],
        "ifaces": [interface],
    }


def _about(box: ReceiverFacts, settings: OpenWebifSettings) -> Json:
    service = {"name": settings.service, "sref": SERVICE_REF, "result": True} if box.on else {"result": False}
    return {"info": _device(box, settings), "service": service}


DOCUMENTS: dict[str, Callable[[ReceiverFacts, OpenWebifSettings], Json]] = {
    "/api/signal": _signal,
    "/api/tunersignal": _signal,
    "/api/statusinfo": _status,
    "/api/deviceinfo": _device,
    "/api/about": _about,
}


def _attach(unit: Unit[OpenWebifSettings]) -> tuple[Plug, ...]:
    def pages(request: Request) -> Page:
        if request.method != "GET":
            return Page(501, "text/html; charset=UTF-8", b"<html><body>Unsupported method</body></html>")
        if unit.refuses:
            return Page(500, "text/html; charset=UTF-8", b"<html><body>Internal Server Error</body></html>")
        return page(request.path, receiver.facts(unit), unit.settings)

    return (HttpPlug(unit.settings.host, unit.settings.port, pages),)


SIMULATOR = Simulator("openwebif", "Enigma2 OpenWebif", OpenWebifSettings, _attach)
