"""Pages of roll-outs: list, one with its waves and failures, buttons; and what a school's page says of its computer."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hub.core.equipment import NodeKey
from hub.core.people import Role
from hub.rollouts.events import Event, Reason, What
from hub.rollouts.rollout import Kind, Order, Rollout, State
from hub.rollouts.settings import RolloutSettings
from hub.rollouts.told import Told
from hub.store.rollouts import RolloutRows
from hub.web.settings import WebSettings

NOW = 1_795_157_100_000
NODES = ("30010012", "30010027", "30010031")
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(groups=frozenset({"cpm3"}))


@pytest.fixture
def admin(as_role: Callable[[Role], httpx.Client]) -> httpx.Client:
    return as_role(Role.ADMIN)


@pytest.fixture
def rollout(fleet: Any) -> Callable[..., int]:
    """Release 1.2 to three computers, and what happened so far."""
    fleet.school("cpm3", NODES[0], "บ้านตัวอย่าง")
    for name in NODES:
        fleet.node("cpm3", name)

    def begin(*events: Event) -> int:
        order = Order(0, Kind.RELEASE, "1.2", "cpm3", NODES, NOW, "person:1", RolloutSettings())
        with fleet.store.begin() as work:
            rows = RolloutRows(work.connection)
            number = rows.start(order)
            found = rows.one(number)
            assert found is not None
            for event in events:
                found.apply(event)
            rows.keep(found, events)
        return number

    return begin


def state(fleet: Any, number: int) -> State:
    with fleet.store.reading() as connection:
        found: Rollout | None = RolloutRows(connection).one(number)
    assert found is not None
    return found.state


FAILED = (
    Event(What.WAVE, NOW, nodes=NODES[:1]),
    Event(What.ASKED, NOW, node=NODES[0]),
    Event(What.FAILED, NOW, node=NODES[0], reason=Reason.ROLLED_BACK, why="<b>no</b> birth in 5 minutes"),
    Event(What.STOPPED, NOW),
)


def test_without_any_the_page_says_how_to_begin(admin: httpx.Client) -> None:
    page = admin.get("/rollouts?lang=en").text
    assert "Nothing was rolled out yet" in page
    assert "Nothing is signed yet" in page


@pytest.mark.parametrize(("lang", "words"), [("en", "stopped by itself"), ("th", "หยุดเอง")])
def test_the_list_tells_how_far_each_is(admin: httpx.Client, rollout: Any, lang: str, words: str) -> None:
    number = rollout(*FAILED)
    page = admin.get(f"/rollouts?lang={lang}").text
    assert f"/rollouts/{number}" in page
    assert words in page


def test_one_tells_its_waves_and_why_a_computer_failed(admin: httpx.Client, rollout: Any) -> None:
    page = admin.get(f"/rollouts/{rollout(*FAILED)}?lang=en").text
    for words in ("Wave 1", "it rolled back", "บ้านตัวอย่าง", "&lt;b&gt;no&lt;/b&gt; birth", "Let it go on", "Abort"):
        assert words in page
    assert "Pause" not in page


def test_buttons_hold_let_go_on_and_end(admin: httpx.Client, rollout: Any, fleet: Any) -> None:
    number = rollout()
    for deed, expected in (("pause", State.PAUSED), ("resume", State.RUNNING), ("abort", State.ABORTED)):
        answer = admin.post(f"/rollouts/{number}/{deed}", headers=OURS)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/rollouts/{number}")
        assert state(fleet, number) is expected


def test_what_nobody_signed_is_not_begun(admin: httpx.Client, rollout: Any) -> None:
    answer = admin.post("/rollouts?lang=en", data={"what": "release:9.9", "group": "cpm3"}, headers=OURS)
    assert answer.status_code == 422
    assert "not signed for" in answer.text


@pytest.mark.parametrize("form", [{}, {"what": "x:1", "group": "cpm3"}, {"what": "release:1.2", "group": "elsewhere"}])
def test_a_form_that_is_none_of_ours_begins_nothing(admin: httpx.Client, form: dict[str, str]) -> None:
    assert admin.post("/rollouts", data=form, headers=OURS).status_code == 422


@pytest.mark.parametrize("path", ["/rollouts/99", "/rollouts/0"])
def test_a_roll_out_that_is_not_there_is_not_found(admin: httpx.Client, path: str) -> None:
    assert admin.get(path).status_code == 404


def test_who_does_not_release_sees_none_of_it(as_role: Callable[[Role], httpx.Client], rollout: Any) -> None:
    number, technician = rollout(), as_role(Role.TECHNICIAN)
    assert technician.get("/rollouts").status_code == 403
    assert technician.post(f"/rollouts/{number}/abort", headers=OURS).status_code == 403


@pytest.mark.parametrize(("lang", "words"), [("en", "rolled back to 0.1.0"), ("th", "กลับไปใช้รุ่น 0.1.0")])
def test_a_schools_page_tells_what_became_of_an_update(
    client: httpx.Client, rollout: Any, fleet: Any, lang: str, words: str
) -> None:
    rollout()
    told = Told(Kind.RELEASE, "1.2", Reason.ROLLED_BACK, "no birth in 5 minutes", NOW)
    with fleet.store.begin() as work:
        RolloutRows(work.connection).remember(NodeKey("cpm3", NODES[0]), told)
    page = client.get(f"/schools/cpm3/{NODES[0]}?lang={lang}").text
    assert words in page
    assert "no birth in 5 minutes" in page
