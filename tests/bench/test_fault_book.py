import re
from typing import Any

import pytest

from bench.catalogue import catalogue
from bench.errors import UnknownFault
from bench.fault_book import FaultBook
from bench.faults import GENERIC
from bench.settings import BenchSettings


def two_rooms() -> FaultBook:
    def tv(key: str, room: str) -> Any:
        return catalogue()["lg-rs232"].settings.model_validate({"key": key, "room": room, "speaks": "lg-rs232"})

    return FaultBook(BenchSettings(device=(tv("p1-tv", "p1"), tv("p2-tv", "p2"), tv("p2-wall", "p2"))))


@pytest.fixture
def one_room(settings: BenchSettings) -> FaultBook:
    return FaultBook(settings)


def test_every_fault_has_a_name_and_a_line_of_english(one_room: FaultBook) -> None:
    for name, placed in one_room.faults.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert 10 < len(placed.fault.description) < 100


@pytest.mark.parametrize("speaks", sorted(catalogue()))
def test_every_simulator_has_the_generic_faults_and_no_fault_twice(speaks: str) -> None:
    codes = [fault.code for fault in catalogue()[speaks].settings.faults]
    assert {fault.code for fault in GENERIC} <= set(codes)
    assert len(set(codes)) == len(codes)


def test_the_room_may_always_be_named(one_room: FaultBook) -> None:
    assert one_room.find("p1/tv-dead") is one_room.find("tv-dead")


def test_where_two_rooms_have_one_the_room_is_part_of_the_name() -> None:
    book = two_rooms()
    assert book.find("p2/tv-dead").place == "p2-tv"
    assert book.find("wall-dead").place == "p2-wall"
    with pytest.raises(UnknownFault, match="which one\\? p1/tv-dead, p2/tv-dead"):
        book.find("tv-dead")


def test_a_mistyped_name_gets_the_nearest_one(one_room: FaultBook) -> None:
    with pytest.raises(UnknownFault, match=r"no fault 'tv-ded'; did you mean 'tv-dead'\?"):
        one_room.find("tv-ded")


def test_a_name_like_nothing_gets_the_way_to_the_list(one_room: FaultBook) -> None:
    with pytest.raises(UnknownFault, match="'dltv-bench fault' lists them all"):
        one_room.find("qqqqqqq")


def test_what_mends_itself_says_when(one_room: FaultBook) -> None:
    ends = {name: placed.ends_after_s for name, placed in one_room.faults.items() if placed.ends_after_s}
    assert ends == {"rain": 600.0, "tv-reboot": 20.0, "projector-reboot": 20.0, "receiver-reboot": 20.0}
