"""The benchmark itself, in small: how a day is made of a span, what makes a day hurry, and what counts."""

import os
import ssl
import sys
from pathlib import Path

import pytest

from benchmarks.agent import Figures, Look, Span, _profiles, figures
from benchmarks.certificates import Issuer
from benchmarks.peers import PACKAGES, peers
from benchmarks.processes import Taken, of_process, process
from firmware_profiles.loader import load_catalog


def test_an_hour_and_a_day_are_reckoned_from_a_span() -> None:
    span = Span(Look(Taken(1.0, 30.0, 0), 100), Look(Taken(1.1, 31.0, 4096), 1100), 3600.0)
    found = figures("agent", span, counted=True).by_name
    assert found == pytest.approx({"PSS MB": 31.0, "CPU s/h": 0.1, "wire MB/d": 0.024, "disk MB/d": 0.098304})
    assert figures("agent", span, counted=False).by_name["wire MB/d"] is None


def test_what_is_over_the_budget_is_named_and_what_nobody_counted_is_not() -> None:
    assert Figures("agent", {"PSS MB": 41.0, "wire MB/d": None, "start s": 1.9}).over == ["PSS MB 41.00"]
    assert str(Figures("x", {"fsyncs/d": 1234.0})).split() == ["x", "–", "–", "–", "–", "1,234", "–"]


def test_on_a_hurried_day_all_is_ten_times_as_often_and_nothing_is_news(tmp_path: Path) -> None:
    calm, hurried = (load_catalog(over=_profiles(tmp_path, haste)) for haste in (1, 10))
    for profile in ("lg/rs232", "host/linux"):
        one, other = calm.profile(profile), hurried.profile(profile)
        assert [poll.every_s for poll in one.poll] == [10 * poll.every_s for poll in other.poll]
        assert one.report.heartbeat_s == 10 * other.report.heartbeat_s
        assert set(one.report.heartbeats.values()) == {10 * each for each in other.report.heartbeats.values()}
        assert min(other.report.dead_bands.values()) == 1e9
    assert {poll.every_s for poll in calm.profile("lg/rs232").poll} == {60}


def test_certificates_are_good_for_both_sides(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    pair = issuer.issue("36030001")
    context = ssl.create_default_context(cafile=str(issuer.ca))
    context.load_cert_chain(pair.certificate, pair.key)
    assert context.cert_store_stats()["x509_ca"] == 1


def test_the_kernel_counts_what_a_process_and_its_children_take(tmp_path: Path) -> None:
    mine = of_process(os.getpid())
    assert mine.cpu_s > 0
    assert mine.pss_mb > 1
    with process([sys.executable, "-c", "input()"]) as child:
        assert of_process(child).pss_mb > 0


def test_who_is_missing_is_told_with_the_way_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.peers.shutil.which", lambda *_, **__: None)
    told = []
    for each in peers(tmp_path):
        with each as peer:
            told.append(peer)
    assert [peer.pid for peer in told] == [None] * len(PACKAGES)
    assert "apt-get install --no-install-recommends netdata-core" in told[-1].name
