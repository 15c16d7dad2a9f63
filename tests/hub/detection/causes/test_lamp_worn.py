"""lamp_worn: by the projector's own word, or by the hours that its profile gives the lamp."""

from types import SimpleNamespace

import pytest

from hub.detection.facts import DeviceFacts

BEAMER = DeviceFacts("p1-projector", "projector", "p1", "beamer/generic")


@pytest.mark.parametrize(
    ("sign", "well", "worn"),
    [
        ("reported", {"error/lamp": 0}, {"error/lamp": 1}),
        ("reported", {"error/lamp": 0}, {"error/lamp": 2}),
        ("past_life", {"lamp/hours": 3999}, {"lamp/hours": 4000}),
        ("used_up", {"lamp/life_used_pct": 99.0}, {"lamp/life_used_pct": 100.0}),
    ],
)
def test_a_worn_lamp_is_planned_work(
    lab: SimpleNamespace, sign: str, well: dict[str, float], worn: dict[str, float]
) -> None:
    said = [
        (lab.at("08:00"), "p1-projector", {"device/reachable": True, "power/on": True, **well}),
        (lab.at("09:00"), "p1-projector", worn),
        (lab.at("13:00"), "p1-projector", well),
    ]
    assert lab.told(lab.Classroom([BEAMER]).play(said, lab.at("14:00"))) == [
        ("opened", "p1-projector: lamp_worn", sign, lab.at("09:50")),
        ("cleared", "p1-projector: lamp_worn", sign, lab.at("13:00")),
    ]


def test_the_evidence_shows_the_hours_and_the_life(lab: SimpleNamespace) -> None:
    said = [(lab.at("09:00"), "p1-projector", {"device/reachable": True, "lamp/hours": 4210})]
    (finding,) = lab.Classroom([BEAMER]).play(said, lab.at("11:00"))
    params = finding.evidence[0].params
    assert (params["metric"], params["value"], params["limit"]) == ("lamp/hours", 4210, 4000)


def test_without_a_life_in_the_profile_hours_say_nothing(lab: SimpleNamespace) -> None:
    said = [(lab.at("09:00"), "p1-projector", {"device/reachable": True, "lamp/hours": 9000})]
    assert lab.Classroom([lab.tv("silent", kind="projector")]).play(said, lab.at("15:00")) == []


def test_a_limit_of_the_profile_takes_the_place_of_the_sign(lab: SimpleNamespace) -> None:
    strict = DeviceFacts("p1-projector", "projector", "p1", "beamer/strict")
    said = [(lab.at("09:00"), "p1-projector", {"device/reachable": True, "lamp/hours": 4100, "error/lamp": 0})]
    assert [finding.sign for finding in lab.Classroom([strict]).play(said, lab.at("11:00"))] == [
        "past_limit:lamp/hours"
    ]
