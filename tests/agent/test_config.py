from pathlib import Path
from typing import Any

import pytest

from agent.config import Settings, read_settings, reporting_settings
from firmware_profiles.toml_model import TomlMistake

WHO = {"group": "cpm3", "node": "36010001", "uplink.broker": "mqtt://hub.local"}


def settings(**more: Any) -> Settings:
    return reporting_settings(None, {}, {**WHO, **{key.replace("__", "."): value for key, value in more.items()}})


def test_broker_group_and_node_are_a_whole_configuration() -> None:
    found = settings()
    assert str(found.uplink.addresses[0]) == "mqtt://hub.local:1883"
    assert found.primary_host == "hub-cpm3"
    assert found.device == ()


@pytest.mark.parametrize(("given", "host"), [(None, "hub-cpm3"), ("", None), ("scada", "scada")])
def test_the_host_to_wait_for_is_the_districts_hub_another_or_none(given: str | None, host: str | None) -> None:
    assert settings(host_id=given).primary_host == host


@pytest.mark.tck(
    "topic-structure-namespace-valid-group-id",
    "topic-structure-namespace-valid-edge-node-id",
    "intro-group-id-chars",
    "intro-edge-node-id-chars",
    "case-sensitivity-sparkplug-ids",
)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("group", "c"), ("group", "CPM3"), ("group", "a/b"), ("group", "x" * 33), ("group", "cpm3\n"),
        ("node", "36-1"), ("node", "36+"), ("node", "x" * 33), ("node", "36010001-1"), ("node", "a#"),
        ("host_id", "a/b"), ("uplink.broker", "http://hub"), ("uplink.broker", ["mqtt://a", "b"]),
        ("uplink.keepalive_s", 1), ("journal.max_mb", 0), ("log_level", "loud"),
        ("discovery.subnets", ["192.168.1.7/24"]), ("discovery.cec", ["cec0"]), ("discovery.every_s", -1),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line_with_key_and_way_out(key: str, value: Any) -> None:
    with pytest.raises(TomlMistake) as refused:
        reporting_settings(None, {}, {**WHO, key: value})
    line = str(refused.value)
    assert "\n" not in line
    assert key.rpartition(".")[2] in line
    assert ";" in line


@pytest.mark.parametrize("node", ["36010001", "School_1", "36010001-2", "36010001-12"])
def test_a_further_agent_of_a_school_has_a_number(node: str) -> None:
    assert settings(node=node).node == node


@pytest.mark.parametrize("missing", ["group", "node", "uplink.broker"])
def test_what_is_missing_is_named_with_its_option(missing: str) -> None:
    with pytest.raises(TomlMistake, match=f"{missing} is missing; .*--{missing.rpartition('.')[2]}"):
        reporting_settings(None, {}, {key: value for key, value in WHO.items() if key != missing})


def test_reading_devices_needs_no_broker() -> None:
    assert read_settings(None, {}, {}).group == ""


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text(
        'group = "file"\nnode = "1"\n[uplink]\nbroker = "mqtt://file"\nkeepalive_s = 60\n[journal]\nmax_mb = 5\n'
    )
    env = {"DLTV_AGENT_UPLINK__BROKER": "mqtt://env", "DLTV_AGENT_GROUP": "env", "DLTV_AGENT_JOURNAL__MAX_MB": "6"}
    found = reporting_settings(file, env, {"group": "line"})
    assert (found.group, found.uplink.broker, found.journal.max_mb) == ("line", ("mqtt://env",), 6)
    assert found.uplink.keepalive_s == 60


def test_a_typo_names_file_line_and_what_was_meant(tmp_path: Path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text('group = "cpm3"\nnode = "1"\n[uplink]\nbrocker = "mqtt://hub"\n')
    with pytest.raises(TomlMistake) as refused:
        reporting_settings(file, {}, {"uplink.broker": "mqtt://hub"})
    assert f"{file}:4: uplink.brocker" in str(refused.value)
    assert "broker" in str(refused.value).replace("brocker", "")


def test_the_network_is_not_searched_unless_somebody_says_so() -> None:
    assert not settings().discovery.network
    assert settings(discovery__network=True, discovery__subnets=["192.168.1.0/24"]).discovery.network


def test_no_secret_is_shown(tmp_path: Path) -> None:
    found = settings(uplink__broker="mqtt://school:hunter2@hub", uplink__password="hunter3")
    shown = f"{found.uplink.addresses} {found.uplink.password!r}"
    assert "hunter2" not in shown
    with pytest.raises(TomlMistake) as refused:
        settings(uplink__broker="mqtt://school:hunter2@hub:port")
    assert "hunter2" not in str(refused.value)


def test_a_user_that_is_set_apart_is_given_to_every_broker() -> None:
    found = settings(
        uplink__broker=["mqtt://a", "mqtt://me:x@b"],
        uplink__user="school",
        uplink__password="pw",
    )
    assert [address.user for address in found.uplink.addresses] == ["school", "me"]


def test_each_node_has_a_journal_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(journal__directory=str(tmp_path)).journal_folder == tmp_path / "cpm3" / "36010001"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    assert settings().journal_folder == tmp_path / "state" / "dltv-agent" / "cpm3" / "36010001"
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/dltv-agent")
    assert settings().journal_folder == Path("/var/lib/dltv-agent/cpm3/36010001")
