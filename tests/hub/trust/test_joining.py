"""From a batch of codes to computers that are in, or out again; and what of it stands on paper."""

import subprocess
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.core.equipment import NodeKey
from hub.core.people import Principal, PrincipalKind
from hub.enrolment.choices import Coverage
from hub.enrolment.codes import Standing
from hub.enrolment.nodes import Purpose, Skipped
from hub.enrolment.views import AgentState
from hub.schools.records import SchoolList, SchoolRecord
from hub.store.schools import SchoolRegister, seal
from hub.trust.fresh_codes import LASTS_MS
from hub.trust.joining import Joining
from hub.web.enrolling import Made, Wanted
from provisioning.core.contract import show_code

NOW, GROUP = 1_800_000_000_000, "cpm3"
ANONG, SOMCHAI = (Principal(PrincipalKind.PERSON, number) for number in ("1", "2"))
A, B = NodeKey(GROUP, "30010012"), NodeKey(GROUP, "30010027")
SCHOOLS = SchoolList((SchoolRecord(A.name, "บ้านทุ่งดอกจาน"), SchoolRecord(B.name, "บ้านนาริมห้วย")))


@pytest.fixture
def joining(hub: Any) -> Joining:
    register = SchoolRegister(hub.store)
    register.take_over(GROUP, SCHOOLS, seal(register.preview(GROUP, SCHOOLS)), ANONG, NOW)
    return join(hub)


def join(hub: Any) -> Joining:
    return Joining(hub.store, hub.settings, ZoneInfo("Asia/Bangkok"), lambda: hub.devices.fetching)


def make(joining: Joining, *schools: str, purpose: Purpose = Purpose.FIRST) -> Made:
    return joining.make(Wanted(GROUP, schools or (A.name, B.name), purpose, 30), ANONG, NOW)


def codes(joining: Joining, made: Made, who: Principal = ANONG, now: int = NOW) -> Any:
    assert made.batch is not None
    found = joining.batch(made.batch, who, now)
    assert found is not None
    return found.codes


def coverage(joining: Joining) -> list[Coverage]:
    return [each.coverage for each in joining.schools(GROUP, NOW)]


def test_codes_are_shown_to_who_made_them_for_an_hour(hub: Any, joining: Joining) -> None:
    made = make(joining)
    assert set(codes(joining, made)) == {A, B}
    assert codes(joining, made, SOMCHAI) == {}
    assert codes(joining, made, now=NOW + LASTS_MS) == {}
    assert codes(join(hub), made) == {}
    assert coverage(joining) == [Coverage.WAITING, Coverage.WAITING]


def test_a_code_that_was_used_or_taken_back_is_shown_no_more(joining: Joining, device: Any) -> None:
    made = make(joining)
    assert device.enrol(codes(joining, made)[A])[0] == 200
    assert set(codes(joining, made)) == {B}
    assert joining.take_back([B], ANONG, NOW) == 1
    assert codes(joining, made) == {}
    assert coverage(joining) == [Coverage.ENROLLED, Coverage.NOTHING]


def test_a_school_with_a_computer_gets_none_by_mistake(joining: Joining, device: Any) -> None:
    device.enrol(codes(joining, make(joining))[A])
    assert make(joining, A.name) == Made(None, ((A.name, Skipped.HAS_COMPUTER),))
    further = make(joining, A.name, purpose=Purpose.FURTHER)
    assert list(codes(joining, further)) == [NodeKey(GROUP, f"{A.name}-2")]


def test_a_replacement_takes_the_name_and_shuts_the_earlier_one_out(
    joining: Joining, device: Any, another: Any
) -> None:
    device.enrol(codes(joining, make(joining))[A])
    made = make(joining, A.name, purpose=Purpose.REPLACE)
    assert another.enrol(codes(joining, made)[A])[0] == 200
    assert [each.state for each in joining.agents([GROUP], NOW)] == [AgentState.TRUSTED]


def test_a_school_without_a_computer_has_none_to_replace(joining: Joining) -> None:
    assert make(joining, B.name, purpose=Purpose.REPLACE) == Made(None, ((B.name, Skipped.NO_COMPUTER),))


def test_who_was_shut_out_comes_in_by_a_new_code(joining: Joining, device: Any, another: Any) -> None:
    device.enrol(codes(joining, make(joining))[A])
    assert joining.shut_out(A, "stolen", SOMCHAI, NOW)
    assert not joining.shut_out(NodeKey(GROUP, "nobody"), "stolen", SOMCHAI, NOW)
    found = joining.agent(A, NOW)
    assert found is not None
    assert (found.state, found.revoked_why) == (AgentState.REVOKED, "stolen")
    assert coverage(joining)[0] is Coverage.SHUT_OUT
    assert another.enrol(codes(joining, joining.again([A], ANONG, NOW))[A])[0] == 200
    assert coverage(joining)[0] is Coverage.ENROLLED


def test_a_new_code_makes_the_earlier_one_useless(joining: Joining, device: Any) -> None:
    first = make(joining)
    old = codes(joining, first)[A]
    again = joining.again([A], ANONG, NOW)
    assert device.enrol(old)[1]["error"]["code"] == "code-revoked"
    assert set(codes(joining, first)) == {B}
    assert [each.standing for batch in joining.batches([GROUP], NOW) for each in batch.codes] == [
        Standing.OPEN,
        Standing.REVOKED,
        Standing.OPEN,
    ]
    assert device.enrol(codes(joining, again)[A])[0] == 200


def test_a_name_that_nobody_used_is_found_again(joining: Joining, device: Any) -> None:
    device.enrol(codes(joining, make(joining))[A])
    second = NodeKey(GROUP, f"{A.name}-2")
    make(joining, A.name, purpose=Purpose.FURTHER)
    joining.take_back([second], ANONG, NOW)
    assert list(codes(joining, joining.again([second], ANONG, NOW))) == [second]
    assert joining.again([NodeKey(GROUP, "nobody")], ANONG, NOW).batch is None


def test_two_computers_that_want_to_be_one_are_told(joining: Joining, device: Any, another: Any) -> None:
    code = codes(joining, make(joining))[A]
    device.enrol(code)
    assert another.enrol(code)[0] != 200
    (trouble,) = joining.troubles([GROUP], NOW)
    assert (trouble.what, trouble.node) == ("code_reused", A)


def test_the_paper_has_the_line_that_fetches_and_enrols(hub: Any, joining: Joining) -> None:
    made = make(joining)
    assert made.batch is not None
    for language, day in (("th", "2570"), ("en", "2027")):
        pdf = joining.slips(made.batch, language, ANONG, NOW)
        assert pdf is not None
        text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60).stdout
        pages = text.decode().split("\f")[:-1]
        assert len(pages) == 2
        assert day in pages[0]
        assert show_code(codes(joining, made)[A]) in pages[0]
        assert joining.address() == f"https://127.0.0.1:{hub.port}"
    assert joining.slips(made.batch, "xx", ANONG, NOW) is None
    assert joining.slips(made.batch, "th", SOMCHAI, NOW) is None
    assert joining.slips(made.batch + 1, "th", ANONG, NOW) is None


def test_a_phone_reads_the_very_line_from_the_paper(hub: Any, joining: Joining, tmp_path: Any) -> None:
    made = make(joining, A.name)
    assert made.batch is not None
    pdf = joining.slips(made.batch, "th", ANONG, NOW)
    assert pdf is not None
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-", str(tmp_path / "p")], input=pdf, check=True, timeout=60)
    (page,) = tmp_path.glob("p*.png")
    read = subprocess.run(["zbarimg", "--raw", "-q", str(page)], capture_output=True, check=True, timeout=60).stdout
    code = show_code(codes(joining, made)[A])
    assert read.decode().strip() == hub.devices.fetching.linux(code)


def test_without_a_device_api_nothing_is_printed(hub: Any, joining: Joining) -> None:
    alone = Joining(hub.store, hub.settings, ZoneInfo("Asia/Bangkok"), lambda: None)
    made = make(alone)
    assert made.batch is not None
    assert alone.address() is None
    assert alone.slips(made.batch, "th", ANONG, NOW) is None


def test_whether_there_is_anything_to_install_is_known(hub: Any, joining: Joining) -> None:
    assert not joining.has_bundle()
    shelf = hub.settings.data_dir / "bundles"
    (shelf / "1.0").mkdir(parents=True)
    (shelf / "1.0.json").write_text('{"version": "1.0", "platforms": {}}', "ascii")
    assert joining.has_bundle()
