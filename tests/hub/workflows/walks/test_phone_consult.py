"""A call that cannot be answered at once: a time is promised, an expert asked, and the promise kept."""

from typing import Any

from hub.core.people import Role

CALL = {"caller": "ครูมานี", "phone": "044 000 000", "question": "ช่องหายหลังไฟดับ"}


def test_a_call_back_is_promised_and_kept(office: Any) -> None:
    walk = office.open("phone_consult", Role.CLERK, **CALL)
    walk.by(Role.TECHNICIAN, "promise", call_back_at="2026-11-23T14:00")
    walk.by(Role.TECHNICIAN, "ask_expert", expert="person:1").by(Role.TECHNICIAN, "call_back", answer="จูนช่องใหม่")
    assert (walk.state, walk.request.values["answer"]) == ("answered", "จูนช่องใหม่")
    assert walk.step.effects.notices[0].to == ("person:clerk",)


def test_a_call_becomes_a_repair_with_what_was_told(office: Any) -> None:
    walk = office.open("phone_consult", Role.CLERK, **CALL)
    opens = walk.by(Role.TECHNICIAN, "make_repair", school="cpm3/30010012").step.effects.opens
    assert opens.type == "repair"
    assert opens.values["symptom"] == CALL["question"]
    assert opens.values["school"] == "cpm3/30010012"
