from ipaddress import IPv4Interface

import pytest

from agent.core.neighbourhood import neighbourhoods
from agent.errors import OperatorError

OWN = [IPv4Interface("192.0.2.9/24"), IPv4Interface("10.1.2.3/16"), IPv4Interface("198.51.100.1/32")]


def test_the_networks_of_the_computer_are_searched_if_they_are_small() -> None:
    near, large = neighbourhoods(OWN, ())
    assert [(str(each.network), each.own) for each in near] == [("192.0.2.0/24", "192.0.2.9")]
    assert large == ["10.1.0.0/16 is larger than /22: name the part to look at with --subnet"]


def test_a_part_of_a_large_network_may_be_wished() -> None:
    (near,), _ = neighbourhoods(OWN, ["10.1.4.0/22"])
    assert near.own == "10.1.2.3"
    assert len(list(near.hosts)) == 1022


def test_the_loopback_is_searched_only_when_it_is_named() -> None:
    (near,), _ = neighbourhoods(OWN, ["127.9.0.0/30"])
    assert list(near.hosts) == ["127.9.0.1", "127.9.0.2"]
    assert "127.9.0.1" in near
    assert "192.0.2.1" not in near


@pytest.mark.parametrize("wish", ["203.0.113.0/24", "10.0.0.0/8", "192.0.2.1/24", "::/120", "x", "0.0.0.0/0"])
def test_other_networks_are_refused(wish: str) -> None:
    with pytest.raises(OperatorError, match="--subnet"):
        neighbourhoods(OWN, [wish])
