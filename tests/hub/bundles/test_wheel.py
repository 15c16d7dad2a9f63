import base64
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from hub.bundles.errors import BundleMistake
from hub.bundles.wheel import Wheel, read_wheel, write_wheel, write_zip


def test_a_wheel_tells_what_it_needs(make_wheel: Callable[..., Wheel]) -> None:
    wheel = make_wheel("alpha", "1.0", "beta>=2")
    assert (wheel.name, wheel.version) == ("alpha", Version("1.0"))
    assert [str(each) for each in wheel.requires] == ["beta>=2"]


def test_a_wheel_that_is_another_than_its_name_says_is_refused(make_wheel: Callable[..., Wheel]) -> None:
    wheel = make_wheel("alpha", "0.0.1")
    path = wheel.path.rename(wheel.path.with_name("alpha-2.50-py3-none-any.whl"))
    with pytest.raises(BundleMistake, match=r"says of itself that it is alpha 0\.0\.1"):
        read_wheel(path)


@pytest.mark.parametrize("name", ["alpha-1.0-py3-none-any.whl", "alpha.whl"])
def test_a_file_that_is_no_wheel_is_one_clear_message(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"an error page")
    with pytest.raises(BundleMistake, match=f"{name} is no wheel: .*make the bundle again"):
        read_wheel(tmp_path / name)


def test_the_same_files_are_the_same_bytes_in_whatever_order() -> None:
    assert write_zip({"a": b"1", "b": b"2"}) == write_zip({"b": b"2", "a": b"1"})


def test_a_written_wheel_records_each_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "w.whl").write_bytes(write_wheel({"a/b.py": b"x", "a-1.dist-info/RECORD": b"old"}))
    record = zipfile.ZipFile(tmp_path / "w.whl").read("a-1.dist-info/RECORD").decode().splitlines()
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"x").digest()).decode().rstrip("=")
    assert record == [f"a/b.py,sha256={digest},1", "a-1.dist-info/RECORD,,"]
