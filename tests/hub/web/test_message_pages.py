"""The pages of messages: one's own ways and times, those of a role, what was not told, and webhooks."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from standardwebhooks.webhooks import Webhook

from hub.core.people import Role
from hub.messages.deliveries import State
from hub.store.message_tables import webhook_delivery
from hub.store.messages import tell
from tests.hub.messaging.receiver import Receiver, listening

NOW = 1_795_157_100_000
TIMES = {"quiet": "true", "quiet_from": "20:30", "quiet_to": "06:00", "digest_at": "07:15", "language": "en"}
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as one:
        yield one


@pytest.fixture
def as_role(as_role: Callable[[Role], httpx.Client]) -> Callable[[Role], httpx.Client]:
    """Somebody whose browser says that the forms are the hub's own."""

    def sign_in(role: Role) -> httpx.Client:
        client = as_role(role)
        client.headers.update(OURS)
        return client

    return sign_in


@pytest.fixture
def client(as_role: Callable[[Role], httpx.Client]) -> httpx.Client:
    return as_role(Role.GROUP_HEAD)


def page(client: httpx.Client, path: str = "/account/messages") -> str:
    return client.get(f"{path}?lang=en").text


def test_one_who_has_no_way_is_told_what_to_do(client: httpx.Client) -> None:
    assert "No way yet" in page(client)


def test_times_are_kept_and_shown(client: httpx.Client) -> None:
    given = {**TIMES, "times": ["requests:always", "tickets:never", "nonsense", "surveys:"], "version": "0"}
    assert client.post("/account/messages", data=given).status_code == 303
    shown = page(client)
    assert '<option value="requests:always" selected>' in shown
    assert '<option value="tickets:never" selected>' in shown
    assert 'surveys:now" selected' not in shown
    assert 'value="20:30"' in shown
    assert 'value="07:15"' in shown


def test_times_of_two_windows_do_not_overwrite_one_another_and_nothing_typed_is_lost(client: httpx.Client) -> None:
    client.post("/account/messages", data={**TIMES, "version": "0"})
    answer = client.post("/account/messages?lang=en", data={**TIMES, "quiet_from": "19:19", "version": "0"})
    assert answer.status_code == 409
    assert "another window" in answer.text
    assert 'value="19:19"' in answer.text


def test_a_time_that_is_none_is_said(client: httpx.Client) -> None:
    answer = client.post("/account/messages?lang=en", data={**TIMES, "digest_at": "25:00"})
    assert answer.status_code == 422
    assert "write the three times as 21:00" in answer.text
    assert 'value="25:00"' in answer.text


def test_a_way_is_added_shown_without_its_secret_and_taken_away(client: httpx.Client) -> None:
    added = client.post(
        "/account/messages/ways",
        data={
            "service": "line",
            "first": "very-secret-token",
            "second": "U0123",
            "name": "my phone",
            "kinds": "limits",
        },
    )
    assert added.status_code == 303
    shown = page(client)
    assert "my phone" in shown
    assert "Time limits" in shown
    assert "very-secret-token" not in shown
    number = re.search(r"/account/messages/ways/(\d+)/stop", shown)
    assert number is not None
    assert client.post(number[0]).status_code == 303
    assert "my phone" not in page(client)


def test_a_way_that_makes_no_sense_is_said_and_stays_typed(client: httpx.Client) -> None:
    answer = client.post("/account/messages/ways?lang=en", data={"service": "url", "first": "file:///etc/passwd"})
    assert answer.status_code == 422
    assert "none that messages can be sent to" in answer.text
    assert 'value="file:///etc/passwd"' in answer.text


def test_the_ways_of_others_are_nobodys_business(as_role: Callable[[Role], httpx.Client]) -> None:
    technician, clerk = as_role(Role.TECHNICIAN), as_role(Role.CLERK)
    technician.post("/account/messages/ways", data={"service": "line", "first": "token", "second": "U1"})
    assert clerk.post("/account/messages/ways/1/stop").status_code == 404
    assert clerk.post("/account/messages/ways/1/test").status_code == 404
    assert "/ways/1/" in page(technician)


def test_a_test_message_to_what_stands_beside_the_hub_says_why_not(client: httpx.Client, receiver: Receiver) -> None:
    client.post("/account/messages/ways", data={"service": "jsons", "first": receiver.url})
    answer = client.post("/account/messages/ways/1/test?lang=en")
    assert "messages.networks" in answer.text
    assert receiver.came == []


def test_the_group_chat_of_a_role_is_kept_by_an_admin(as_role: Callable[[Role], httpx.Client]) -> None:
    admin = as_role(Role.ADMIN)
    path = "/admin/messages/roles/technician"
    given = {"service": "line", "first": "token", "second": "C0123", "name": "the technicians' group"}
    assert admin.post(f"{path}/ways", data=given).status_code == 303
    assert "the technicians&#39; group" in page(admin, "/admin/messages")
    assert admin.get("/admin/messages/roles/school").status_code == 404
    assert admin.get("/admin/messages/roles/nobody").status_code == 404


def test_what_was_not_told_stands_there_with_its_reason_and_is_sent_again(
    hub: Any, as_role: Callable[[Role], httpx.Client], receiver: Receiver
) -> None:
    admin = as_role(Role.ADMIN)
    admin.post("/account/messages/ways", data={"service": "jsons", "first": receiver.url})
    hub.office.messages.gather()
    with hub.fleet.store.begin() as work:
        tell(work.connection, "stock.low", {"path": "/office"}, ("admin",), NOW - 86_400_000)
        tell(work.connection, "request.overdue", {"number": "SW-1", "type": "x", "state": "y"}, ("admin",), NOW)
    hub.office.messages.tell_people()
    shown = page(admin, "/admin/messages")
    assert "Overdue: x SW-1 (y)" in shown
    assert "messages.networks" in shown
    again = re.search(r"/admin/messages/\d+/again", shown)
    assert again is not None
    assert admin.post(again[0]).status_code == 303
    assert admin.post(again[0]).status_code == 404
    assert "On the way" in page(admin, "/admin/messages")


def test_a_webhook_shows_its_secret_once_and_signs_with_it(hub: Any, as_role: Callable[[Role], httpx.Client]) -> None:
    admin = as_role(Role.ADMIN)
    given = {
        "name": "desk",
        "url": "https://desk.example/hook/hidden-part",
        "types": ["ticket.opened", "request.moved"],
    }
    shown = admin.post("/admin/webhooks?lang=en", data=given).text
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown)
    assert secret is not None
    Webhook(secret[0])
    later = page(admin, "/admin/webhooks")
    assert "https://desk.example" in later
    assert "whsec_" not in later
    assert "hidden-part" not in later
    assert admin.post("/admin/webhooks/1/test").status_code == 303
    assert "A test" in page(admin, "/admin/webhooks")
    assert "Webhook tested" in page(admin, "/audit")


def test_what_a_webhook_is_told_again_stands_in_the_audit(
    hub: Any, fleet: Any, as_role: Callable[[Role], httpx.Client]
) -> None:
    admin = as_role(Role.ADMIN)
    admin.post("/admin/webhooks", data={"name": "desk", "url": "https://desk.example/", "types": "ticket.opened"})
    admin.post("/admin/webhooks/1/test")
    with fleet.store.begin() as work:
        work.connection.execute(update(webhook_delivery).values(state=State.FAILED.value))
    assert admin.post("/admin/webhooks/1/deliveries/1/again").status_code == 303
    assert "Told a webhook again" in page(admin, "/audit")


def test_a_webhook_changed_meanwhile_is_told(as_role: Callable[[Role], httpx.Client]) -> None:
    admin = as_role(Role.ADMIN)
    admin.post("/admin/webhooks", data={"name": "desk", "url": "https://desk.example/", "types": "ticket.opened"})
    change = {"types": "ticket.closed", "active": "true", "version": "1"}
    assert admin.post("/admin/webhooks/1", data=change).status_code == 303
    stale = admin.post("/admin/webhooks/1?lang=en", data=change)
    assert stale.status_code == 409
    assert "Somebody changed or removed this webhook meanwhile" in stale.text
    assert admin.post("/admin/webhooks/1/remove", data={"version": "2"}).status_code == 303
    assert "No program is told yet" in page(admin, "/admin/webhooks")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "", "url": "https://a.example/", "types": "ticket.opened"}, "Say in a word"),
        ({"name": "a", "url": "a.example", "types": "ticket.opened"}, "That is no address"),
        ({"name": "a", "url": "https://a.example/"}, "Tick at least one"),
    ],
)
def test_a_webhook_that_lacks_something_is_said(
    as_role: Callable[[Role], httpx.Client], given: dict[str, str], words: str
) -> None:
    answer = as_role(Role.ADMIN).post("/admin/webhooks?lang=en", data=given)
    assert answer.status_code == 422
    assert words in answer.text
