"""Structures as linux/dvb/frontend.h lays them out; the sizes and offsets were checked with a C compiler."""

import contextlib
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, LinkError, LinkLost
from agent.protocols.codec import Peer
from agent.protocols.dvb import COMMANDS, Dvb, codec
from firmware_profiles.links import DvbProtocol

Hold = Callable[..., tuple[bytes, Any]]
LOCKED = bytes([4]) + struct.pack("=I", 0x1F)
DECIBEL, RELATIVE, COUNTER = 1, 2, 3


def dvb() -> Dvb:
    made = codec(DvbProtocol(name="dvb"), Peer())
    assert isinstance(made, Dvb)
    return made


def property_(command: int, union: bytes, size: int) -> bytes:
    return (struct.pack("=I12x", command) + union).ljust(size, b"\0")


def stat(scale: int, value: int) -> bytes:
    return b"\1" + struct.pack("=Bq" if scale == DECIBEL else "=BQ", scale, value)


def properties(frequency: int = 1_755_000, size: int = 76, **told: bytes) -> bytes:
    unions = [struct.pack("=I", frequency), *(told.get(f"c{command}", b"") for command in COMMANDS[1:])]
    return bytes([size]) + b"".join(property_(*each, size) for each in zip(COMMANDS, unions, strict=True))


def bits(errors: int, total: int) -> bytes:
    return properties(c66=stat(COUNTER, errors), c67=stat(COUNTER, total))


def stats(hold: Hold, one: Dvb, told: bytes, status: bytes = LOCKED) -> dict[str, object]:
    facts: dict[str, object] = hold(one.ask("stats"), [status, told])[1]
    return facts


@pytest.mark.parametrize("size", [76, 72])
def test_both_layouts_are_read(hold: Hold, size: int) -> None:
    told = properties(size=size, c62=stat(DECIBEL, -45120), c63=stat(DECIBEL, 13400))
    assert stats(hold, dvb(), told) == {"lock": True, "strength_dbm": -45.12, "cnr_db": 13.4}


def test_shares_are_percent(hold: Hold) -> None:
    told = properties(c62=stat(RELATIVE, 65535), c63=stat(RELATIVE, 0))
    assert stats(hold, dvb(), told) == {"lock": True, "strength_pct": 100.0, "cnr_pct": 0.0}


@pytest.mark.parametrize("union", [b"", b"\1" + bytes(9), b"\1\x09" + bytes(8)])
def test_what_is_not_measured_is_left_out(hold: Hold, union: bytes) -> None:
    assert stats(hold, dvb(), properties(c63=union)) == {"lock": True}


def test_without_lock_it_says_so(hold: Hold) -> None:
    assert stats(hold, dvb(), properties(), bytes([4]) + struct.pack("=I", 0x0F)) == {"lock": False}


def test_where_nobody_has_tuned_there_is_no_lock_to_tell_of(hold: Hold) -> None:
    assert stats(hold, dvb(), properties(frequency=0), bytes(5)[:0] + bytes([4]) + bytes(4)) == {}


def test_the_error_rate_is_that_between_two_readings(hold: Hold) -> None:
    one = dvb()
    assert "ber" not in stats(hold, one, bits(100, 1_000_000))
    assert stats(hold, one, bits(102, 3_000_000))["ber"] == 1e-6


@pytest.mark.parametrize("after", [(100, 1_000_000), (0, 500), (200, 1_000_050)])
def test_counters_that_stood_still_or_began_anew_give_no_rate(hold: Hold, after: tuple[int, int]) -> None:
    one = dvb()
    stats(hold, one, bits(100, 1_000_000))
    assert "ber" not in stats(hold, one, bits(*after))


def test_the_name_ends_at_its_first_zero(hold: Hold) -> None:
    assert hold(dvb().ask("info"), [bytes([128]) + b"Acme S2".ljust(128, b"\0")])[1] == {"name": "Acme S2"}


@pytest.mark.parametrize(
    "answer",
    [
        bytes([80]) + bytes(480),
        properties() + b"\0",
        properties().replace(struct.pack("=I", 62), struct.pack("=I", 61), 1),
    ],
)
def test_other_structures_are_refused(hold: Hold, answer: bytes) -> None:
    with pytest.raises(BadReply):
        stats(hold, dvb(), answer)


def test_structures_cut_short_are_no_answer(hold: Hold) -> None:
    whole = properties()
    for cut in range(1, len(whole)):
        with pytest.raises(LinkLost):
            hold(dvb().ask("stats"), [LOCKED, whole[:cut]])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([LOCKED, properties()]), max_size=6))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    for request in ("stats", "info", "reboot"):
        with contextlib.suppress(LinkError):
            hold(dvb().ask(request), pieces)


@given(st.integers(0, 2**32 - 1), st.lists(st.binary(max_size=56), min_size=5, max_size=5))
def test_any_statistics_make_facts(hold: Hold, status: int, unions: list[bytes]) -> None:
    told = properties(**{f"c{command}": union for command, union in zip(COMMANDS[1:], unions, strict=True)})
    assert set(stats(hold, dvb(), told, bytes([4]) + struct.pack("=I", status))) >= {"lock"}
