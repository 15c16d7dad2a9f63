"""What strangers can send by one sticker has an end: a day, and for a repair as long as it is open."""

import sys
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from hub.repairs.reporting import Picture, Report, Unclear
from hub.store.workflow_tables import request_file
from tests.hub.web.test_stickers import NOW, PNG, send, sticker  # noqa: F401  a fixture among them


def test_a_device_is_not_reported_day_and_night(
    hub: Any,
    anybody: httpx.Client,
    sticker: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, told = sticker(), []
    for number in range(21):
        monkeypatch.setattr(sys.modules[type(hub).__module__], "NOW", NOW + number * 11 * 60_000)
        told.append(send(anybody, path, trouble="other", words=f"word {number}").status_code)
    assert told == [303] * 20 + [429]


def test_what_is_reported_of_a_repair_has_an_end_and_pictures_sooner(
    hub: Any,
    fleet: Any,
    sticker: Any,  # noqa: F811
) -> None:
    token, reports = sticker().rpartition("/")[2], hub.office.pages.stickers
    for number in range(49):
        reports.report(token, Report("other", f"word {number}"), Picture("set.png", PNG))
    with pytest.raises(Unclear, match="too_often"):
        reports.report(token, Report("other", "one more"), Picture("set.png", PNG))
    with fleet.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(request_file)).scalar_one() == 9
