from pathlib import Path

import pytest

from agent.adapters.psutil_host import PsutilHost
from agent.errors import Declined
from firmware_profiles.loader import load_catalog


@pytest.fixture
def host(tmp_path: Path) -> PsutilHost:
    return PsutilHost(tmp_path, more=lambda: {"agent/journal_backlog": 3})


def test_each_group_of_the_host_profiles_is_known(host: PsutilHost) -> None:
    catalogue = load_catalog()
    profiles = [catalogue.profile(one) for one in catalogue if catalogue.profile(one).is_host]
    for profile in profiles:
        for poll in profile.polls:
            assert set(host.gather(poll.request)) <= {metric for one in profiles for metric in one.metrics}


def test_memory_and_uptime_are_told(host: PsutilHost) -> None:
    facts = host.gather("usage")
    assert isinstance(facts["host/mem_used_pct"], float)
    assert isinstance(facts["host/uptime_s"], int)
    assert facts["host/uptime_s"] > 0


def test_the_load_is_known_from_the_start(host: PsutilHost) -> None:
    assert isinstance(host.gather("usage")["host/cpu_pct"], float)


def test_the_fullest_file_system_is_told(host: PsutilHost) -> None:
    used = host.gather("disk")["host/disk_used_pct"]
    assert isinstance(used, float)
    assert 0 < used <= 100


def test_the_agent_tells_of_itself_and_what_it_is_given(host: PsutilHost) -> None:
    facts = host.gather("agent")
    assert isinstance(facts["agent/rss_bytes"], int)
    assert facts["agent/journal_backlog"] == 3


def test_an_unknown_group_is_declined(host: PsutilHost) -> None:
    with pytest.raises(Declined):
        host.gather("weather")


def test_system_and_hardware_are_told(host: PsutilHost) -> None:
    assert {"Properties/os", "Properties/hardware"} <= set(host.properties())


def test_the_profile_follows_the_machine(host: PsutilHost, tmp_path: Path) -> None:
    assert host.profile_id() == "host/linux"
    model = tmp_path / "firmware/devicetree/base/model"
    model.parent.mkdir(parents=True)
    model.write_text("Raspberry Pi 5 Model B Rev 1.0\0")
    assert PsutilHost(tmp_path).profile_id() == "host/raspberry-pi"
