"""The same table of what is refused, at the embedded broker and at a Mosquitto by the configuration that the hub writes."""

import socket
import ssl
import time
from typing import Any

import pytest

from hub.core.equipment import NodeKey
from hub.mqtt.tls import TlsFiles

pytestmark = pytest.mark.e2e
OURS, THEIRS = NodeKey("cpm3", "36030001"), NodeKey("cpm3", "36030002")
OTHER_DISTRICT = NodeKey("cpm4", "36040001")
HOST_ID = "hub-cpm3"


@pytest.fixture
def school(office: Any, guarded: Any, client: Any) -> Any:
    """Connect a node's computer, and have the broker know it: school(OURS)."""

    def connect(node: NodeKey, **habits: Any) -> Any:
        files = office.enrol(node)
        guarded.tell()
        return client(guarded.port, "whatever", files=files, **habits)

    return connect


@pytest.fixture
def hub(office: Any, guarded: Any, client: Any) -> Any:
    return client(guarded.port, HOST_ID, files=office.client(HOST_ID)).subscribe("spBv1.0/cpm3/#", "spBv1.0/cpm4/#")


def test_a_school_reports_and_hears_its_commands_and_its_host(school: Any, hub: Any, until: Any) -> None:
    hub.mqtt.publish(f"spBv1.0/STATE/{HOST_ID}", b"online", qos=1, retain=True).wait_for_publish(60)
    node = school(OURS)
    node.subscribe("spBv1.0/cpm3/NCMD/36030001", f"spBv1.0/STATE/{HOST_ID}", "spBv1.0/cpm3/DCMD/36030001/+")
    assert node.refused == 0
    node.mqtt.publish("spBv1.0/cpm3/NBIRTH/36030001", b"born")
    node.mqtt.publish("spBv1.0/cpm3/DDATA/36030001/p1-tv", b"data")
    until("both reports", lambda: len(hub.topics()) == 2)
    hub.mqtt.publish("spBv1.0/cpm3/NCMD/36030001", b"rebirth")
    hub.mqtt.publish("spBv1.0/cpm3/DCMD/36030001/p1-tv", b"on")
    until("STATE and both commands", lambda: len(node.topics()) == 3)


@pytest.mark.parametrize(
    "topic",
    [
        "spBv1.0/cpm3/NDATA/36030002",
        "spBv1.0/cpm3/NDEATH/36030002",
        "spBv1.0/cpm3/DDATA/36030002/p1-tv",
        "spBv1.0/cpm4/NDATA/36030001",
        "spBv1.0/cpm4/NBIRTH/36040001",
        "spBv1.0/cpm3/NCMD/36030002",
        "spBv1.0/cpm3/NCMD/36030001",
        f"spBv1.0/STATE/{HOST_ID}",
    ],
)
def test_a_school_cannot_speak_for_another_or_for_the_hub(topic: str, school: Any, hub: Any, until: Any) -> None:
    hub.subscribe(f"spBv1.0/STATE/{HOST_ID}")
    node = school(OURS)
    node.mqtt.publish(topic, b"not mine", qos=1)
    node.mqtt.publish("spBv1.0/cpm3/NDATA/36030001", b"mine")
    until("what it may say", lambda: "spBv1.0/cpm3/NDATA/36030001" in hub.topics())
    assert hub.topics() == ["spBv1.0/cpm3/NDATA/36030001"]


@pytest.mark.parametrize(
    "wanted",
    [
        "#",
        "+/+/+/+",
        "spBv1.0/#",
        "spBv1.0/cpm3/#",
        "spBv1.0/cpm3/NCMD/+",
        "spBv1.0/+/NCMD/36030001",
        "spBv1.0/cpm3/NCMD/36030002",
        "spBv1.0/cpm3/NDATA/36030001",
        "spBv1.0/cpm3/DCMD/36030001/#",
        "spBv1.0/STATE/+",
        "$SYS/#",
        "$CONTROL/#",
        "$CONTROL/dynamic-security/v1/response",
    ],
)
def test_a_school_cannot_listen_to_another_nor_by_wildcards(wanted: str, school: Any) -> None:
    assert school(OURS).subscribe(wanted).refused == 1


def test_the_will_of_a_school_goes_out_and_is_its_own(school: Any, hub: Any, until: Any) -> None:
    node = school(OURS, will=("spBv1.0/cpm3/NDEATH/36030001", b"dead", 1, False))
    node.cut()
    until("the will", lambda: hub.topics() == ["spBv1.0/cpm3/NDEATH/36030001"])


def test_a_will_in_the_name_of_another_school_is_never_told(
    office: Any, guarded: Any, client: Any, hub: Any, school: Any, until: Any
) -> None:
    neighbour, files = school(THEIRS), office.enrol(OURS)
    guarded.tell()
    connection = raw_tls(guarded.port, files)
    will = b"\0\x1cspBv1.0/cpm3/NDEATH/36030002\0\1x"
    connection.sendall(bytes([0x10, 13 + len(will)]) + b"\0\4MQTT\4\6\0\x1e\0\1x" + will)
    connection.settimeout(60)
    connection.recv(4)
    connection.close()
    neighbour.mqtt.publish("spBv1.0/cpm3/NDATA/36030002", b"alive")
    until("the neighbour", hub.topics)
    assert hub.topics() == ["spBv1.0/cpm3/NDATA/36030002"]


def test_a_school_cannot_take_over_the_session_of_another(
    office: Any, guarded: Any, client: Any, school: Any, hub: Any, until: Any
) -> None:
    neighbour = school(THEIRS)
    files = office.enrol(OURS)
    guarded.tell()
    client(guarded.port, THEIRS.name, files=files)
    neighbour.mqtt.publish("spBv1.0/cpm3/NDATA/36030002", b"still here")
    until("the neighbour", hub.topics)
    assert not neighbour.lost


def test_without_a_certificate_nobody_comes_in(guarded: Any, office: Any) -> None:
    assert is_shut_out(guarded.port, TlsFiles(ca=office.authority.bundle))


def test_a_certificate_of_somebody_else_is_refused(guarded: Any, office: Any, tmp_path_factory: Any) -> None:
    stranger = type(office)(tmp_path_factory.mktemp("stranger")).enrol(OURS)
    assert is_shut_out(guarded.port, TlsFiles(office.authority.bundle, stranger.certificate, stranger.key))


def test_a_certificate_that_has_ended_is_refused(guarded: Any, office: Any) -> None:
    long_ago = int(time.time() * 1000) - 200 * 86_400_000
    files = office.enrol(OURS, long_ago)
    guarded.tell()
    assert is_shut_out(guarded.port, files)


def test_plain_mqtt_is_not_spoken(guarded: Any) -> None:
    with socket.create_connection(("127.0.0.1", guarded.port), 5) as connection:
        connection.sendall(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x02\x00\x01x")
        assert closed(connection)


def test_who_is_in_the_middle_of_a_handshake_is_ended_with_the_broker(guarded: Any, office: Any) -> None:
    with socket.create_connection(("127.0.0.1", guarded.port), 5) as connection:
        # Who comes later is answered: the first one is known to the broker by now.
        assert is_shut_out(guarded.port, TlsFiles(ca=office.authority.bundle))
        guarded.stop()
        assert closed(connection)


def test_tls_older_than_1_2_is_not_spoken(guarded: Any, office: Any) -> None:
    files = office.enrol(OURS)
    guarded.tell()
    context = files.for_client()
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", guarded.port), 5) as plain, pytest.raises(OSError):  # noqa: PT011
        context.wrap_socket(plain, server_hostname="127.0.0.1")


def test_a_school_that_is_shut_out_is_cut_off_at_once_and_its_neighbour_is_not(
    office: Any, guarded: Any, school: Any, hub: Any, until: Any
) -> None:
    neighbour, node = school(THEIRS), school(OURS)
    office.revoke(OURS)
    began = time.monotonic()
    guarded.tell()
    until("the end of the connection", lambda: node.lost)
    assert time.monotonic() - began < 60
    neighbour.mqtt.publish("spBv1.0/cpm3/NDATA/36030002", b"still here")
    until("the neighbour", lambda: "spBv1.0/cpm3/NDATA/36030002" in hub.topics())
    assert not neighbour.lost
    assert not hub.lost


def test_a_school_that_is_shut_out_does_not_come_back(office: Any, guarded: Any, until: Any) -> None:
    files = office.enrol(OURS)
    guarded.tell()
    assert not is_shut_out(guarded.port, files)
    office.revoke(OURS)
    guarded.tell()
    until("the refusal", lambda: is_shut_out(guarded.port, files))


def test_a_new_certificate_of_the_same_school_is_good_while_its_old_one_is_refused(
    office: Any, guarded: Any, client: Any, until: Any
) -> None:
    old = office.enrol(OURS)
    guarded.tell()
    before = client(guarded.port, "before", files=old)
    office.revoke(OURS)
    new = office.enrol(OURS)
    guarded.tell()
    until("the end of the old connection", lambda: before.lost)
    until("the refusal", lambda: is_shut_out(guarded.port, old))
    until("the new computer", lambda: not is_shut_out(guarded.port, new))


def test_a_school_of_the_other_district_speaks_there(school: Any, hub: Any, until: Any) -> None:
    school(OTHER_DISTRICT).mqtt.publish("spBv1.0/cpm4/NDATA/36040001", b"hello")
    until("the report", lambda: hub.topics() == ["spBv1.0/cpm4/NDATA/36040001"])


def test_after_the_authority_was_rotated_old_and_new_certificates_are_good(
    office: Any, guarded: Any, school: Any, client: Any, until: Any
) -> None:
    trusted_before = office.folder / "trusted-before.pem"
    trusted_before.write_bytes(office.authority.bundle.read_bytes())
    first = office.enrol(THEIRS)
    old = TlsFiles(trusted_before, first.certificate, first.key)
    neighbour = school(OTHER_DISTRICT)
    office.authority.rotate(int(time.time() * 1000))
    new = office.enrol(OURS)
    guarded.tell()
    until("a certificate of the new root", lambda: not is_shut_out(guarded.port, new))
    until("one of the old root, which knows no other", lambda: not is_shut_out(guarded.port, old))
    assert not neighbour.lost


def raw_tls(port: int, files: TlsFiles) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port), 5)
    return files.for_client().wrap_socket(plain, server_hostname="127.0.0.1")


def closed(connection: socket.socket) -> bool:
    """Whether the other side ends it, saying nothing that lets anybody in."""
    connection.settimeout(60)
    try:
        while answer := connection.recv(4):
            if answer == b"\x20\x02\x00\x00":
                return False
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def is_shut_out(port: int, files: TlsFiles) -> bool:
    """Whether who comes with these is refused: by TLS, or by the broker after it."""
    try:
        with raw_tls(port, files) as connection:
            connection.sendall(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x1e\x00\x01x")
            return closed(connection)
    except OSError:
        return True
