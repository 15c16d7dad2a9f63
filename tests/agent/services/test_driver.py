"""One round with a device, on virtual time, answered from a table."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.core.devices import DeviceSettings
from agent.core.readings import Value
from agent.errors import BadReply, Declined, LinkError, LinkLost
from agent.services.devices import build_device, host_device
from agent.services.driver import IDENTITY_AGAIN_MS, Driver
from firmware_profiles.loader import load_catalog
from wire.metrics import DataType, typed
from wire.vocabulary import BY_KIND

CATALOGUE = load_catalog()
ON = {
    "ka {set_id} ff": "a 01 OK01x",
    "sv {set_id} 02 ff": "v 01 OK0201x",
    "xb {set_id} ff": "b 01 OK90x",
    "dn {set_id} ff": "n 01 OK20x",
    "dp {set_id} ff": "p 01 OK1x",
    "dl {set_id} ff": "l 01 OK1c2ax",
    "fv {set_id} ff": "v 01 OK3735554835462d484ax",
    "fz {set_id} ff": "z 01 OK041350x",
}
STANDBY = {"ka {set_id} ff": "a 01 OK00x"}
SECOND = 1000


class Clock:
    now = 0

    def utc_ms(self) -> int:
        return self.now

    def mono_ms(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


class Table:
    """A channel that answers from a table; what is not in it is lost."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers, self.asked, self.closed = dict(answers), list[str](), 0

    def ask(self, request: str) -> Any:
        self.asked.append(request)
        answer = self.answers.get(request, LinkLost("no answer within 5000 ms"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.closed += 1


def driver(answers: Mapping[str, Any], **keys: Any) -> tuple[Driver, Table, Clock]:
    clock, table = Clock(), Table(answers)
    settings = DeviceSettings(key="p1-tv", profile="lg/rs232", address="/dev/ttyUSB0", **keys)
    device = build_device(settings, CATALOGUE, lambda *_: NotImplemented)
    return Driver(replace(device, open_channel=lambda *_: table), table, clock), table, clock


def test_the_first_round_asks_everything_and_who_it_is() -> None:
    tv, table, _ = driver(ON)
    tv.round()
    assert table.asked == list(ON)


def test_a_round_asks_what_is_due_and_whether_the_device_is_there() -> None:
    tv, table, clock = driver(ON)
    tv.round()
    table.asked.clear()
    clock.now = 15 * SECOND
    assert set(tv.round().readings) == {"device/reachable", "power/on", "input/signal", "input/source"}
    assert table.asked == ["ka {set_id} ff", "sv {set_id} 02 ff", "xb {set_id} ff"]


def test_the_next_round_is_when_the_next_poll_is_due() -> None:
    tv, _, _ = driver(ON)
    tv.round()
    assert tv.next_at() == 10 * SECOND


def test_an_operator_may_change_the_pace() -> None:
    tv, _, _ = driver(ON, every_s=20)
    tv.round()
    assert tv.next_at() == 20 * SECOND


def test_in_standby_only_power_is_asked_and_the_rest_is_unknown() -> None:
    tv, table, _ = driver(STANDBY)
    readings = tv.round().readings
    assert table.asked == ["ka {set_id} ff"]
    assert readings["power/on"] is False
    assert readings["panel/hours"] is None


def test_who_it_is_is_asked_when_it_is_switched_on() -> None:
    tv, table, clock = driver(STANDBY)
    assert tv.round().properties is None
    table.answers = dict(ON)
    clock.now = 10 * SECOND
    assert tv.round().properties == {"Properties/model": "75UH5F-HJ", "Properties/firmware": "04.13.50"}


def test_a_device_that_does_not_answer_its_first_poll_is_asked_nothing_else() -> None:
    tv, table, _ = driver({})
    poll = tv.round()
    assert poll.readings == {"device/reachable": False}
    assert poll.problem == "no answer within 5000 ms"
    assert table.asked == ["ka {set_id} ff"]


def test_one_that_answers_nonsense_is_not_reachable() -> None:
    tv, _, _ = driver({"ka {set_id} ff": BadReply("it answers 'SSH', which is no HTTP")})
    assert tv.round().readings == {"device/reachable": False}


def test_what_stays_unanswered_is_unknown_and_no_loss() -> None:
    tv, _, _ = driver({**ON, "dn {set_id} ff": LinkLost("no answer"), "dl {set_id} ff": Declined("404")})
    readings = tv.round().readings
    assert readings["device/reachable"] is True
    assert (readings["panel/temp_c"], readings["panel/hours"]) == (None, None)
    assert readings["error/code"] == ""


class Dying(Table):
    """A device that dies when it is asked one of its questions."""

    def __init__(self, answers: Mapping[str, Any], last: str) -> None:
        super().__init__(answers)
        self.last = last

    def ask(self, request: str) -> Any:
        if request == self.last:
            self.answers = {}
        return super().ask(request)


def test_one_that_dies_in_the_midst_of_a_round_is_lost_before_every_question_was_waited_for() -> None:
    tv, _, clock = driver(ON)
    dying = Dying(ON, "sv {set_id} 02 ff")
    tv = Driver(replace(tv.device, open_channel=lambda *_: dying), dying, clock)
    assert tv.round().readings == {"device/reachable": False}
    assert dying.asked == ["ka {set_id} ff", "sv {set_id} 02 ff", "ka {set_id} ff"]


def test_one_that_refuses_a_question_is_there() -> None:
    tv, table, _ = driver({**ON, "dl {set_id} ff": Declined("404")})
    tv.round()
    assert table.asked == list(ON)


def test_a_device_that_comes_back_is_asked_everything() -> None:
    tv, table, clock = driver(ON)
    tv.round()
    table.answers = {}
    clock.now = 10 * SECOND
    tv.round()
    table.answers, table.asked = dict(ON), []
    clock.now = 20 * SECOND
    poll = tv.round()
    assert table.asked == list(ON)
    assert poll.properties is not None


def test_while_it_is_lost_it_is_asked_at_its_usual_pace() -> None:
    tv, _, _ = driver({})
    tv.round()
    assert tv.next_at() == 10 * SECOND


def test_an_identity_that_was_refused_is_asked_again_after_a_while() -> None:
    tv, table, clock = driver({**ON, "fz {set_id} ff": "z 01 NG02x"})
    assert tv.round().properties == {"Properties/model": "75UH5F-HJ"}
    clock.now = 60 * SECOND
    table.asked.clear()
    assert tv.round().properties is None
    assert "fz {set_id} ff" not in table.asked
    table.answers = dict(ON)
    clock.now = IDENTITY_AGAIN_MS
    assert tv.round().properties == {"Properties/model": "75UH5F-HJ", "Properties/firmware": "04.13.50"}
    assert table.asked.count("fv {set_id} ff") == 0


def test_a_kept_connection_stays_open_between_rounds() -> None:
    tv, table, _ = driver(ON)
    tv.round()
    assert table.closed == 0


def test_after_a_loss_the_connection_is_closed() -> None:
    tv, table, _ = driver({})
    tv.round()
    assert table.closed == 1


def test_a_connection_per_round_is_closed_after_it() -> None:
    settings = DeviceSettings(key="p", profile="pjlink/generic", address="tcp://192.0.2.1")
    device = build_device(settings, CATALOGUE, lambda *_: NotImplemented)
    table = Table({"%1POWR ?": "1"})
    Driver(device, table, Clock()).round()
    assert table.closed == 1


class Facts:
    def gather(self, group: str) -> Mapping[str, object]:
        return {"host/uptime_s": 12.6, "host/mem_used_pct": 40, "host/cpu_pct": "many"} if group == "usage" else {}

    def properties(self) -> Mapping[str, str]:
        return {}


def test_values_are_of_the_vocabularys_datatypes_or_unknown() -> None:
    device = host_device(Facts(), CATALOGUE.profile("host/linux"))
    readings = Driver(device, device.open_channel(Clock(), threading.Event()), Clock()).round().readings
    assert readings["host/uptime_s"] == 13
    assert readings["host/mem_used_pct"] == 40.0
    assert readings["host/cpu_pct"] is None


ANSWERS = st.text() | st.sampled_from([*ON.values(), "a 01 NG01x", "ERR3", "1", "{}", "[]", '{"snr": 1e999}']).map(str)
FAILURES = st.sampled_from([LinkLost("x"), BadReply("x"), Declined("x")])
DEVICES = [one for one in CATALOGUE if not CATALOGUE.profile(one).is_host]
PLACES = {"serial": "serial:/dev/x", "dvb": "dvb:/dev/x", "cec": "cec:/dev/x", "command": "command:"}


class Whim:
    """A channel that answers anything at all."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def ask(self, _request: str) -> str:
        answer: str | LinkError = self.data.draw(ANSWERS | FAILURES)
        if isinstance(answer, LinkError):
            raise answer
        return answer

    def close(self) -> None:
        pass


def fits(value: Value, datatype: DataType) -> bool:
    return value is None or typed(value, datatype) == value


# The first device of a protocol imports its codec, which may take a moment.
@settings(deadline=None)
@given(st.sampled_from(DEVICES), st.data())
def test_whatever_a_device_answers_gives_a_poll_of_the_vocabulary(profile_id: str, data: st.DataObject) -> None:
    scheme = CATALOGUE.profile(profile_id).link.schemes[0].value
    address = PLACES.get(scheme, f"{scheme}://a")
    device = build_device(
        DeviceSettings(key="x", profile=profile_id, address=address), CATALOGUE, lambda *_: NotImplemented
    )
    poll = Driver(device, Whim(data), Clock()).round()
    datatypes = BY_KIND[device.equipment.kind]
    assert set(poll.readings) <= set(device.equipment.metrics)
    assert all(fits(value, datatypes[name]) for name, value in poll.readings.items())
    assert set(device.equipment.metrics) <= set(datatypes)


def test_an_answer_that_comes_again_says_the_same_and_another_says_another() -> None:
    tv, table, clock = driver(ON)
    told = [tv.round().readings["panel/temp_c"]]
    for answer in ("n 01 OK20x", "n 01 OK21x", "n 01 OK20x", "rubbish", "n 01 OK21x"):
        table.answers["dn {set_id} ff"] = answer
        clock.now += 60 * SECOND
        told.append(tv.round().readings["panel/temp_c"])
    assert told == [32, 32, 33, 32, None, 33]
