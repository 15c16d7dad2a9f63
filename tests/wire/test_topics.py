import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import TopicError
from wire.topics import MessageType, Topic, group_wildcard, state_topic

ids = st.text(min_size=1, max_size=40).filter(lambda text: not set(text) & set("+/#\0") and text.isprintable())
node_types = st.sampled_from([kind for kind in MessageType if not kind.of_device])
device_types = st.sampled_from([kind for kind in MessageType if kind.of_device])


@pytest.mark.tck(
    "topic-structure",
    "topic-structure-namespace-a",
    "topic-structure-namespace-device-id-non-associated-message-types",
    "intro-group-id-string",
    "intro-edge-node-id-string",
)
@given(ids, node_types, ids)
def test_a_nodes_topic_is_read_as_it_was_written(group: str, kind: MessageType, node: str) -> None:
    topic = Topic(group, kind, node)
    assert Topic.parse(str(topic)) == topic
    assert str(topic) == f"spBv1.0/{group}/{kind}/{node}"


@pytest.mark.tck("topic-structure-namespace-device-id-associated-message-types", "intro-device-id-string")
@given(ids, device_types, ids, ids)
def test_a_devices_topic_is_read_as_it_was_written(group: str, kind: MessageType, node: str, device: str) -> None:
    topic = Topic(group, kind, node, device)
    assert Topic.parse(str(topic)) == topic


@pytest.mark.tck(
    "topic-structure-namespace-valid-group-id",
    "topic-structure-namespace-valid-edge-node-id",
    "topic-structure-namespace-valid-device-id",
    "intro-group-id-chars",
    "intro-edge-node-id-chars",
    "intro-device-id-chars",
)
@pytest.mark.parametrize("bad", ["", "a+b", "a/b", "#", "a\0b"])
def test_an_id_that_mqtt_forbids_is_refused(bad: str) -> None:
    for levels in ((bad, "n", "d"), ("g", bad, "d"), ("g", "n", bad)):
        with pytest.raises(TopicError):
            Topic(levels[0], MessageType.DDATA, levels[1], levels[2])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spBv1.0",
        "spAv1.0/g/NBIRTH/n",
        "spBv1.0/g/NBIRTH",
        "spBv1.0/g/NBIRTH/n/d",
        "spBv1.0/g/DDATA/n",
        "spBv1.0/g/DDATA/n/d/e",
        "spBv1.0/g/nbirth/n",
        "spBv1.0/STATE/hub",
        "spBv1.0//NBIRTH/n",
    ],
)
def test_what_is_no_node_or_device_topic_is_refused(text: str) -> None:
    with pytest.raises(TopicError):
        Topic.parse(text)


@given(st.text(max_size=200))
def test_any_text_is_a_topic_or_a_topic_error(text: str) -> None:
    with contextlib.suppress(TopicError):
        assert str(Topic.parse(text)) == text


@pytest.mark.tck("host-topic-phid-birth-topic", "host-topic-phid-death-topic")
def test_a_hosts_state_topic_holds_its_id() -> None:
    assert state_topic("hub-cpm3") == "spBv1.0/STATE/hub-cpm3"


def test_a_wildcard_covers_one_group() -> None:
    assert group_wildcard("cpm3") == "spBv1.0/cpm3/#"
