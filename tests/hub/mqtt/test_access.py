"""The table of who may say and hear what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import NodeKey
from hub.mqtt.access import KEEPER, Access, Rules, covers, host_rules, node_rules

NODE = NodeKey("cpm3", "36030001")
RULES = node_rules(NODE, "hub-cpm3")
HOST = host_rules("hub-cpm3", ("cpm3", "cpm4"))


@pytest.mark.parametrize(
    "topic",
    [
        "spBv1.0/cpm3/NBIRTH/36030001",
        "spBv1.0/cpm3/NDATA/36030001",
        "spBv1.0/cpm3/NDEATH/36030001",
        "spBv1.0/cpm3/DBIRTH/36030001/p1-tv",
        "spBv1.0/cpm3/DDATA/36030001/p1-tv",
        "spBv1.0/cpm3/DDEATH/36030001/p1-tv",
    ],
)
def test_a_node_speaks_for_itself_and_its_devices(topic: str) -> None:
    assert RULES.may_speak(topic)


@pytest.mark.parametrize(
    "topic",
    [
        "spBv1.0/cpm3/NDATA/36030002",
        "spBv1.0/cpm4/NDATA/36030001",
        "spBv1.0/cpm3/NCMD/36030001",
        "spBv1.0/cpm3/NDATA/36030001/p1-tv",
        "spBv1.0/cpm3/DDATA/36030001",
        "spBv1.0/cpm3/DDATA/36030001/p1-tv/more",
        "spBv1.0/STATE/hub-cpm3",
        "$SYS/broker/uptime",
        "$CONTROL/dynamic-security/v1",
        "",
    ],
)
def test_a_node_says_nothing_else(topic: str) -> None:
    assert not RULES.may_speak(topic)


@pytest.mark.parametrize(
    "wanted",
    [
        "spBv1.0/cpm3/NCMD/36030001",
        "spBv1.0/cpm3/DCMD/36030001/+",
        "spBv1.0/cpm3/DCMD/36030001/p1-tv",
        "spBv1.0/STATE/hub-cpm3",
    ],
)
def test_a_node_hears_its_commands_and_its_host(wanted: str) -> None:
    assert RULES.may_hear(wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        "#",
        "+/#",
        "spBv1.0/#",
        "spBv1.0/cpm3/#",
        "spBv1.0/cpm3/NCMD/+",
        "spBv1.0/+/NCMD/36030001",
        "spBv1.0/cpm3/DCMD/36030001/#",
        "spBv1.0/cpm3/DCMD/+/+",
        "spBv1.0/cpm3/NCMD/36030002",
        "spBv1.0/cpm3/NDATA/36030001",
        "spBv1.0/STATE/+",
        "spBv1.0/STATE/hub-cpm4",
        "$SYS/#",
        "$CONTROL/#",
    ],
)
def test_a_node_hears_nothing_else_and_no_wildcards(wanted: str) -> None:
    assert not RULES.may_hear(wanted)


def test_the_hub_hears_its_groups_commands_their_nodes_and_tells_its_state() -> None:
    assert HOST.may_hear("spBv1.0/cpm4/#")
    assert HOST.may_speak("spBv1.0/cpm3/NCMD/36030001")
    assert HOST.may_speak("spBv1.0/cpm4/DCMD/36030001/p1-tv")
    assert HOST.may_speak("spBv1.0/STATE/hub-cpm3")


def test_the_hub_neither_speaks_for_nodes_nor_hears_other_groups() -> None:
    assert not HOST.may_speak("spBv1.0/cpm3/NDATA/36030001")
    assert not HOST.may_hear("spBv1.0/#")
    assert not HOST.may_hear("spBv1.0/cpm5/NDATA/1")


def test_each_node_belongs_to_the_host_of_its_group() -> None:
    access = Access({"hub-cpm3": ("cpm3",), "hub-cpm4": ("cpm4",)}, frozenset({NodeKey("cpm4", "36040001")}))
    guests = access.guests()
    assert guests["36040001"] == node_rules(NodeKey("cpm4", "36040001"), "hub-cpm4")
    assert set(guests) == {"hub-cpm3", "hub-cpm4", "36040001"}


def test_a_node_of_a_group_that_is_not_served_is_not_let_in() -> None:
    assert "1" not in Access({"hub-cpm3": ("cpm3",)}, frozenset({NodeKey("cpm9", "1")})).guests()


def test_a_name_that_two_districts_use_is_nobodys() -> None:
    nodes = frozenset({NodeKey("cpm3", "1"), NodeKey("cpm4", "1")})
    assert "1" not in Access({"hub": ("cpm3", "cpm4")}, nodes).guests()


def test_a_node_cannot_be_called_like_a_hub() -> None:
    access = Access({"hub-36": ("36",)}, frozenset({NodeKey("36", "hub-36"), NodeKey("36", KEEPER)}))
    assert access.guests() == {"hub-36": host_rules("hub-36", ("36",))}


def test_nobody_is_allowed_nothing() -> None:
    assert not Rules().may_speak("a")
    assert not Rules().may_hear("a")


level = st.sampled_from(["a", "b", "spBv1.0"])
topics = st.lists(level, min_size=1, max_size=4).map("/".join)
filters = st.tuples(st.lists(st.sampled_from(["a", "b", "+"]), min_size=1, max_size=3), st.booleans()).map(
    lambda parts: "/".join([*parts[0], *(["#"] if parts[1] else [])])
)


@given(filters, filters, topics)
def test_what_a_covered_filter_matches_the_pattern_matches_too(pattern: str, wanted: str, topic: str) -> None:
    if covers(pattern, wanted) and covers(wanted, topic):
        assert covers(pattern, topic)
