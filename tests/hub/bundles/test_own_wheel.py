from pathlib import Path

from hub.bundles.own_wheel import build_own_wheel, for_schools
from hub.bundles.wheel import read_wheel

INFO = "dltv_fleet-0.1.0.dist-info"
FILES = {
    "agent/app.py": b"a",
    "wire/topics.py": b"w",
    "provisioning/core/slots.py": b"p",
    "provisioning/assets/npm.py": b"n",
    "provisioning/sdcard/firstrun.sh": b"s",
    "hub/app.py": b"h",
    f"{INFO}/METADATA": b"Name: dltv-fleet\nVersion: 0.1.0\n\nVersion: of the readme",
    f"{INFO}/entry_points.txt": b"[console_scripts]\ndltv-agent = agent.__main__:main\ndltv-hub = hub.__main__:main\n",
    f"{INFO}/direct_url.json": b"{}",
    f"{INFO}/RECORD": b"",
}


def test_nothing_of_the_hub_goes_to_schools() -> None:
    assert {name for name in for_schools(FILES, None) if ".dist-info" not in name} == {
        "agent/app.py",
        "wire/topics.py",
        "provisioning/core/slots.py",
    }


def test_schools_get_the_commands_of_schools() -> None:
    assert (
        for_schools(FILES, None)[f"{INFO}/entry_points.txt"] == b"[console_scripts]\ndltv-agent = agent.__main__:main\n"
    )


def test_what_pip_noted_about_the_office_stays_there() -> None:
    assert {f"{INFO}/direct_url.json", f"{INFO}/RECORD"} & set(for_schools(FILES, None)) == set()


def test_another_version_is_told_everywhere_but_in_the_readme() -> None:
    files = for_schools(FILES, "0.1.1")
    assert files["dltv_fleet-0.1.1.dist-info/METADATA"] == b"Name: dltv-fleet\nVersion: 0.1.1\n\nVersion: of the readme"
    assert not any(INFO in name for name in files)


def test_our_wheel_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
    one, two = build_own_wheel(first), build_own_wheel(second)
    assert one.read_bytes() == two.read_bytes()
    assert read_wheel(one).name == "dltv-fleet"
