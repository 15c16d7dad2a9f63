import pytest
from packaging.version import Version

from hub.bundles.errors import BundleMistake
from hub.bundles.lock import read_pins
from hub.bundles.locks import locked

ONE, TWO = "a" * 64, "b" * 64
TEXT = f"""\
alpha==1.2 \\
    --hash=sha256:{TWO} \\
    --hash=sha256:{ONE}
    # via beta
Beta_More==0.1 ; sys_platform == 'win32' \\
    --hash=sha256:{ONE}
"""


def test_a_pin_is_a_name_a_version_and_what_may_be_installed() -> None:
    pins = read_pins(TEXT)
    assert pins["alpha"].version == Version("1.2")
    assert pins["alpha"].hashes == {ONE, TWO}


def test_a_pin_is_asked_for_by_its_hashes_without_markers() -> None:
    assert read_pins(TEXT)["beta-more"].requirement == f"beta-more==0.1 --hash=sha256:{ONE}"


def test_what_has_no_hash_is_no_pin() -> None:
    with pytest.raises(BundleMistake, match="names no package"):
        read_pins("alpha==1.2\n")


def test_everything_that_a_school_needs_is_locked() -> None:
    assert {"pip", "paho-mqtt", "psutil", "pydantic-core", "cryptography", "tuf"} <= set(locked())
