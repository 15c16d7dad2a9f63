"""Roll-outs at work, on a real store and a real repository: what people start, computers tell, and a restart must not forget."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE
from hub.ingestion.arrivals import NodeCommand
from hub.releases.offered import Offered
from hub.releases.publishing import publish_config
from hub.releases.repository import SignedRepository
from hub.releases.signing import FLEET, TARGETS
from hub.rolling.service import Rolling, Wish
from hub.rollouts.events import What
from hub.rollouts.refusals import RolloutRefused
from hub.rollouts.rollout import Kind, Rollout, State
from hub.rollouts.settings import RolloutSettings
from hub.store.audit import entries
from hub.store.enrolment_tables import node_certificate
from hub.store.opening import open_store
from hub.store.rollouts import RolloutRows
from hub.store.tables import node
from hub.trust.updates import Versions
from provisioning.core.contract import Kind as ToldKind
from provisioning.core.contract import Outcome, Result
from tests.stores import database

T0 = 1_790_000_000_000
MINUTE, HOUR = 60_000, 3_600_000
NODES = tuple(f"360100{n:02}" for n in range(5))


class Office:
    """A hub's roll-outs, on a clock that the test moves."""

    def __init__(self, folder: Path) -> None:
        self.now = T0
        self.folder, self.keys = folder, folder / "stick"
        self.repository = SignedRepository(folder / "repository", folder / "pki")
        self.restart()

    def restart(self) -> None:
        """What is in memory only is gone."""
        self.store = open_store(database(self.folder / "hub.db"))
        self.rolling = Rolling(self.store, Offered(self.repository, self._clock), RolloutSettings(), self._clock)

    def _clock(self) -> int:
        return self.now

    def enrol(self, *names: str) -> None:
        with self.store.begin() as work:
            for name in names:
                row = {"group": "cpm3", "node": name, "serial": name, "key": "k", "issuer": "i", "pem": "p"}
                times = {"issued_at": T0, "begins_at": T0, "expires_at": T0 + HOUR}
                work.connection.execute(insert(node_certificate).values({**row, **times}))
                seen = {"group": "cpm3", "name": name, "school": name, "online": True, "status_since": T0 - HOUR}
                work.connection.execute(insert(node).values({**seen, "properties": {"agent_version": "1.0"}}))

    def shut_out(self, name: str) -> None:
        with self.store.begin() as work:
            work.connection.execute(
                update(node_certificate).where(node_certificate.c.node == name).values(revoked_at=T0)
            )

    def change(self, name: str, **values: Any) -> None:
        with self.store.begin() as work:
            work.connection.execute(update(node).where(node.c.name == name).values(**values))

    def release(self, version: str) -> None:
        self.repository.add(TARGETS, {f"releases/{version}/aarch64.zip": version.encode()}, self.now, self.keys)

    def start(self, version: str = "1.1", kind: Kind = Kind.RELEASE, nodes: frozenset[str] | None = None) -> int:
        return self.rolling.start(Wish(kind, version, "cpm3", nodes), AT_THE_CONSOLE)

    def tick(self, after_ms: int = MINUTE) -> list[tuple[str, dict[str, Any]]]:
        self.now += after_ms
        return [_said(each) for each in self.rolling.tick(self.now)]

    def tell(self, name: str, result: Result, version: str = "1.1", kind: ToldKind = ToldKind.UPDATE) -> None:
        self.rolling.heard(NodeKey("cpm3", name), Outcome(kind, version, result, "because"), self.now)

    def versions(self, name: str) -> Versions:
        return self.rolling.versions(NodeKey("cpm3", name))

    def one(self, number: int) -> Rollout:
        with self.store.reading() as connection:
            found = RolloutRows(connection).one(number)
        assert found is not None
        return found

    @property
    def deeds(self) -> list[str]:
        return [each.what for each in entries(self.store)]


def _said(sent: NodeCommand) -> tuple[str, dict[str, Any]]:
    return sent.node.name, {str(metric.name): metric.value for metric in sent.metrics}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.repository.begin(office.keys, T0)
    office.enrol(*NODES)
    office.release("1.1")
    yield office
    office.store.close()


def test_the_first_computer_is_commanded_and_told_what_to_run(office: Office) -> None:
    office.start()
    assert office.tick() == [(NODES[0], {"Node Control/Update To": "1.1"})]
    assert office.versions(NODES[0]) == Versions(release="1.1")
    assert office.versions(NODES[1]) == Versions()


def test_by_letters_all_get_it_wave_by_wave(office: Office) -> None:
    number = office.start()
    reached = []
    for _ in range(3):
        names = [name for name, _ in office.tick()]
        reached.append(len(names))
        for name in names:
            office.tell(name, Result.HEALTHY)
    office.tick()
    assert reached == [1, 1, 3]
    assert office.one(number).state is State.DONE
    assert office.deeds == ["rollout.finished", "rollout.started"]


def test_a_restart_between_any_two_steps_changes_nothing(office: Office) -> None:
    number = office.start()
    names: list[str] = []
    for _ in range(4):
        office.restart()
        asked = [name for name, _ in office.tick()]
        office.restart()
        for name in asked:
            office.tell(name, Result.HEALTHY)
            names.append(name)
    assert sorted(names) == list(NODES)
    assert office.one(number).state is State.DONE


def test_a_failure_stops_it_and_the_computer_goes_back_to_what_it_was_given_before(office: Office) -> None:
    first = office.start()
    for _ in range(4):
        for name, _ in office.tick():
            office.tell(name, Result.HEALTHY)
    office.release("1.2")
    second = office.start("1.2")
    [(name, _)] = office.tick()
    assert office.versions(name).release == "1.2"
    office.tell(name, Result.ROLLED_BACK, "1.2")
    assert office.tick() == []
    assert office.one(first).state is State.DONE
    assert office.one(second).state is State.STOPPED
    assert office.versions(name).release == "1.1"
    with office.store.reading() as connection:
        told = RolloutRows(connection).told(NodeKey("cpm3", name))
    assert [(each.version, each.reason, each.why) for each in told] == [("1.2", "rolled_back", "because")]
    assert office.deeds[0] == "rollout.stopped"


def test_who_does_not_answer_is_asked_again_when_it_comes_back_and_now_and_then(office: Office) -> None:
    office.start()
    [(name, _)] = office.tick()
    assert office.tick() == []
    office.change(name, online=False, status_since=office.now)
    assert office.tick() == []
    office.change(name, online=True, status_since=office.now + 1)
    assert [each for each, _ in office.tick()] == [name]
    assert [each for each, _ in office.tick(15 * MINUTE)] == [name]


def test_who_reports_with_the_new_version_is_well(office: Office) -> None:
    number = office.start()
    [(name, _)] = office.tick()
    office.change(name, properties={"agent_version": "1.1"}, status_since=office.now)
    office.tick(10 * MINUTE)
    assert office.one(number).nodes[name].reason == "reports"


def test_profiles_are_named_as_such_and_told_by_the_version_that_lies_over(office: Office) -> None:
    office.repository.add(FLEET, {"profiles/p1.zip": b"zip"}, office.now)
    number = office.start("p1", Kind.PROFILES)
    [(name, said)] = office.tick()
    assert said == {"Node Control/Config Version": "profiles/p1"}
    office.change(name, properties={"profiles_version": "p1+0123456789ab"}, status_since=office.now)
    office.tick(10 * MINUTE)
    assert office.one(number).nodes[name].reason == "reports"


def test_a_configuration_is_for_those_it_was_published_for(office: Office) -> None:
    mine = NodeKey("cpm3", NODES[2])
    publish_config(office.repository, mine, "c1", b'log_level = "info"\n', profiles=(), now=office.now)
    office.start("c1", Kind.CONFIG)
    assert office.tick() == [(mine.name, {"Node Control/Config Version": "c1"})]
    assert office.versions(mine.name) == Versions(config="c1")
    assert office.rolling.config(mine) == 'log_level = "info"\n'
    assert office.rolling.config(NodeKey("cpm3", NODES[1])) is None


def test_a_new_computer_begins_with_the_newest_that_was_published_for_it(office: Office) -> None:
    mine = NodeKey("cpm3", NODES[2])
    for n in (1, 2):
        publish_config(office.repository, mine, f"c{n}", f"# {n}\n".encode(), profiles=(), now=office.now + n)
    assert office.rolling.config(mine) == "# 2\n"


def test_who_was_shut_out_gets_nothing(office: Office) -> None:
    office.shut_out(NODES[0])
    office.start()
    assert [name for name, _ in office.tick()] == [NODES[1]]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(Kind.RELEASE, "9.9", "cpm3"), "there are: 1.1"),
        (Wish(Kind.RELEASE, "1.1", "cpm9"), "for no computer of cpm9"),
        (Wish(Kind.RELEASE, "1.1", "cpm3", frozenset({"99999999"})), "99999999 is not let in"),
        (Wish(Kind.PROFILES, "p1", "cpm3"), "there are: none"),
    ],
)
def test_what_cannot_be_rolled_out_is_refused(office: Office, wish: Wish, said: str) -> None:
    with pytest.raises(RolloutRefused, match=said):
        office.rolling.start(wish, AT_THE_CONSOLE)
    assert office.deeds == []


def test_two_of_a_kind_do_not_go_on_together(office: Office) -> None:
    number = office.start()
    office.release("1.2")
    with pytest.raises(RolloutRefused, match=f"rollout abort {number}"):
        office.start("1.2")
    assert office.rolling.do(number, What.ABORTED, AT_THE_CONSOLE)
    assert office.start("1.2") > number


def test_people_pause_resume_and_abort_and_nothing_else(office: Office) -> None:
    number = office.start()
    do: Callable[[What], bool] = lambda what: office.rolling.do(number, what, AT_THE_CONSOLE)  # noqa: E731
    assert not do(What.RESUMED)
    assert do(What.PAUSED)
    assert office.tick() == []
    assert do(What.RESUMED)
    assert len(office.tick()) == 1
    assert do(What.ABORTED)
    assert not do(What.RESUMED)
    assert office.tick(HOUR) == []
    assert not office.rolling.do(99, What.PAUSED, AT_THE_CONSOLE)
    assert office.deeds == ["rollout.aborted", "rollout.resumed", "rollout.paused", "rollout.started"]


def test_a_word_about_what_nobody_rolled_out_is_remembered_all_the_same(office: Office) -> None:
    office.tell(NODES[0], Result.HEALTHY, "0.9")
    with office.store.reading() as connection:
        assert len(RolloutRows(connection).told(NodeKey("cpm3", NODES[0]))) == 1


def test_without_a_repository_nothing_is_offered(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.enrol(*NODES)
    assert office.rolling.config(NodeKey("cpm3", "1")) is None
    with pytest.raises(RolloutRefused, match="there are: none"):
        office.start()
    office.store.close()
