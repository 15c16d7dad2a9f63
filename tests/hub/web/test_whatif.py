"""Trials of other settings: the form, the thread, the outcome."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Place
from hub.core.people import Role
from hub.core.trials import TrialOutcome, TrialTicket
from hub.detection.settings import DetectionSettings
from hub.web.server import WebServer
from hub.web.trials import Progress, Trial, Trials
from hub.web.tried_settings import NoSuchValue, tried_settings, with_values

OURS = {"Sec-Fetch-Site": "same-origin"}
NOW, HOUR = 1_795_157_100_000, 3_600_000
NODE = NodeKey("cpm3", "30010012")
TV = TrialTicket(Place(DeviceKey(NODE, "p1-tv")), "tv_failed", NOW - 2 * HOUR, NOW - HOUR)
DISH = TrialTicket(Place(DeviceKey(NODE), "d1"), "dish_misaligned", NOW - 2 * HOUR, NOW - HOUR)
LATER = TrialTicket(TV.place, TV.cause, TV.onset_at, NOW)
PROMPTLY = 5


@dataclass
class Judge:
    """Judges as long as it is told to, and notes by what settings."""

    go_on: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[DetectionSettings, int]] = field(default_factory=list)
    fails: bool = False

    def __call__(self, then: DetectionSettings, days: int, progress: Progress) -> TrialOutcome:
        self.asked.append((then, days))
        progress(0.25)
        assert self.go_on.wait(PROMPTLY)
        progress(0.75)
        if self.fails:
            raise RuntimeError("the disk is full")
        return TrialOutcome((DISH,), (TV,), ((TV, LATER),), 7)


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def trials(judge: Judge) -> Iterator[Trials]:
    trials = Trials(DetectionSettings(), judge)
    yield trials
    judge.go_on.set()
    trials.close()


@pytest.fixture
def client(trials: Trials, district: Any, another_hub: Any, visit: Any) -> Iterator[httpx.Client]:
    hub = another_hub(trials)
    server = WebServer(hub.app, hub.live, "127.0.0.1", 0)
    server.start()
    yield visit(f"http://127.0.0.1:{server.port}", Role.TECHNICIAN)
    server.stop()


def begin(client: httpx.Client, **typed: str) -> httpx.Response:
    return client.post("/whatif", data=typed, headers=OURS)


def trial(days: int = 30) -> Trial:
    return Trial(days, {}, NOW)


def test_every_figure_of_detection_can_be_tried_and_says_its_unit_and_why(client: httpx.Client) -> None:
    page = client.get("/whatif?lang=en").text
    figures = list(tried_settings(DetectionSettings()))
    assert len(figures) > 30
    for setting in figures:
        assert f'name="{setting.path}"' in page
        assert setting.why
    assert "minutes of class" in page
    assert "นาทีของเวลาเรียน" in client.get("/whatif?lang=th").text


def test_a_trial_runs_beside_the_page_and_tells_its_share(
    client: httpx.Client, judge: Judge, trials: Trials, until: Callable[[Callable[[], object]], None]
) -> None:
    answer = begin(client, **{"silent_class_min": "25", "days": "14", "dish.step_db": "1.6"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/whatif#trial")
    until(lambda: judge.asked)
    page = client.get("/whatif?lang=en").text
    assert "Working…" in page
    assert "No answer counts after</b>: 50 → 25" in page
    judge.go_on.set()
    until(lambda: trials.last and not trials.last.running)
    (then, days) = judge.asked[0]
    assert (then.silent_class_min, days) == (25, 14)


def test_the_outcome_names_what_would_come_go_and_move(
    client: httpx.Client, judge: Judge, trials: Trials, until: Callable[[Callable[[], object]], None]
) -> None:
    judge.go_on.set()
    begin(client, silent_class_min="25")
    until(lambda: trials.last and not trials.last.running)
    page = client.get("/whatif?lang=en").text
    assert page.index("Tickets that would come") < page.index("Dish out of alignment") < page.index("would go</h2>")
    assert "Tickets that would open at another time" in page
    part = client.get("/whatif", headers={"HX-Request": "true", "HX-Target": "trial"}).text
    assert "<html" not in part
    assert "hx-trigger" not in part


def test_a_trial_that_fails_says_so_and_makes_room(
    client: httpx.Client, judge: Judge, trials: Trials, until: Callable[[Callable[[], object]], None]
) -> None:
    judge.fails = True
    judge.go_on.set()
    begin(client, silent_class_min="25")
    until(lambda: trials.last and not trials.last.running)
    assert "did not come to its end" in client.get("/whatif?lang=en").text
    judge.fails = False
    assert begin(client, silent_class_min="25").status_code == 303


def test_one_trial_runs_at_a_time(client: httpx.Client, judge: Judge) -> None:
    begin(client, silent_class_min="25")
    answer = begin(client, silent_class_min="30")
    assert answer.status_code == 422
    assert len(judge.asked) <= 1


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"silent_class_min": "-1"}, "silent_class_min"),
        ({"silent_class_min": "soon"}, "silent_class_min"),
        ({"silent_class_min": "nan"}, "silent_class_min"),
        ({"dish.belief": "2"}, "dish.belief"),
        ({"presence.recurring_count": "2.5"}, "presence.recurring_count"),
        ({"silent_class_min": "25", "days": "0"}, "days"),
        ({"silent_class_min": "25", "days": "9999"}, "days"),
    ],
)
def test_a_value_that_cannot_be_is_named_and_kept(
    client: httpx.Client, judge: Judge, typed: dict[str, str], named: str
) -> None:
    client.get("/whatif?lang=en")
    answer = begin(client, **typed)
    assert answer.status_code == 422
    assert "This value is not possible:" in answer.text
    assert f'value="{typed[named]}"' in answer.text
    assert judge.asked == []


def test_without_a_change_nothing_is_tried(client: httpx.Client, judge: Judge) -> None:
    client.get("/whatif?lang=en")
    assert "Change at least one setting." in begin(client, silent_class_min="50", nonsense="1").text
    assert judge.asked == []


def test_a_hub_that_stops_waits_for_no_trial(judge: Judge, until: Callable[[Callable[[], object]], None]) -> None:
    trials = Trials(DetectionSettings(), judge)
    assert trials.start(DetectionSettings(), trial())
    until(lambda: judge.asked)
    judge.go_on.set()
    trials.close()
    assert trials.last is not None
    assert not trials.last.running


def test_values_stand_where_their_path_says() -> None:
    changed = with_values(DetectionSettings(), {"silent_class_min": 30.0, "dish.step_db": 2.5})
    assert (changed.silent_class_min, changed.dish.step_db) == (30.0, 2.5)
    assert changed.dish.belief == DetectionSettings().dish.belief


def test_a_value_out_of_bounds_names_its_path() -> None:
    with pytest.raises(NoSuchValue) as caught:
        with_values(DetectionSettings(), {"dish.belief": 2.0})
    assert caught.value.path == "dish.belief"
