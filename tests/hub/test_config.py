"""Settings: command line over environment over file over defaults; a mistake names the place and the way out."""

from pathlib import Path

import pytest

from firmware_profiles.toml_model import TomlMistake
from hub.config import ENV_PREFIX, HubSettings, read_settings


def settings(path: Path | None = None, env: dict[str, str] | None = None, **given: object) -> HubSettings:
    return read_settings(path, env or {}, {key.replace("__", "."): value for key, value in given.items()})


def test_without_anything_a_hub_stands_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # of the database that all these tests may be run on
    one = settings()
    assert (str(one.http.listen), str(one.mqtt.listen)) == ("127.0.0.1:8080", "127.0.0.1:1883")
    assert (one.data_dir, one.groups) == (Path("var/hub"), ("dltv",))
    assert one.broker_url is None
    assert one.store_url == "sqlite:///var/hub/hub.db"


def test_the_command_line_stands_over_the_environment_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('data_dir = "a"\ngroups = ["one"]\n[http]\nlisten = "127.0.0.1:1"\n')
    env = {f"{ENV_PREFIX}HTTP__LISTEN": "127.0.0.1:2", f"{ENV_PREFIX}DATA_DIR": "b"}
    assert str(settings(file).http.listen) == "127.0.0.1:1"
    assert str(settings(file, env).http.listen) == "127.0.0.1:2"
    both = settings(file, env, http__listen="127.0.0.1:3")
    assert (str(both.http.listen), str(both.data_dir), both.groups) == ("127.0.0.1:3", "b", ("one",))


def test_each_group_has_a_host_of_its_own() -> None:
    assert dict(settings(groups=["a1", "b1", "a1"]).hosts) == {"hub-a1": ("a1",), "hub-b1": ("b1",)}


def test_a_host_id_serves_all_groups() -> None:
    assert dict(settings(groups=["a1", "b1"], host_id="country").hosts) == {"country": ("a1", "b1")}


@pytest.mark.parametrize("text", ["8080", "host", "host:99999", ":80", "host:http"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TomlMistake, match=r"http\.listen.*HOST:PORT"):
        settings(http__listen=text)


def test_an_ipv6_address_is_written_in_brackets() -> None:
    listen = settings(http__listen="[::1]:8080").http.listen
    assert (listen.host, str(listen)) == ("::1", "[::1]:8080")


@pytest.mark.parametrize("group", ["a", "Ab", "a/b", "x" * 33, ""])
def test_a_group_that_is_none_is_refused(group: str) -> None:
    with pytest.raises(TomlMistake, match="groups"):
        settings(groups=[group])


@pytest.mark.parametrize("host_id", ["a/b", "+", ""])
def test_a_host_id_that_cannot_stand_in_a_topic_is_refused(host_id: str) -> None:
    with pytest.raises(TomlMistake, match="host_id"):
        settings(host_id=host_id)


def test_user_and_password_may_stand_beside_the_url_or_in_it() -> None:
    inside = settings(broker__url="mqtts://me:s3cret@broker.example").broker_url
    beside = settings(broker__url="mqtts://broker.example", broker__username="me", broker__password="s3cret").broker_url
    assert inside == beside
    assert inside is not None
    assert (inside.host, inside.port, inside.tls, inside.password) == ("broker.example", 8883, True, "s3cret")


def test_no_text_of_the_settings_shows_a_secret() -> None:
    one = settings(
        broker__url="mqtt://me:s3cret@host", broker__password="0ther", store__url="postgresql://u:pgpass@h/d"
    )
    for text in (str(one), repr(one), repr(one.broker_url), str(one.broker_url)):
        assert not any(secret in text for secret in ("s3cret", "0ther", "pgpass"))


@pytest.mark.parametrize("url", ["http://x", "mqtt://", "mqtt://host:port", "host:1883", "mqtt://host/path"])
def test_a_broker_s_url_that_is_none_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(TomlMistake, match="mqtt://HOST:PORT") as mistake:
        settings(broker__url=url + "?s3cret")
    assert "s3cret" not in str(mistake.value)


def test_what_is_one_fault_can_be_set() -> None:
    assert settings().tickets.same_fault_h == 168
    assert settings(env={f"{ENV_PREFIX}TICKETS__SAME_FAULT_H": "24"}).tickets.same_fault_h == 24


def test_a_time_of_maintenance_is_read(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(
        '[[maintenance]]\nfrom = 2026-06-08\nto = 2026-06-09T12:00:00\nschools = ["99990001"]\nreason = "new cables"\n'
    )
    (window,) = settings(file).maintenance
    assert (window.start.isoformat(), window.end.isoformat()) == ("2026-06-08T00:00:00", "2026-06-09T12:00:00")
    assert (window.schools, window.reason) == (("99990001",), "new cables")


def test_a_school_may_differ_from_the_district(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text("[calendar.schools.99990001]\nalso_class = [2026-06-13]\n")
    calendar = settings(file).calendar
    assert calendar is not None
    assert calendar.schools["99990001"].also_class[0].isoformat() == "2026-06-13"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[maintenance]]\nform = 2026-06-08\nto = 2026-06-09\nreason = "x"\n', "maintenance"),
        ('[[maintenance]]\nfrom = 2026-06-09\nto = 2026-06-08\nreason = "x"\n', "before"),
        ("[calendar.schools.99990001]\nalso_clas = [2026-06-13]\n", "also_class"),
    ],
)
def test_a_mistake_in_the_calendar_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(text)
    with pytest.raises(TomlMistake, match=named):
        settings(file)


@pytest.mark.parametrize("elsewhere", ["http__listen", "mqtt__listen"])
def test_a_hub_that_lets_anybody_in_is_reached_from_its_own_machine_only(elsewhere: str) -> None:
    with pytest.raises(TomlMistake, match=r"accounts\.demo lets anybody in"):
        settings(accounts__demo=True, **{elsewhere: "0.0.0.0:8080"})
    assert settings(accounts__demo=True).accounts.demo


def test_the_audit_is_kept_for_as_long_as_the_law_asks() -> None:
    with pytest.raises(TomlMistake, match="90"):
        settings(accounts__audit__keep_days=89)


def test_a_provider_needs_a_client_and_roles() -> None:
    with pytest.raises(TomlMistake, match="client_id and the table of roles"):
        settings(accounts__oidc__issuer="https://id.example")


def test_the_secret_of_the_provider_does_not_show() -> None:
    shown = settings(None, {f"{ENV_PREFIX}ACCOUNTS__OIDC__CLIENT_SECRET": "shibboleth"})
    assert shown.accounts.oidc.client_secret is not None
    assert "shibboleth" not in repr(shown)
