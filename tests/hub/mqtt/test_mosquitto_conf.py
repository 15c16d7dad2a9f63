"""The configuration of Mosquitto; what it does with it is tried in test_rules_at_brokers.py."""

from pathlib import Path

from hub.mqtt.mosquitto_conf import BrokerPlan, configuration

TEXT = configuration(BrokerPlan(Path("/etc/dltv-broker"), Path("/var/lib/mosquitto")))
LINES = dict(line.split(" ", 1) for line in TEXT.splitlines() if line and not line.startswith("#"))


def test_it_listens_on_every_address_by_tls_only() -> None:
    assert [line for line in TEXT.splitlines() if line.startswith("listener")] == ["listener 8883"]
    assert LINES["tls_version"] == "tlsv1.2"


def test_nobody_comes_in_without_a_certificate() -> None:
    assert (LINES["require_certificate"], LINES["allow_anonymous"]) == ("true", "false")
    assert LINES["crlfile"] == "/etc/dltv-broker/crl.pem"


def test_a_client_is_who_its_certificate_says() -> None:
    assert (LINES["use_identity_as_username"], LINES["use_username_as_clientid"]) == ("true", "true")


def test_what_one_client_may_send_is_limited() -> None:
    assert 256 * 1024 < int(LINES["max_packet_size"]) < 260 * 1024


def test_memory_is_not_limited_by_what_mosquitto_miscounts() -> None:
    # 2.0.11 counts below zero once rules are changed while much is said, and then cuts everybody off (make bench-flood shows it).
    assert "memory_limit" not in LINES


def test_what_is_said_is_not_logged() -> None:
    kinds = {line.split()[1] for line in TEXT.splitlines() if line.startswith("log_type")}
    assert kinds == {"error", "warning", "notice"}


def test_one_address_can_be_named() -> None:
    text = configuration(BrokerPlan(Path("/f"), Path("/s"), "192.0.2.1", 1234, 10))
    assert "listener 1234 192.0.2.1\n" in text
    assert "max_connections 10\n" in text
