import time
from typing import Any

from hub.releases.freshness import Freshness

DAY = 86_400_000


def test_what_is_about_to_end_is_signed_again(site: Any) -> None:
    now = int(time.time() * 1000)
    freshness = Freshness(site.repository, lambda: now)
    before = (site.folder / "metadata" / "timestamp.json").read_bytes()
    freshness.look(now + DAY)
    assert (site.folder / "metadata" / "timestamp.json").read_bytes() == before
    freshness.look(now + 15 * DAY)
    assert (site.folder / "metadata" / "timestamp.json").read_bytes() != before
    assert freshness.trouble == ""


def test_where_a_person_must_sign_it_says_so_in_time(site: Any) -> None:
    now = int(time.time() * 1000)
    freshness = Freshness(site.repository, lambda: now)
    freshness.look(now + 700 * DAY)
    assert "release refresh --keys DIR: targets" in freshness.trouble
    site.repository.refresh(now + 700 * DAY, site.keys)
    freshness.look(now + 700 * DAY)
    assert freshness.trouble == ""


def test_it_looks_at_once_and_ends_when_it_is_told_to(site: Any) -> None:
    later = int(time.time() * 1000) + 15 * DAY
    before = (site.folder / "metadata" / "timestamp.json").read_bytes()
    freshness = Freshness(site.repository, lambda: later)
    freshness.start()
    deadline = time.monotonic() + 60
    while (site.folder / "metadata" / "timestamp.json").read_bytes() == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    freshness.stop()
