"""Letters through apprise, over real connections."""

import json
import socket
import threading
from ipaddress import ip_network
from typing import Any

import pytest

from hub.messages.deliveries import Outcome
from hub.messaging.courier import Courier, Reply
from tests.hub.messaging.receiver import Receiver

HERE = (ip_network("127.0.0.0/8"),)
pytestmark = pytest.mark.e2e


def way(receiver: Receiver) -> str:
    return receiver.url.replace("http:", "json:")


def test_a_program_gets_a_letter(receiver: Receiver) -> None:
    with Courier(HERE) as courier:
        assert courier.send(way(receiver), "แจ้งซ่อม", "จานดาวเทียม\nเสีย") == Reply(Outcome.TAKEN)
    (came,) = receiver.came
    told = json.loads(came.body)
    assert (told["title"], told["message"]) == ("แจ้งซ่อม", "จานดาวเทียม\nเสีย")


def test_a_letter_goes_out_by_somebodys_own_mail_server(mail: Any) -> None:
    url = f"mailto://hub@127.0.0.1:{mail.port}?smtp=127.0.0.1&mode=insecure&from=hub@district.example&to=somchai@school.example"
    with Courier(HERE) as courier:
        assert courier.send(url, "แจ้งซ่อม", "จานดาวเทียม") == Reply(Outcome.TAKEN)
    (taken,) = mail.taken
    assert taken.to == "somchai@school.example"
    assert taken.message["Subject"] == "แจ้งซ่อม"


def test_nothing_goes_to_what_stands_beside_the_hub(receiver: Receiver) -> None:
    with Courier() as courier:
        for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "[::ffff:127.0.0.1]"):
            assert courier.send(f"json://{host}:{receiver.port}/hook", "a", "b").outcome is Outcome.REFUSED
    assert receiver.came == []


def test_a_redirect_is_not_followed_whatever_the_address_asks_for(receiver: Receiver) -> None:
    receiver.status, receiver.location = 307, receiver.url
    with Courier(HERE) as courier:
        assert courier.send(f"{way(receiver)}?redirect=yes", "a", "b") == Reply(Outcome.REFUSED, "refused")
    assert len(receiver.came) == 1


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (503, Reply(Outcome.LATER, "later")),
        (429, Reply(Outcome.LATER, "later")),
        (401, Reply(Outcome.REFUSED, "refused")),
    ],
)
def test_the_answer_decides_whether_it_is_tried_again(receiver: Receiver, status: int, reply: Reply) -> None:
    receiver.status = status
    with Courier(HERE) as courier:
        assert courier.send(way(receiver), "a", "b") == reply


def test_one_that_hangs_up_after_it_was_told_may_have_taken_it(receiver: Receiver) -> None:
    receiver.hang_up = True
    with Courier(HERE) as courier:
        assert courier.send(way(receiver), "a", "b").outcome is Outcome.UNSURE


def test_one_that_is_not_there_gets_it_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Courier(HERE) as courier:
        assert courier.send(f"json://127.0.0.1:{port}/", "a", "b") == Reply(Outcome.LATER, "unreached")


def test_one_that_hangs_is_left_and_the_next_gets_its_letter(receiver: Receiver) -> None:
    receiver.pause = threading.Event()
    with Courier(HERE, timeout_s=5) as courier:
        assert courier.understands(way(receiver))
        assert courier.send(f"{way(receiver)}?rto=60", "a", "b").outcome is Outcome.UNSURE
        receiver.pause.set()
        assert courier.send(way(receiver), "a", "b").outcome is Outcome.TAKEN


def test_what_apprise_does_not_know_is_said_at_once() -> None:
    with Courier() as courier:
        assert courier.understands("line://token/U0123456789abcdef0123456789abcdef")
        assert courier.understands("tgram://123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHI/-100123")
        assert not courier.understands("tgram://nonsense")
        assert not courier.understands("file:///etc/passwd")
