from pathlib import Path

import pytest

from bench import config
from bench.__main__ import DEMO
from bench.errors import SettingsMistake
from bench.kinds.receiver import ReceiverSettings
from bench.settings import DishSettings, MorningSettings

TV = '[[device]]\nkey = "p1-tv"\nroom = "p1"\nspeaks = "lg-rs232"\n'
BEAMER = '[[device]]\nkey = "p1-projector"\nroom = "p1"\nspeaks = "pjlink"\n'


def loaded(tmp_path: Path, text: str) -> config.BenchSettings:
    path = tmp_path / "bench.toml"
    path.write_text(text)
    return config.load(path)


def complaint(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsMistake) as caught:
        loaded(tmp_path, text)
    return str(caught.value).removeprefix(str(tmp_path / "bench.toml"))


def test_one_device_is_a_bench_and_the_rest_has_defaults(tmp_path: Path) -> None:
    settings = loaded(tmp_path, TV)
    assert (settings.morning, settings.dish) == (MorningSettings(), (DishSettings(),))
    assert settings.room_called("p1").ambient_c == 31.0


def test_any_number_of_rooms_dishes_and_devices(tmp_path: Path) -> None:
    rooms = (
        '[[room]]\nkey = "p1"\n[[room]]\nkey = "p2"\nambient_c = 35\n[[dish]]\nkey = "north"\n[[dish]]\nkey = "south"\n'
    )
    boxes = "".join(
        f'[[device]]\nkey = "p{n}-receiver"\nroom = "p{n}"\nspeaks = "openwebif"\nport = 0\ndish = "{dish}"\n'
        for n, dish in ((1, "north"), (2, "south"), (3, "south"))
    )
    settings = loaded(tmp_path, rooms + boxes)
    assert [each.dish for each in settings.device if isinstance(each, ReceiverSettings)] == ["north", "south", "south"]
    assert [settings.room_called(key).ambient_c for key in ("p2", "p3")] == [35, 31]


def test_the_demo_classroom_reads() -> None:
    demo = config.load(DEMO)
    assert {each.key: each.speaks for each in demo.device} == {
        "p1-tv": "lg-rs232",
        "p1-projector": "pjlink",
        "p1-receiver": "openwebif",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BEAMER + "prot = 4352\n", ": p1-projector.prot: no such key; did you mean 'port'?"),
        ("[mornin]\n" + TV, ": mornin: no such key; did you mean 'morning'?"),
        ("[[room]]\nzzz = 1\n" + TV, ": room.0.zzz: no such key; known here: key, ambient_c"),
        (TV.replace("lg-", "gl-"), ": p1-tv.speaks: no simulator speaks 'gl-rs232'; did you mean 'lg-rs232'?"),
        (TV + 'line = "a"\nport = 9761\n', ": p1-tv: give either 'line' or 'port'; correct the value"),
        (TV + TV, ": two devices or dishes are called 'p1-tv'; correct the value"),
        ('device = ["x"]\n', ": device 1: is no table; write [[device]]"),
    ],
)
def test_a_mistake_is_one_line_with_the_way_out(tmp_path: Path, text: str, line: str) -> None:
    assert complaint(tmp_path, text) == line


def test_a_device_without_a_key_is_counted(tmp_path: Path) -> None:
    assert complaint(tmp_path, TV + '[[device]]\nspeaks = "pjlink"\n').startswith(": device 2.key: field required")


def test_a_bench_without_devices_is_none(tmp_path: Path) -> None:
    assert complaint(tmp_path, "").startswith(": device: field required")


def test_a_dish_that_is_not_there_is_told(tmp_path: Path) -> None:
    box = '[[device]]\nkey = "p1-receiver"\nroom = "p1"\nspeaks = "openwebif"\ndish = "moon"\n'
    assert "p1-receiver hangs on the dish 'moon', which is not there" in complaint(tmp_path, box)


@pytest.mark.parametrize("value", ["70000", "-1", '"x"', "nan"])
def test_a_value_out_of_range_names_key_and_value(tmp_path: Path, value: str) -> None:
    line = complaint(tmp_path, f"{BEAMER}port = {value}\n")
    assert line.startswith(": p1-projector.port: input should")
    assert "\n" not in line
    assert value.strip('"') in line


def test_what_is_not_toml_is_told_with_its_place(tmp_path: Path) -> None:
    assert "is not TOML" in complaint(tmp_path, "[room\n")
    assert "line 1" in complaint(tmp_path, "[room\n")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsMistake, match=r"nothing\.toml: cannot be read \(No such file"):
        config.load(tmp_path / "nothing.toml")


def test_an_endless_file_is_refused(tmp_path: Path) -> None:
    assert "larger than" in complaint(tmp_path, "# " + "x" * config.MAX_FILE_BYTES)
