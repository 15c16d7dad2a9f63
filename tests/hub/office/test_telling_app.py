"""The hub as it runs: what happens in its database is told by its own threads, and it ends in time."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from hub.app import App
from hub.config import read_settings
from hub.core.people import AT_THE_CONSOLE, Principal, PrincipalKind, Role
from hub.messages.choices import Choice, When
from hub.messages.kinds import Kind
from hub.web.message_pages import WishedWay
from hub.workflows.engine import Wish
from tests.hub.messaging.receiver import Receiver, listening

pytestmark = pytest.mark.e2e


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as one:
        yield one


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    given = {
        "data_dir": str(tmp_path / "hub"),
        "http.listen": "127.0.0.1:0",
        "mqtt.listen": "127.0.0.1:0",
        "accounts.demo": True,
        "messages.networks": ["127.0.0.0/8"],
    }
    hub = App(read_settings(None, {}, given))
    hub.start()
    yield hub
    begun = time.monotonic()
    hub.stop()
    assert time.monotonic() - begun < 30


def wait(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_a_request_reaches_the_group_chat_and_the_program_signed(app: App, receiver: Receiver) -> None:
    messages, office = app._web.office.messages, app._web.office
    messages.gather()
    messages.pages.add_way("technician", WishedWay("group", "jsons", receiver.url), AT_THE_CONSOLE)
    secret = messages.webhooks.add("desk", receiver.url, ["request.opened"], AT_THE_CONSOLE)
    always = Choice(times={Kind.REQUESTS: When.ALWAYS})
    messages.pages.choose("technician", always, AT_THE_CONSOLE)
    clerk = Principal(PrincipalKind.PERSON, "1", "Malee", frozenset({Role.CLERK}))
    wish = Wish({"software": "GeoGebra", "computers": 2, "licence": "free"})
    made = office.requests.open("software_install", wish, clerk)
    wait(lambda: len(receiver.came) >= 2)
    signed = next(each for each in receiver.came if "webhook-id" in each.headers)
    told = Webhook(secret).verify(signed.body, signed.headers)
    assert (told["type"], told["data"]["number"]) == ("request.opened", made.number)
    letter = next(json.loads(each.body) for each in receiver.came if "webhook-id" not in each.headers)
    assert made.number in letter["title"]
    assert len(receiver.came) == 2
