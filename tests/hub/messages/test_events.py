"""The shape of what programs are told."""

from hub.messages.events import Event, payload, webhook_id


def test_a_payload_has_the_form_of_standard_webhooks() -> None:
    event = Event("k", "ticket.opened", "ticket:7", 1_795_157_100_042, {"number": 7}, id=12)
    assert payload(event) == {
        "type": "ticket.opened",
        "timestamp": "2026-11-20T06:45:00.042Z",
        "data": {"subject": "ticket:7", "number": 7},
    }
    assert webhook_id(event) == "evt_12"
