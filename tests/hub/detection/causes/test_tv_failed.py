"""tv_failed: silence that means something, and errors that a set reports."""

from types import SimpleNamespace

import pytest

ON = {"device/reachable": True, "power/on": True}
OFF = {"device/reachable": True, "power/on": False}
SILENT = {"device/reachable": False, "power/on": None}


def test_a_set_that_answers_no_more_for_a_lesson_has_failed(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv(), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-tv", ON),
        (lab.at("08:00"), "p1-receiver", {"device/reachable": True}),
        (lab.at("09:10"), "p1-tv", SILENT),
    ]
    (finding,) = room.play(said, lab.at("11:00"))
    assert (finding.cause, finding.sign) == ("tv_failed", "silent")
    assert (finding.onset_at, finding.opened_at) == (lab.at("09:10"), lab.at("10:00"))
    (text,) = finding.evidence
    assert text.code == "evidence.tv_failed.silent"
    assert text.params == {"onset_at": lab.at("09:10"), "held_min": 50, "witness": "p1-receiver"}


def test_it_recovers_when_it_answers_again(lab: SimpleNamespace) -> None:
    said = [(lab.at("08:00"), "p1-tv", ON), (lab.at("09:00"), "p1-tv", SILENT), (lab.at("13:00"), "p1-tv", ON)]
    findings = lab.Classroom([lab.tv()]).play(said, lab.at("14:00"))
    assert lab.told(findings) == [
        ("opened", "p1-tv: tv_failed", "silent", lab.at("09:50")),
        ("cleared", "p1-tv: tv_failed", "silent", lab.at("13:00")),
    ]


def test_an_answer_in_between_makes_it_two_silences_that_are_both_too_short(lab: SimpleNamespace) -> None:
    said = [
        (lab.at("08:00"), "p1-tv", ON),
        (lab.at("09:00"), "p1-tv", SILENT),
        (lab.at("09:45"), "p1-tv", ON),
        (lab.at("09:50"), "p1-tv", SILENT),
    ]
    assert lab.Classroom([lab.tv()]).play(said, lab.at("10:30")) == []


def test_a_set_that_is_off_is_not_used_and_not_broken(lab: SimpleNamespace) -> None:
    said = [(lab.at("08:00"), "p1-tv", ON), (lab.at("09:00"), "p1-tv", OFF)]
    assert lab.Classroom([lab.tv()]).play(said, lab.at("15:30", 1)) == []


@pytest.mark.parametrize("standby", ["silent", "unknown"])
def test_silence_of_a_set_that_may_be_silent_in_standby_proves_nothing(lab: SimpleNamespace, standby: str) -> None:
    room = lab.Classroom([lab.tv(standby), lab.receiver()])
    said = [
        (lab.at("08:00"), "p1-tv", ON),
        (lab.at("08:00"), "p1-receiver", {"device/reachable": True}),
        (lab.at("09:00"), "p1-tv", SILENT),
    ]
    assert room.play(said, lab.at("15:30", 2)) == []


@pytest.mark.parametrize("standby", ["silent", "unknown"])
def test_a_set_that_once_said_that_it_is_off_answers_in_standby(lab: SimpleNamespace, standby: str) -> None:
    said = [(lab.at("08:00"), "p1-tv", OFF), (lab.at("08:20"), "p1-tv", ON), (lab.at("09:00"), "p1-tv", SILENT)]
    findings = lab.Classroom([lab.tv(standby)]).play(said, lab.at("11:00"))
    assert lab.told(findings) == [("opened", "p1-tv: tv_failed", "silent", lab.at("09:50"))]


def test_a_set_that_never_answered_cannot_have_fallen_silent(lab: SimpleNamespace) -> None:
    assert lab.Classroom([lab.tv()]).play([(lab.at("08:00"), "p1-tv", SILENT)], lab.at("15:00")) == []


def test_silence_outside_of_class_does_not_count(lab: SimpleNamespace) -> None:
    said = [(lab.at("15:00"), "p1-tv", ON), (lab.at("15:10"), "p1-tv", SILENT)]
    findings = lab.Classroom([lab.tv()]).play(said, lab.at("12:00", 1))
    assert lab.told(findings) == [("opened", "p1-tv: tv_failed", "silent", lab.at("09:00", 1))]


def test_a_weekend_of_silence_is_no_fault(lab: SimpleNamespace) -> None:
    said = [(lab.at("15:00", 4), "p1-tv", ON), (lab.at("15:30", 4), "p1-tv", SILENT), (lab.at("08:20", 7), "p1-tv", ON)]
    assert lab.Classroom([lab.tv()]).play(said, lab.at("09:00", 7)) == []


def test_an_error_code_is_a_fault_after_a_lesson(lab: SimpleNamespace) -> None:
    said = [(lab.at("08:00"), "p1-tv", {**ON, "error/code": ""}), (lab.at("09:00"), "p1-tv", {"error/code": "E07"})]
    (finding,) = lab.Classroom([lab.tv()]).play(said, lab.at("11:00"))
    assert (finding.sign, finding.opened_at) == ("error_code", lab.at("09:50"))
    assert finding.evidence[0].params["error"] == "E07"


def test_an_error_code_that_could_not_be_read_is_no_evidence(lab: SimpleNamespace) -> None:
    said = [(lab.at("08:00"), "p1-tv", {**ON, "error/code": ""}), (lab.at("09:00"), "p1-tv", {"error/code": None})]
    assert lab.Classroom([lab.tv()]).play(said, lab.at("12:00")) == []


@pytest.mark.parametrize("part", ["fan", "temp", "filter"])
def test_a_projector_s_error_is_a_sign_of_its_own_and_a_warning_is_none(lab: SimpleNamespace, part: str) -> None:
    room = lab.Classroom([lab.tv("silent", kind="projector")])
    said = [
        (lab.at("08:00"), "p1-projector", {**ON, f"error/{part}": 1}),
        (lab.at("11:00"), "p1-projector", {f"error/{part}": 2}),
        (lab.at("13:00"), "p1-projector", {f"error/{part}": 0}),
    ]
    assert lab.told(room.play(said, lab.at("14:00"))) == [
        ("opened", "p1-projector: tv_failed", f"error_{part}", lab.at("11:50")),
        ("cleared", "p1-projector: tv_failed", f"error_{part}", lab.at("13:00")),
    ]
