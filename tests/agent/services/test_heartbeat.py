from agent.core.moment import Moment
from agent.services.heartbeat import Heartbeat


class ListMinder:
    def __init__(self, alive_every_ms: int | None) -> None:
        self.alive_every_ms = alive_every_ms
        self.heard: list[str] = []

    def ready(self) -> None:
        self.heard.append("ready")

    def alive(self) -> None:
        self.heard.append("alive")

    def stopping(self) -> None:
        self.heard.append("stopping")


def at(mono: int) -> Moment:
    return Moment(1_790_000_000_000, mono)


def test_a_loop_that_turns_often_shows_itself_only_when_it_is_due() -> None:
    minder = ListMinder(1000)
    heartbeat = Heartbeat(minder)
    heartbeat.start(at(0))
    for mono in range(0, 3000, 100):
        heartbeat.beat(at(mono))
    assert minder.heard == ["ready", "alive", "alive"]
    assert heartbeat.due_at == 3000


def test_where_nobody_waits_for_it_nothing_is_due() -> None:
    minder = ListMinder(None)
    heartbeat = Heartbeat(minder)
    heartbeat.start(at(0))
    heartbeat.beat(at(10**9))
    heartbeat.stop()
    assert minder.heard == ["ready", "stopping"]
    assert heartbeat.due_at is None
