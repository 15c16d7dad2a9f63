"""The doctor at a hub that is well, and at one for each thing that can be wrong."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.app import App
from hub.backups.names import DAY_MS, name_at
from hub.config import HubSettings, read_settings
from hub.doctor.broker import broker
from hub.doctor.certificates import certificates, revocations
from hub.doctor.clock import clock
from hub.doctor.database import database
from hub.doctor.examination import examine
from hub.doctor.files import data_directory, room, settings_file
from hub.doctor.findings import Finding, Level, bad, good, report
from hub.doctor.listeners import devices, pages
from hub.doctor.safety import backups, mail
from hub.guarding import pki_folder
from hub.mqtt.host_client import utc_ms
from hub.pki.authority import Authority
from hub.pki.kept import keep_server
from hub.pki.revocation_list import revocation_list
from hub.releases.keys import make_key
from hub.store.opening import open_store

Make = Callable[..., HubSettings]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Settings of a hub whose directory is there: make(mqtt__tls=True)."""

    def made(**given: object) -> HubSettings:
        told = {"data_dir": str(tmp_path / "hub"), "groups": ["cpm3"]}
        (tmp_path / "hub").mkdir(mode=0o750, exist_ok=True)
        return read_settings(None, {}, told | {key.replace("__", "."): value for key, value in given.items()})

    return made


def levels(findings: Iterator[Finding]) -> list[Level]:
    return [each.level for each in findings]


def the_bad(findings: Iterator[Finding]) -> str:
    """The only thing that is wrong, with its way out."""
    [found] = [each for each in findings if each.level is Level.BAD]
    assert found.way_out
    return f"{found.about}: {found.what} -> {found.way_out}"


def test_a_report_says_what_to_do_on_a_line_of_its_own() -> None:
    lines = list(report([good("a", "fine"), bad("b", "broken", "mend it")]))
    assert lines == ["ok       a: fine", "WRONG    b: broken", "           -> mend it"]


def test_settings_that_everybody_can_read_are_wrong(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.touch()
    config.chmod(0o644)
    assert "chmod o=" in the_bad(settings_file(config))
    config.chmod(0o640)
    assert levels(settings_file(config)) == [Level.GOOD]


def test_a_data_directory_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    assert "there is no" in the_bad(data_directory(read_settings(None, {}, {"data_dir": str(tmp_path / "none")})))


def test_keys_that_others_can_read_are_wrong(make: Make) -> None:
    settings = make()
    Authority(pki_folder(settings), utc_ms())
    assert levels(data_directory(settings)) == [Level.GOOD, Level.GOOD]
    (pki_folder(settings) / "authority-1.key").chmod(0o640)
    assert "rotate the authority" in the_bad(data_directory(settings))


def test_room_is_told_for_what_is_set(make: Make, tmp_path: Path) -> None:
    assert [each.about for each in room(make(backup__directory=str(tmp_path)))] == [
        "room for data directory",
        "room for backups",
    ]


def test_the_clock_is_looked_at() -> None:
    [found] = clock()
    assert found.level in (Level.GOOD, Level.DOUBTFUL)


def test_a_database_that_is_not_there_is_wrong(make: Make, tmp_path: Path) -> None:
    nowhere = make(store__url=f"sqlite:///{tmp_path / 'none.db'}")
    assert "there is no such database" in the_bad(database(nowhere))


def test_a_database_of_this_release_is_good(make: Make) -> None:
    settings = make()
    open_store(settings.store_url).close()
    assert levels(database(settings)) == [Level.GOOD]


def test_a_certificate_that_was_not_renewed_is_told_before_it_ends(make: Make) -> None:
    settings, now = make(), utc_ms()
    keep_server(Authority(pki_folder(settings), now), "broker", ["broker.example"], now)
    assert set(levels(certificates(settings, now))) == {Level.GOOD}
    assert Level.DOUBTFUL in levels(certificates(settings, now + 75 * DAY_MS))
    assert "certificate broker.pem: has ended" in the_bad(certificates(settings, now + 91 * DAY_MS))


def test_keys_that_sign_releases_are_keys_and_no_certificates(make: Make) -> None:
    settings = make()
    Authority(pki_folder(settings), utc_ms())
    make_key("timestamp", pki_folder(settings))
    [signing] = pki_folder(settings).glob("tuf-*.pem")
    assert set(levels(certificates(settings, utc_ms()))) == {Level.GOOD}
    assert levels(data_directory(settings)) == [Level.GOOD, Level.GOOD]
    signing.chmod(0o640)
    assert signing.name in the_bad(data_directory(settings))


def test_a_list_of_revoked_certificates_has_to_be_fresh(make: Make, tmp_path: Path) -> None:
    given: dict[str, object] = {"broker__url": "mqtts://127.0.0.1", "broker__rules": True}
    settings, now = make(**given, broker__files=str(tmp_path)), utc_ms()
    assert "dltv-hub broker-config" in the_bad(revocations(settings, now))
    (tmp_path / "crl.pem").write_bytes(revocation_list(Authority(pki_folder(settings), now), [], now))
    assert levels(revocations(settings, now)) == [Level.GOOD]
    assert levels(revocations(settings, now + 5 * DAY_MS)) == [Level.DOUBTFUL]
    assert "lets nobody in" in the_bad(revocations(settings, now + 400 * DAY_MS))


def test_a_broker_that_is_not_there_is_wrong(make: Make, free_port: Callable[[], int]) -> None:
    assert "is not reached" in the_bad(broker(make(mqtt__listen=f"127.0.0.1:{free_port()}")))


def test_pages_that_do_not_answer_are_wrong(make: Make, free_port: Callable[[], int]) -> None:
    assert "does not answer" in the_bad(pages(make(http__listen=f"127.0.0.1:{free_port()}")))


def test_without_a_device_api_no_school_can_join(make: Make) -> None:
    assert levels(devices(make())) == [Level.DOUBTFUL]


def test_backups_have_to_be_there_and_fresh(make: Make, tmp_path: Path) -> None:
    now, folder = utc_ms(), tmp_path / "backups"
    assert "there are none" in the_bad(backups(make(), now))
    settings = make(backup__directory=str(folder))
    assert "cannot be read" in the_bad(backups(settings, now))
    folder.mkdir()
    assert "there is none in" in the_bad(backups(settings, now))
    (folder / name_at(now - 10 * DAY_MS)).touch()
    assert "is 240 h old" in the_bad(backups(settings, now))
    (folder / name_at(now - 2 * DAY_MS)).touch()
    assert levels(backups(settings, now))[0] is Level.DOUBTFUL
    (folder / name_at(now - DAY_MS // 2)).touch()
    assert levels(backups(settings, now)) == [Level.GOOD, Level.DOUBTFUL]


def test_a_mail_server_that_is_not_there_is_wrong(make: Make, free_port: Callable[[], int]) -> None:
    given: dict[str, object] = {"notices__smtp": f"smtp://127.0.0.1:{free_port()}", "notices__from": "hub@example.org"}
    assert "see [notices] smtp" in the_bad(mail(make(**given)))
    assert levels(mail(make())) == [Level.DOUBTFUL]


@pytest.fixture
def open_broker() -> Iterator[int]:
    """One that lets anybody in, in plain text."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                listener.accept()[0].close()
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(60)


def test_the_examination_goes_on_after_what_it_cannot_see(make: Make, open_broker: int) -> None:
    settings = make(mqtt__listen=f"127.0.0.1:{open_broker}")
    about = {each.about for each in examine(settings, None, utc_ms())}
    assert {"settings", "data directory", "database", "clock", "broker", "pages", "backups", "mail"} <= about


@pytest.mark.e2e
def test_a_hub_that_is_well_has_nothing_wrong(
    tmp_path: Path, free_port: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> None:
    config, folder = tmp_path / "hub.toml", tmp_path / "backups"
    config.write_text(
        f'data_dir = "{tmp_path / "hub"}"\ngroups = ["cpm3"]\n'
        f'[http]\nlisten = "127.0.0.1:{free_port()}"\n[mqtt]\nlisten = "127.0.0.1:{free_port()}"\ntls = true\n'
        f'[devices]\nlisten = "127.0.0.1:{free_port()}"\n[backup]\ndirectory = "{folder}"\n'
    )
    config.chmod(0o600)
    os.mkdir(tmp_path / "hub", 0o700)  # noqa: PTH102
    app = App(read_settings(config, {}, {}))
    app.start()
    try:
        deadline = time.monotonic() + 60
        while app.readiness() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert main(["backup", "--config", str(config)]) == 0
        assert main(["doctor", "--config", str(config)]) == 0, capsys.readouterr().out
    finally:
        app.stop()
    said = capsys.readouterr().out
    assert "WRONG" not in said
    assert "it refuses whoever shows no certificate" in said
    assert main(["doctor", "--quiet", "--config", str(config)]) == 1
    said = capsys.readouterr().out
    assert "is not reached" in said
    assert "\nok " not in said
