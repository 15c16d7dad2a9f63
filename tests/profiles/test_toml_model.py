from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from firmware_profiles.toml_model import TomlMistake, load, parse


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Uplink(Table):
    broker: str
    keepalive_s: int = 30
    password: SecretStr | None = None


class Tcp(Table):
    via: Literal["tcp"]
    port: int


class Serial(Table):
    via: Literal["serial"]
    baud: int = 9600


class Device(Table):
    key: str
    room: str | None = None
    link: Annotated[Tcp | Serial, Field(discriminator="via")] | None = None

    @field_validator("key")
    @classmethod
    def _is_not_shouted(cls, value: str) -> str:
        if value.isupper():
            raise ValueError("keys are in lower case; write it smaller")
        return value


class Settings(Table):
    uplink: Uplink
    node: str = "n"
    devices: list[Device] = []
    limits: dict[str, Uplink] = {}


GOOD = '[uplink]\nbroker = "mqtt://hub"\n\n[[devices]]\nkey = "p1-tv"\n\n[[devices]]\nkey = "p2-tv"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "agent.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistake(tmp_path: Path, text: str, **env: str) -> str:
    with pytest.raises(TomlMistake) as caught:
        load(written(tmp_path, text), Settings, env=env, prefix="APP_")
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_a_good_file_becomes_the_model(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD), Settings)
    assert settings.uplink.broker == "mqtt://hub"
    assert [device.key for device in settings.devices] == ["p1-tv", "p2-tv"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TomlMistake, match=r"nowhere\.toml: there is no such file; create it"):
        load(tmp_path / "nowhere.toml", Settings)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(TomlMistake, match="cannot be read"):
        load(tmp_path, Settings)


def test_a_file_that_is_not_utf8_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"node = \xff")
    with pytest.raises(TomlMistake, match="byte 7 is not UTF-8"):
        load(tmp_path / "a.toml", Settings)


def test_an_oversized_file_is_not_read_whole(tmp_path: Path) -> None:
    with pytest.raises(TomlMistake, match="is larger than"):
        load(written(tmp_path, "#" * (1024 * 1024 + 1)), Settings)


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    assert "at line 2" in mistake(tmp_path, "[uplink]\nbroker = \n")


def test_an_unknown_key_names_line_and_likely_key(tmp_path: Path) -> None:
    text = GOOD + 'rom = "p2"\n'
    assert mistake(tmp_path, text) == 'agent.toml:9: devices[1].rom: unknown key; did you mean "room"?'


def test_an_unknown_key_like_no_other_lists_those_that_may_stand_there(tmp_path: Path) -> None:
    text = GOOD.replace("\n\n", "\nqqqq = 1\n\n", 1)
    assert "uplink.qqqq: unknown key; keys that may stand here: broker, keepalive_s, password" in mistake(
        tmp_path, text
    )


def test_an_unknown_key_in_a_union_knows_all_its_members(tmp_path: Path) -> None:
    text = GOOD + '[devices.link]\nvia = "serial"\nbaut = 1200\n'
    assert mistake(tmp_path, text) == 'agent.toml:11: devices[1].link.baut: unknown key; did you mean "baud"?'


def test_an_unknown_key_in_a_table_of_tables_is_found(tmp_path: Path) -> None:
    text = GOOD + '[limits.x]\nbroker = "b"\nkeepalve_s = 1\n'
    assert mistake(tmp_path, text) == 'agent.toml:11: limits.x.keepalve_s: unknown key; did you mean "keepalive_s"?'


def test_a_wrong_type_tells_what_it_is_and_what_is_wanted(tmp_path: Path) -> None:
    text = GOOD.replace('"mqtt://hub"', '"mqtt://hub"\nkeepalive_s = "soon"')
    assert mistake(tmp_path, text) == "agent.toml:3: uplink.keepalive_s: is text; write a whole number"


def test_a_missing_key_tells_where_to_add_it(tmp_path: Path) -> None:
    assert (
        mistake(tmp_path, "[uplink]\n") == "agent.toml:1: uplink.broker: this key is missing; add broker = … to uplink"
    )


def test_a_missing_table_tells_where_to_add_it(tmp_path: Path) -> None:
    assert mistake(tmp_path, "") == "agent.toml: uplink: this key is missing; add uplink = … at the top of the file"


def test_a_models_own_check_tells_its_way_out(tmp_path: Path) -> None:
    text = GOOD.replace('"p2-tv"', '"P2-TV"')
    assert mistake(tmp_path, text) == "agent.toml:8: devices[1].key: keys are in lower case; write it smaller"


def test_a_list_with_a_mistake_in_it_is_not_called_too_short_as_well() -> None:
    class Crate(Table):
        devices: Annotated[tuple[Device, ...], Field(min_length=1)]

    with pytest.raises(TomlMistake) as caught:
        parse('[[devices]]\nkey = "P1"\n', Crate, "crate.toml")
    assert str(caught.value) == "crate.toml:2: devices[0].key: keys are in lower case; write it smaller"
    with pytest.raises(TomlMistake, match="at least 1 item"):
        parse("devices = []", Crate, "crate.toml")


def test_several_mistakes_are_several_lines(tmp_path: Path) -> None:
    lines = mistake(tmp_path, "nod = 1\n[uplink]\nkeepalive_s = []\n").splitlines()
    assert len(lines) == 3
    assert all(line.startswith("agent.toml") for line in lines)


def test_a_value_is_never_shown_since_it_may_be_a_secret(tmp_path: Path) -> None:
    assert "hunter2" not in mistake(
        tmp_path, GOOD.replace("\n\n", '\npassword = ["hunter2"]\nkeepalive_s = "hunter2"\n\n', 1)
    )


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    env = {"APP_UPLINK__BROKER": "mqtt://other", "APP_UPLINK__KEEPALIVE_S": "5", "OTHER": "1"}
    settings = load(written(tmp_path, GOOD), Settings, env=env, prefix="APP_")
    assert (settings.uplink.broker, settings.uplink.keepalive_s) == ("mqtt://other", 5)


def test_the_environment_alone_will_do() -> None:
    assert load(None, Settings, env={"APP_UPLINK__BROKER": "b"}, prefix="APP_").uplink.broker == "b"


def test_a_number_in_the_environment_is_text_where_text_is_wanted(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD), Settings, env={"APP_NODE": "36010001"}, prefix="APP_")
    assert settings.node == "36010001"


def test_a_table_in_a_list_is_reached_by_its_number(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD), Settings, env={"APP_DEVICES__1__ROOM": "p2"}, prefix="APP_")
    assert [device.room for device in settings.devices] == [None, "p2"]


def test_a_variable_cannot_bring_further_keys(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD), Settings, env={"APP_NODE": '"a"\nb = 1'}, prefix="APP_")
    assert settings.node == '"a"\nb = 1'


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    line = mistake(tmp_path, GOOD, APP_UPLINK__BROKR="b")
    assert line == 'APP_UPLINK__BROKR: uplink.brokr: unknown key; did you mean "broker"?'


def test_a_wrong_type_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    line = mistake(tmp_path, GOOD, APP_UPLINK__KEEPALIVE_S="soon")
    assert line == "APP_UPLINK__KEEPALIVE_S: uplink.keepalive_s: is text; write a whole number"


def test_a_variable_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    assert mistake(tmp_path, GOOD, APP_DEVICES__7__ROOM="x").startswith(
        "APP_DEVICES__7__ROOM: devices.7.room: leads nowhere"
    )


def test_the_command_line_overrides_the_environment(tmp_path: Path) -> None:
    env = {"APP_UPLINK__BROKER": "of the environment"}
    overrides = {"uplink.broker": "of the command line"}
    settings = load(written(tmp_path, GOOD), Settings, env=env, prefix="APP_", overrides=overrides)
    assert settings.uplink.broker == "of the command line"


def test_text_without_a_file_is_called_by_its_source() -> None:
    with pytest.raises(TomlMistake, match=r"^lg/rs232\.toml: uplink: this key is missing"):
        parse("", Settings, "lg/rs232.toml")


def test_the_error_is_no_pydantic_error() -> None:
    assert not issubclass(TomlMistake, ValidationError)
