from agent.core.identities import SERIAL_NUMBER, Identities
from agent.core.readings import Equipment, Poll
from wire.vocabulary import REACHABLE

PROJECTOR = Equipment("p1-projector", "projector", "p1", "pjlink/class-2", (REACHABLE,))
HOST = Equipment(None, "computer", None, "host/linux", ())


def poll(serial: str | None = None, *, answers: bool = True, device: str | None = "p1-projector") -> Poll:
    return Poll(device, 0, {REACHABLE: answers}, None if serial is None else {SERIAL_NUMBER: serial})


def test_a_device_is_known_by_the_serial_number_that_it_told() -> None:
    known = Identities([PROJECTOR])
    assert known.owner("projector", "SN0001") is None
    known.hear(poll("sn-0001"))
    assert known.owner("projector", "SN0001") == "p1-projector"
    assert known.owner("tv", "SN0001") is None


def test_it_keeps_its_number_when_it_falls_silent() -> None:
    known = Identities([PROJECTOR])
    known.hear(poll("SN0001"))
    known.hear(poll(answers=False))
    assert known.owner("projector", "SN0001") == "p1-projector"
    assert not known.answers("p1-projector")
    known.hear(poll())
    assert known.answers("p1-projector")


def test_a_number_that_tells_nothing_is_nobodys() -> None:
    known = Identities([PROJECTOR])
    known.hear(poll("00000000"))
    assert known.owner("projector", "00000000") is None


def test_the_computer_itself_and_strangers_are_nobody() -> None:
    known = Identities([HOST])
    known.hear(poll("SN0001", device=None))
    known.hear(poll("SN0001", device="stranger"))
    assert known.owner("computer", "SN0001") is None
    assert not known.answers("stranger")
