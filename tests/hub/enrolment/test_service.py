"""Each way in which enrolling and renewing can go, with the store and the authority in place."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, insert

from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE
from hub.enrolment.nodes import Purpose, Skipped
from hub.enrolment.office import revoke, take_back
from hub.enrolment.service import Granted, Refused
from hub.enrolment.views import AgentState
from hub.store.tables import school
from provisioning.core.contract import ContractError, EnrolRequest, ErrorCode, Hardware

NOW = 1_800_000_000_000
DAY = 86_400_000
SCHOOL = "36100042"
NODE = NodeKey("cpm3", SCHOOL)


def shut_out(office: Any, node: NodeKey = NODE, now: int = NOW) -> bool:
    done: bool = office.did(lambda rows: revoke(rows, node, "stolen", AT_THE_CONSOLE, now))
    return done


def test_a_computer_joins_with_its_code_as_the_node_of_its_school(office: Any, computer: Any) -> None:
    granted = office.enrol(computer, office.code(SCHOOL))
    assert isinstance(granted, Granted)
    assert granted.node == NODE
    assert granted.issued.key == office.authority.requested(computer.csr)
    assert office.audit() == ["enrolment.batch", "node.enrolled"]
    seen = office.state(SCHOOL)
    assert (seen.state, seen.hardware.model) == (AgentState.TRUSTED, "Raspberry Pi 4")
    assert office.admissions().nodes == {NODE}


def test_whoever_asks_again_gets_the_same_certificate_also_after_the_code_has_expired(
    office: Any, computer: Any
) -> None:
    code = office.code(SCHOOL)
    first = office.enrol(computer, code)
    assert office.enrol(computer, code, NOW + 40 * DAY) == first
    assert office.audit().count("node.enrolled") == 1


def test_a_hub_killed_before_it_answered_gives_the_same_certificate_afterwards(office: Any, computer: Any) -> None:
    code = office.code(SCHOOL)

    class Killed(Exception):
        pass

    def killed(rows: Any) -> None:
        office.enrolment.enrol(rows, EnrolRequest(code, computer.csr, Hardware("", "", "", "")), "192.0.2.1", NOW)
        raise Killed

    with pytest.raises(Killed):
        office.did(killed)
    assert office.state(SCHOOL) is None
    committed = office.enrol(computer, code)
    assert office.enrol(computer, code) == committed


def test_the_same_image_in_two_schools_is_refused_and_told_once(office: Any, computer: Any, another: Any) -> None:
    code = office.code(SCHOOL)
    office.enrol(computer, code)
    for at in (NOW + 1, NOW + 2):
        assert office.enrol(another, code, at) == Refused(ErrorCode.CODE_USED)
    (trouble,) = office.views.troubles(NOW)
    assert (trouble.what, trouble.node, trouble.times) == ("code_reused", NODE, 2)
    assert (trouble.first_at, trouble.last_at) == (NOW + 1, NOW + 2)
    assert trouble.hardware.machine == "aarch64"
    assert office.audit().count("node.code_reused") == 1


def test_an_unknown_an_expired_and_a_withdrawn_code_are_told_apart(office: Any, computer: Any) -> None:
    expired, withdrawn = office.code("1"), office.code("2")
    office.did(lambda rows: take_back(rows, NodeKey("cpm3", "2"), "lost", AT_THE_CONSOLE, NOW))
    assert office.enrol(computer, "3" * 16) == Refused(ErrorCode.CODE_UNKNOWN)
    assert office.enrol(computer, expired, NOW + 30 * DAY) == Refused(ErrorCode.CODE_EXPIRED)
    assert office.enrol(computer, withdrawn) == Refused(ErrorCode.CODE_REVOKED)


def test_a_newer_slip_makes_the_older_one_useless(office: Any, computer: Any) -> None:
    older = office.code(SCHOOL)
    batch = office.batch(SCHOOL)
    assert batch.codes[0].took_back == 1
    assert office.enrol(computer, older) == Refused(ErrorCode.CODE_REVOKED)
    assert isinstance(office.enrol(computer, batch.codes[0].code), Granted)


def test_a_wrong_request_leaves_the_code_as_it_was(office: Any, computer: Any) -> None:
    code = office.code(SCHOOL)
    with pytest.raises(ContractError):
        office.enrol(SimpleNamespace(csr="nonsense"), code)
    assert isinstance(office.enrol(computer, code), Granted)


def test_a_school_that_has_a_computer_gets_a_further_one_or_another_in_its_place(
    office: Any, computer: Any, another: Any
) -> None:
    office.enrol(computer, office.code(SCHOOL))
    assert office.batch(SCHOOL).skipped == ((SCHOOL, Skipped.HAS_COMPUTER),)
    further = office.enrol(another, office.code(SCHOOL, Purpose.FURTHER))
    assert further.node.name == f"{SCHOOL}-2"
    assert office.batch(SCHOOL, purpose=Purpose.FURTHER).codes[0].node.name == f"{SCHOOL}-3"


def test_a_replaced_disk_takes_the_place_and_the_earlier_certificate_is_shut_out(
    office: Any, computer: Any, another: Any
) -> None:
    before = office.enrol(computer, office.code(SCHOOL))
    code = office.code(SCHOOL, Purpose.REPLACE)
    assert office.shut_out() == {}, "only when the new one has come"
    after = office.enrol(another, code, NOW + 1)
    assert after.node == NODE
    assert office.shut_out() == {NODE: [before.issued.serial]}
    assert office.renew(before, computer) == Refused(ErrorCode.NODE_REVOKED)
    assert office.admissions().nodes == {NODE}
    assert office.state(SCHOOL).state is AgentState.TRUSTED


def test_a_certificate_is_renewed_for_a_new_key_also_two_months_after_it_expired(
    office: Any, computer: Any, another: Any
) -> None:
    first = office.enrol(computer, office.code(SCHOOL))
    late = NOW + 150 * DAY
    assert office.state(SCHOOL, late).state is AgentState.EXPIRED
    renewed = office.renew(first, another, late)
    assert isinstance(renewed, Granted)
    assert renewed.issued.expires_at == late + 90 * DAY
    assert office.state(SCHOOL, late).state is AgentState.TRUSTED


def test_a_renewal_whose_answer_was_lost_is_answered_again(office: Any, computer: Any, another: Any) -> None:
    first = office.enrol(computer, office.code(SCHOOL))
    renewed = office.renew(first, another)
    assert office.renew(first, another) == renewed
    assert office.audit().count("node.renewed") == 1


def test_with_the_same_key_a_renewal_gives_the_same_while_it_is_fresh(office: Any, computer: Any) -> None:
    first = office.enrol(computer, office.code(SCHOOL))
    assert office.renew(first, computer, NOW + 10 * DAY) == first
    later = office.renew(first, computer, NOW + 60 * DAY)
    assert later.issued.serial != first.issued.serial
    assert office.renew(first, computer, NOW + 61 * DAY) == later, "its key has the newest"


def test_a_copy_of_an_enrolled_disk_is_refused_when_the_other_was_renewed(
    office: Any, computer: Any, another: Any
) -> None:
    copied = office.enrol(computer, office.code(SCHOOL))
    office.renew(copied, another, NOW + 60 * DAY)
    third = type(computer)()
    assert office.renew(copied, third, NOW + 61 * DAY) == Refused(ErrorCode.KEY_SUPERSEDED)
    (trouble,) = office.views.troubles(NOW)
    assert trouble.what == "key_superseded"
    assert "node.key_superseded" in office.audit()


def test_other_letters_of_an_older_certificate_count_while_it_lasts(office: Any, computer: Any, another: Any) -> None:
    older = office.enrol(computer, office.code(SCHOOL))
    newer = office.renew(older, another, NOW + 60 * DAY)
    assert office.listens_to(older, NOW + 61 * DAY) is None
    assert office.listens_to(older, NOW + 91 * DAY) == Refused(ErrorCode.KEY_SUPERSEDED)
    assert office.listens_to(newer, NOW + 300 * DAY) is None


def test_a_new_code_settles_the_trouble(office: Any, computer: Any, another: Any) -> None:
    code = office.code(SCHOOL)
    office.enrol(computer, code)
    office.enrol(another, code)
    office.enrol(another, office.code(SCHOOL, Purpose.REPLACE))
    assert office.views.troubles(NOW) == ()


def test_who_is_shut_out_gets_nothing_any_more(office: Any, computer: Any, another: Any) -> None:
    code = office.code(SCHOOL)
    held = office.enrol(computer, code)
    assert shut_out(office)
    assert office.enrol(computer, code) == Refused(ErrorCode.NODE_REVOKED)
    assert office.renew(held, another) == Refused(ErrorCode.NODE_REVOKED)
    assert office.listens_to(held) == Refused(ErrorCode.NODE_REVOKED)
    assert office.admissions().nodes == frozenset()
    seen = office.state(SCHOOL)
    assert (seen.state, seen.revoked_why) == (AgentState.REVOKED, "stolen")
    assert office.audit()[-1] == "node.revoked"
    assert not shut_out(office), "twice changes nothing"


def test_an_open_code_is_shut_out_too(office: Any, computer: Any) -> None:
    code = office.code(SCHOOL)
    assert shut_out(office)
    assert office.enrol(computer, code) == Refused(ErrorCode.CODE_REVOKED)


def test_a_school_whose_computer_was_stolen_joins_again_under_its_name(
    office: Any, computer: Any, another: Any
) -> None:
    office.enrol(computer, office.code(SCHOOL))
    shut_out(office)
    again = office.enrol(another, office.code(SCHOOL), NOW + 1)
    assert again.node == NODE
    assert office.state(SCHOOL).state is AgentState.TRUSTED
    assert office.admissions().nodes == {NODE}


def test_a_certificate_that_a_restored_backup_does_not_know_is_renewed(
    office: Any, computer: Any, another: Any
) -> None:
    issued = office.authority.node(computer.csr, NODE, 90, NOW)
    held = Granted(NODE, issued)
    assert office.listens_to(held) is None
    assert isinstance(office.renew(held, another, NOW + 1000), Granted)
    older = Granted(NODE, office.authority.node(computer.csr, NODE, 90, NOW - DAY))
    assert office.renew(older, computer) == Refused(ErrorCode.KEY_SUPERSEDED)


def test_a_certificate_that_a_restored_backup_does_not_know_is_known_again_by_its_first_letter(
    office: Any, computer: Any
) -> None:
    held = Granted(NODE, office.authority.node(computer.csr, NODE, 90, NOW))
    assert office.admissions().nodes == frozenset()
    for _ in range(2):
        assert office.listens_to(held) is None
    assert office.admissions().nodes == {NODE}
    assert office.audit() == ["node.enrolled"]


def test_a_name_of_another_district_or_of_the_hub_is_not_given(office: Any, computer: Any) -> None:
    office.enrol(computer, office.code(SCHOOL))
    assert office.batch(SCHOOL, group="cmi3").skipped == ((SCHOOL, Skipped.NAME_TAKEN),)
    assert office.batch("hub", reserved=frozenset({"hub"})).skipped == (("hub", Skipped.NAME_TAKEN),)
    assert office.batch("7", "7").skipped == (("7", Skipped.TWICE),)


def test_a_batch_is_shown_with_what_became_of_its_codes(office: Any, computer: Any) -> None:
    batch = office.batch("1", "2", note="June")
    office.enrol(computer, batch.codes[0].code)
    (shown,) = office.views.batches(NOW)
    assert (shown.id, shown.note, shown.who) == (batch.id, "June", "command")
    assert [each.standing.value for each in shown.codes] == ["used", "open"]
    assert office.batch("1").id is None


def test_a_code_is_kept_nowhere(office: Any, computer: Any, tmp_path: Any) -> None:
    code = office.code(SCHOOL)
    office.enrol(computer, code)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert code.encode() not in file.read_bytes()


def test_a_renamed_school_keeps_its_computer_under_the_new_name(office: Any, computer: Any, another: Any) -> None:
    def named(name: str) -> None:
        with office.store.begin() as work:
            work.connection.execute(delete(school))
            work.connection.execute(insert(school).values(group="cpm3", code=SCHOOL, name=name))

    named("Ban Nong Bua")
    held = office.enrol(computer, office.code(SCHOOL))
    office.enrol(another, office.code(SCHOOL, Purpose.FURTHER))
    named("Ban Nong Bua (Rat Bamrung)")
    assert {each.school_name for each in office.views.agents(NOW)} == {"Ban Nong Bua (Rat Bamrung)"}
    assert office.renew(held, computer, NOW + 80 * DAY).node == NODE
