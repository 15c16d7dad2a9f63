"""What has to be said to Mosquitto so that it has the rules that are wanted, and nothing else."""

import json

from hypothesis import given
from hypothesis import strategies as st

from hub.core.equipment import NodeKey
from hub.mqtt.access import KEEPER, Rules, node_rules
from hub.mqtt.dynamic_security import Held, after, closing, first_file, mending, role_name

NODE = NodeKey("cpm3", "36030001")
RULES = node_rules(NODE, "hub-cpm3")
EMPTY = Held({}, frozenset())


def mended(held: Held, guests: dict[str, Rules]) -> Held:
    return after(held, list(mending(held, guests)))


def test_the_first_file_denies_what_it_does_not_list() -> None:
    defaults = json.loads(first_file({}))["defaultACLAccess"]
    assert defaults == {
        "publishClientSend": False,
        "publishClientReceive": False,
        "subscribe": False,
        "unsubscribe": True,
    }


def test_the_first_file_lets_only_the_keeper_change_rules() -> None:
    told = json.loads(first_file({NODE.name: RULES}))
    able = [role["rolename"] for role in told["roles"] if any("$CONTROL" in acl["topic"] for acl in role["acls"])]
    assert [name.partition(".")[0] for name in able] == [KEEPER]
    assert [client["username"] for client in told["clients"]] == [KEEPER, NODE.name]


def test_nothing_is_said_to_a_broker_that_is_in_step() -> None:
    held = mended(EMPTY, {NODE.name: RULES})
    assert list(mending(held, {NODE.name: RULES})) == []


def test_who_is_not_welcome_goes_before_anything_else() -> None:
    held = mended(EMPTY, {NODE.name: RULES})
    first, *_ = mending(held, {"other": Rules()})
    assert first == {"command": "deleteClient", "username": NODE.name}


def test_changed_rules_are_another_role() -> None:
    held = mended(EMPTY, {NODE.name: RULES})
    other = node_rules(NODE, "hub-other")
    kinds = [command["command"] for command in mending(held, {NODE.name: other})]
    assert kinds == ["createRole", "modifyClient", "deleteRole"]
    assert role_name(NODE.name, RULES) != role_name(NODE.name, other)


def test_to_cut_somebody_off_who_may_come_back_keeps_the_rules() -> None:
    held = mended(EMPTY, {NODE.name: RULES})
    assert after(held, closing(NODE.name, RULES)) == held


def test_to_cut_somebody_off_for_good_leaves_nothing() -> None:
    assert after(EMPTY, closing(NODE.name, None)) == EMPTY


names = st.sampled_from(["a", "b", "c"])
guests = st.dictionaries(names, st.sampled_from([RULES, Rules(), Rules(speak=("x",))]))
helds = st.builds(Held, st.dictionaries(names, st.frozensets(names)), st.frozensets(names))


@given(helds, guests)
def test_whatever_the_broker_has_it_ends_in_step(held: Held, wanted: dict[str, Rules]) -> None:
    assert list(mending(mended(held, wanted), wanted)) == []
