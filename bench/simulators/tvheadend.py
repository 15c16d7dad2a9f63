"""A tvheadend server: which page says what of its inputs. HTTP itself is lines/http_port.py's, the password digest.py's.

Only an input in use has an entry; with nobody watching the list is empty. Scale 2 is 0.001 dB or dBm, 1 a share of 65535, 0
unknown. `te` and `cc` are counters since the last clearing; ec/tc are error and total counts, of bits and of blocks.
Source: tvheadend 80729d2 (src/api/api_status.c, src/input.h, src/streaming.h, src/webui/static/app/status.js).
"""

import json
import secrets
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from bench.digest import Guard
from bench.kinds import receiver
from bench.kinds.receiver import ReceiverFacts, ReceiverSettings
from bench.levels import level_dbm
from bench.live import Unit
from bench.settings import OnPort, Text32
from bench.simulator import Simulator
from bench.stations import HttpPlug, Page, Plug, Request

Json = dict[str, Any]
UNKNOWN, RELATIVE, DECIBEL = 0, 1, 2
FULL_SCALE_DB = 20.0
BITS_A_SECOND = 38_000_000


class TvheadendSettings(ReceiverSettings, OnPort):
    """tvheadend with one satellite adapter. An empty user switches its authentication off."""

    user: Annotated[str, Field(max_length=32)] = ""
    password: Annotated[str, Field(max_length=64)] = ""
    adapter: Text32 = "Bench DVB-S2 #0 : DVB-S #0"
    scale: Literal["decibel", "relative", "unknown"] = "decibel"


def page(unit: Unit[TvheadendSettings], guard: Guard, request: Request) -> Page:
    said = request.headers.get("authorization", "")
    if unit.settings.user and not guard.admits(request.method, request.path, said):
        return _error(401, "Unauthorized", ("WWW-Authenticate", guard.challenge()))
    if unit.refuses:
        return _error(403, "Forbidden")
    answer = PAGES.get(urlsplit(request.path).path)
    if answer is None:
        return _error(404, "Not Found")
    document = answer(receiver.facts(unit), unit.settings)
    return Page(200, "application/json; charset=UTF-8", json.dumps(document).encode())


def _error(status: int, words: str, *headers: tuple[str, str]) -> Page:
    title = f"<HTML><HEAD><TITLE>{status} {words}</TITLE></HEAD></HTML>"
    return Page(status, "text/html", title.encode(), headers)


def _inputs(box: ReceiverFacts, settings: TvheadendSettings) -> Json:
    entries = [_entry(box, settings)] if box.on else []
    return {"entries": entries, "totalCount": len(entries)}


def _entry(box: ReceiverFacts, settings: TvheadendSettings) -> Json:
    signal, signal_scale, snr, snr_scale = _measured(box, settings)
    seconds = box.uptime_s
    return {
        "uuid": "5d0c2a6e9b7f4c3c8e1d0b5a6f7e8d9c",
        "input": settings.adapter,
        "stream": settings.service,
        "subs": 1,
        "weight": 100,
        "pids": [0, 16, 17, 18],
        "signal": signal,
        "signal_scale": signal_scale,
        "ber": 0,
        "snr": snr,
        "snr_scale": snr_scale,
        "unc": 0,
        "bps": BITS_A_SECOND if box.locked else 0,
        "te": 0,
        "cc": 0 if box.locked else 12,
        "ec_bit": 0 if box.locked else 500,
        "tc_bit": seconds * BITS_A_SECOND,
        "ec_block": 0 if box.locked else 40,
        "tc_block": seconds * BITS_A_SECOND // 1504,
    }


def _measured(box: ReceiverFacts, settings: TvheadendSettings) -> tuple[int, int, int, int]:
    match settings.scale:
        case "relative":
            share = min(1.0, box.cnr_db / FULL_SCALE_DB)
            return box.level_pct * 65_535 // 100, RELATIVE, int(share * 65_535), RELATIVE
        case "decibel" if box.level_pct:
            return round(level_dbm(box.level_pct) * 1000), DECIBEL, round(box.cnr_db * 1000), DECIBEL
    return 0, UNKNOWN, 0, UNKNOWN


def _server(_box: ReceiverFacts, _settings: TvheadendSettings) -> Json:
    return {"sw_version": "4.3-2000~bench", "api_version": 19, "name": "Tvheadend", "capabilities": ["linuxdvb"]}


def _subscriptions(box: ReceiverFacts, settings: TvheadendSettings) -> Json:
    watching = {"id": 1, "start": 1_780_302_600, "errors": 0, "state": "Running", "hostname": "", "in": 0, "out": 0}
    entries = [watching | {"title": "HTTP", "service": settings.service}] if box.on else []
    return {"entries": entries, "totalCount": len(entries)}


PAGES: dict[str, Callable[[ReceiverFacts, TvheadendSettings], Json]] = {
    "/api/status/inputs": _inputs,
    "/api/status/subscriptions": _subscriptions,
    "/api/serverinfo": _server,
}


def attach(unit: Unit[TvheadendSettings]) -> tuple[Plug, ...]:
    guard = Guard("tvheadend", unit.settings.user, unit.settings.password, lambda: secrets.token_urlsafe(24))
    return (HttpPlug(unit.settings.host, unit.settings.port, partial(page, unit, guard)),)


SIMULATOR = Simulator("tvheadend", "tvheadend", TvheadendSettings, attach)
