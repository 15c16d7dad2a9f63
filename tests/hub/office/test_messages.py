"""From something that happens to a letter that somebody gets, over real connections."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from hub.accounts.person import Person, Place
from hub.config import HubSettings
from hub.core.findings import Incident
from hub.core.people import Principal, PrincipalKind, Role
from hub.core.texts import Text
from hub.mail.settings import NoticeSettings
from hub.messages.choices import Choice, When
from hub.messages.deliveries import BACK_OFF_MS, State
from hub.messages.kinds import Kind
from hub.messages.refusals import MessageRefused
from hub.messages.settings import MessagesSettings
from hub.office.messages import Messages
from hub.requesting import Requests, make_engine
from hub.store.engine import open_engine, upgrade
from hub.store.incidents import keep_incidents
from hub.store.message_tables import message
from hub.store.messages import tell
from hub.store.people import PersonRows
from hub.store.tables import school
from hub.store.unit_of_work import Store
from hub.web.message_pages import WishedWay
from hub.workflows.engine import Wish
from hub.workflows.names import HOOKS
from hub.workflows.settings import OfficeSettings
from tests.hub.mail.conftest import mail  # noqa: F401  a fixture
from tests.hub.messaging.receiver import Receiver, listening
from tests.stores import database

pytestmark = pytest.mark.e2e
ZONE = ZoneInfo("Asia/Bangkok")
NOON, MINUTE, HOUR = 1_795_150_800_000, 60_000, 3_600_000
"""20 Nov 2026, 12:00 in Thailand."""
HERE = MessagesSettings(networks=("127.0.0.0/8",))
ENGINE = make_engine(OfficeSettings.model_validate({}), ZONE)
SECRET = "c2VjcmV0LXRva2Vu"


class World:
    """A hub's database, its people, and its clock."""

    def __init__(self, store: Store, data_dir: Path, mail_url: str) -> None:
        self.store, self.now, self._data_dir, self._mail = store, NOON, data_dir, mail_url
        self.anong = self._person("anong", Role.TECHNICIAN)
        self.malee = self._person("malee", Role.SCHOOL)
        with store.begin() as work:
            work.connection.execute(insert(school).values(group="cpm3", code="30010012", name="โรงเรียนบ้านทุ่งดอกจาน"))
        self.messages = self.started()
        self.messages.gather()

    def started(self, settings: MessagesSettings = HERE) -> Messages:
        """A hub that has just been started."""
        post = {"smtp": self._mail, "from": "hub@district.example", "link": "https://hub.example"}
        given = HubSettings(data_dir=self._data_dir, notices=NoticeSettings.model_validate(post), messages=settings)
        return Messages(self.store, given, ENGINE, ZONE, lambda: self.now, every_s=0.01)

    def way(self, who: Principal, service: str, first: str, kinds: frozenset[Kind] | None = None) -> None:
        self.messages.pages.add_way(who.label, WishedWay("", service, first, "", kinds), who)

    def tell(self, *codes: str, whom: tuple[str, ...] = ("technician",)) -> None:
        with self.store.begin() as work:
            for code in codes:
                tell(work.connection, code, {"path": "/requests"}, whom, self.now)

    def states(self) -> list[tuple[State, str | None]]:
        return [(each.state, each.trouble) for each in self.messages.pages.some(State, 100)]

    def _person(self, login: str, role: Role) -> Principal:
        place = Place(login.title(), frozenset({role}), "30010012" if role is Role.SCHOOL else None)
        with self.store.begin() as work:
            number = PersonRows(work.connection).add(Person(login, place, created_at=NOON))
        return Principal(PrincipalKind.PERSON, str(number), login.title(), frozenset({role}), place.school)


@pytest.fixture
def world(tmp_path: Path, mail: Any) -> Iterator[World]:  # noqa: F811
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    yield World(store, tmp_path, mail.url)
    store.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as one:
        yield one


def test_a_step_of_a_request_reaches_those_whom_the_workflow_names_by_mail_in_their_language(
    world: World,
    mail: Any,  # noqa: F811
) -> None:
    world.way(world.anong, "email", "anong@district.example")
    world.messages.pages.choose(world.anong.label, Choice("en"), world.anong)
    requests = Requests(world.store, ENGINE, lambda: world.now, dict.fromkeys(HOOKS, _nothing))
    given = {"school": "cpm3/30010012", "software": "GeoGebra", "computers": 2, "licence": "free"}
    opened = requests.open("software_install", Wish(given), world.malee)
    world.messages.tell_people()
    (taken,) = mail.taken
    assert taken.to == "anong@district.example"
    assert opened.number in taken.message["Subject"]
    assert f"https://hub.example/requests/{opened.number}?lang=en" in taken.message.get_content()
    world.messages.tell_people()
    assert len(mail.taken) == 1


def test_what_is_due_together_is_one_letter(world: World, receiver: Receiver) -> None:
    world.way(world.anong, "jsons", receiver.url)
    world.tell("request.moved", "stock.low", "survey.sent")
    world.messages.tell_people()
    (came,) = receiver.came
    assert json.loads(came.body)["message"].count("• ") == 2
    world.now += 20 * HOUR
    world.messages.tell_people()
    assert len(receiver.came) == 2


def test_quiet_hours_hold_back_what_is_not_always_told(world: World, receiver: Receiver) -> None:
    world.way(world.anong, "jsons", receiver.url)
    world.messages.pages.choose(world.anong.label, Choice(times={Kind.LIMITS: When.ALWAYS}), world.anong)
    world.now = NOON + 10 * HOUR
    world.tell("request.moved", "request.overdue")
    world.messages.tell_people()
    assert len(receiver.came) == 1
    world.now = NOON + 18 * HOUR
    world.messages.tell_people()
    assert len(receiver.came) == 2


def test_a_way_that_fails_is_tried_again_and_given_up_at_last(world: World, receiver: Receiver) -> None:
    receiver.status = 503
    world.way(world.anong, "jsons", receiver.url)
    world.tell("request.moved")
    world.messages.tell_people()
    for wait in BACK_OFF_MS:
        assert world.states() == [(State.WAITING, "later")]
        world.messages.tell_people()
        world.now += wait
        world.messages.tell_people()
    assert world.states() == [(State.FAILED, "later")]
    assert len(receiver.came) == len(BACK_OFF_MS) + 1
    (failed,) = world.messages.pages.some([State.FAILED], 10)
    receiver.status = 204
    assert world.messages.pages.send_again(failed.id, world.anong)
    world.messages.tell_people()
    assert world.states() == [(State.SENT, None)]


def test_a_letter_that_cannot_be_written_waits_for_a_person_and_holds_up_no_other(
    world: World, receiver: Receiver
) -> None:
    world.way(world.anong, "jsons", receiver.url)
    world.tell("request.moved")
    with world.store.begin() as work:
        work.connection.execute(update(message).values(params=["no such thing"]))
    world.messages.tell_people()
    assert world.states() == [(State.UNSURE, "unsure")]
    world.tell("request.moved")
    world.messages.tell_people()
    assert sorted(state for state, _ in world.states()) == [State.SENT, State.UNSURE]


def test_a_hub_killed_while_it_sends_asks_a_person_before_it_sends_again(world: World, receiver: Receiver) -> None:
    world.way(world.anong, "jsons", receiver.url)
    world.tell("request.moved")
    dying = world.started()
    dying._sending.hand.give = _killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        dying.tell_people()
    again = world.started()
    again._sending.recover(world.now)
    again.tell_people()
    assert receiver.came == []
    assert world.states() == [(State.UNSURE, "killed")]


def test_a_letter_by_mail_is_sent_again_after_a_kill_and_is_the_same_letter(
    world: World,
    mail: Any,  # noqa: F811
) -> None:
    world.way(world.anong, "email", "anong@district.example")
    world.tell("request.moved")
    dying = world.started()
    give = dying._sending.hand.give

    def give_and_die(*given: Any) -> Any:
        give(*given)
        raise KeyboardInterrupt

    dying._sending.hand.give = give_and_die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        dying.tell_people()
    again = world.started()
    again._sending.recover(world.now)
    world.tell("survey.sent")
    again.tell_people()
    again.tell_people()
    first, second, news = mail.taken
    assert first.message["Message-ID"] == second.message["Message-ID"] != news.message["Message-ID"]


def _killed(*_given: object) -> None:
    raise KeyboardInterrupt


def _nothing(*_given: object) -> None:
    """What hooks do is none of our business here."""


def test_an_incident_is_told_when_it_has_lasted_and_when_it_is_over(world: World, receiver: Receiver) -> None:
    world.way(world.anong, "jsons", receiver.url)
    world.messages.webhooks.add("desk", receiver.url, ["incident.begun", "incident.ended"], world.anong)
    for minutes, end in ((5, None), (15, None), (30, NOON + 25 * MINUTE), (31, NOON + 25 * MINUTE)):
        world.now = NOON + minutes * MINUTE
        told = Incident("cpm3", "k:1", "area_outage", NOON, end, {"30010012": (NOON, end)}, (Text("x"),))
        with world.store.begin() as work:
            keep_incidents(work.connection, [told])
            world.messages.note(work, [told], world.now)
        world.messages.tell_people()
        world.messages.tell_programs()
    types = [json.loads(each.body).get("type") for each in receiver.came]
    assert types.count("incident.begun") == types.count("incident.ended") == 1
    assert len(types) == 4
    ended = next(json.loads(each.body) for each in receiver.came if b"incident.ended" in each.body)
    assert (ended["data"]["cause"], ended["data"]["end"]) == ("area_outage", NOON + 25 * MINUTE)


def test_what_a_way_is_stays_hidden_from_the_database_and_the_log(
    world: World, receiver: Receiver, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    receiver.status = 500
    world.way(world.anong, "jsons", f"{receiver.url}/{SECRET}")
    world.tell("request.moved")
    world.messages.tell_people()
    assert any(SECRET in came.path for came in receiver.came)
    assert SECRET not in caplog.text
    assert SECRET not in repr(world.messages.pages.ways(world.anong.label))
    world.store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("hub.db*"))
    assert SECRET.encode() not in kept


def test_nothing_is_sent_to_what_stands_beside_the_hub_unless_the_settings_allow(
    world: World, receiver: Receiver
) -> None:
    world.way(world.anong, "jsons", receiver.url)
    world.tell("request.moved")
    world.started(MessagesSettings()).tell_people()
    assert receiver.came == []
    assert world.states() == [(State.FAILED, "forbidden")]


def test_a_way_that_is_taken_away_tells_nothing_more(world: World, receiver: Receiver) -> None:
    world.way(world.anong, "jsons", receiver.url)
    world.tell("request.moved")
    world.messages.gather()
    (way,) = world.messages.pages.ways(world.anong.label)
    assert not world.messages.pages.stop_way(world.malee.label, way.id, world.malee)
    assert world.messages.pages.stop_way(world.anong.label, way.id, world.anong)
    world.messages.tell_people()
    assert receiver.came == []
    assert world.states() == [(State.DROPPED, None)]


def test_a_choice_over_that_of_another_window_is_refused(world: World) -> None:
    pages = world.messages.pages
    pages.choose(world.anong.label, Choice("en"), world.anong)
    with pytest.raises(MessageRefused, match="choice_stale"):
        pages.choose(world.anong.label, Choice("th"), world.anong)
    assert pages.choice(world.anong.label).language == "en"


def test_a_test_message_says_whether_the_way_works(world: World, receiver: Receiver) -> None:
    world.way(world.anong, "jsons", receiver.url)
    (way,) = world.messages.pages.ways(world.anong.label)
    assert world.messages.pages.test_way(world.anong.label, way.id) == ""
    receiver.status = 401
    assert world.messages.pages.test_way(world.anong.label, way.id) == "soon"
    world.now += MINUTE
    assert world.messages.pages.test_way(world.anong.label, way.id) == "refused"
    assert len(receiver.came) == 2
    with pytest.raises(MessageRefused):
        world.messages.pages.test_way(world.malee.label, way.id)


def test_the_threads_tell_by_themselves(world: World, receiver: Receiver) -> None:
    world.way(world.anong, "jsons", receiver.url)
    receiver.pause = threading.Event()
    receiver.pause.set()
    world.messages.start()
    world.tell("request.moved")
    deadline = threading.Event()
    for _ in range(1000):
        if world.states() == [(State.SENT, None)]:
            break
        deadline.wait(0.02)
    world.messages.stop()
    assert len(receiver.came) == 1
