"""cec-client on the command line: started as a program, asked through its standard input."""

import subprocess
from collections.abc import Callable

import pytest

from bench.app import Bench


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    return bench_of("cec-client", slow_s=0.2)


def ask(bench: Bench, typed: str) -> subprocess.CompletedProcess[str]:
    (port,) = bench.ports("unit")
    command = [port.place(), "-s", "-d", "1"]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60, check=False)


def break_(bench: Bench, code: str) -> None:
    bench.live.change(lambda school, now: school.with_fault(f"unit-{code}", now))


def test_a_tv_tells_its_power_state(bench: Bench) -> None:
    answer = ask(bench, "pow 0\n")
    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, "power status: on")
    break_(bench, "off")
    assert ask(bench, "pow 0").stdout.endswith("power status: standby\n")


@pytest.mark.parametrize("code", ["dead", "refuse", "reboot"])
def test_one_that_does_not_answer_is_unknown(bench: Bench, code: str) -> None:
    break_(bench, code)
    assert ask(bench, "pow 0").stdout.endswith("power status: unknown\n")
    assert "device #0" not in ask(bench, "scan").stdout


def test_another_address_is_unknown(bench: Bench) -> None:
    assert ask(bench, "pow 4").stdout.endswith("power status: unknown\n")


def test_a_scan_prints_a_block_for_the_tv(bench: Bench) -> None:
    printed = ask(bench, "scan").stdout
    assert "device #0: TV\n" in printed
    assert "vendor:        LG\n" in printed
    assert "power status:  on\n" in printed


def test_without_an_adapter_it_finds_none(bench: Bench) -> None:
    break_(bench, "unplugged")
    answer = ask(bench, "pow 0")
    assert answer.returncode == 1
    assert "autodetect FAILED" in answer.stdout


def test_half_an_answer_and_noise(bench: Bench) -> None:
    whole = ask(bench, "pow 0").stdout
    break_(bench, "half")
    half = ask(bench, "pow 0").stdout
    assert whole.startswith(half)
    assert len(half) < len(whole)
    break_(bench, "slow")
    assert ask(bench, "pow 0").stdout == whole


def test_a_silent_one_hangs_until_it_is_given_up(bench: Bench) -> None:
    break_(bench, "silent")
    (port,) = bench.ports("unit")
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([port.place()], input="pow 0", capture_output=True, text=True, timeout=0.5, check=False)
