import json
import tomllib

from hub.bundles.sdcard import FIRST_RUN, Card, Wifi, card_files, with_first_run

CARD = Card("36030001", "https://hub.example:8443", "f" * 64, "3467-9ACD-EFGH-JKMN", "2026-12-24 10:00:00")
WIFI = Wifi('School"\n: evil', "correct horse battery", "TH")


def test_a_card_holds_all_of_a_slip() -> None:
    slip = tomllib.loads(card_files(CARD)["dltv/slip.toml"].decode())
    assert slip == {"hub": "https://hub.example:8443", "pin": "f" * 64, "code": "3467-9ACD-EFGH-JKMN"}


def test_without_wireless_nothing_is_said_of_it() -> None:
    assert {"dltv/wifi", "network-config"} & set(card_files(CARD)) == set()


def test_the_name_of_a_wireless_network_cannot_say_anything_else() -> None:
    files = card_files(Card("1", "https://h", "f" * 64, "c", "u", WIFI))
    network = json.loads(files["network-config"])["network"]
    assert network["wifis"]["wlan0"]["access-points"] == {WIFI.name: {"password": WIFI.key}}


def test_who_reads_the_folder_knows_what_to_do_with_it() -> None:
    told = card_files(CARD)["README.txt"].decode()
    assert FIRST_RUN.strip() in told
    assert "36030001" in told
    assert "@" not in told


def test_the_first_start_is_asked_for_once_on_the_one_line() -> None:
    line = with_first_run("console=tty1 root=PARTUUID=1-02 rootwait\n")
    assert line == f"console=tty1 root=PARTUUID=1-02 rootwait{FIRST_RUN}\n"
    assert with_first_run(line) == line
