"""The pages' way to apprise: each look at an address and each test is a process, of which nobody starts many."""

import threading
import time

import pytest

from hub.messages.refusals import MessageRefused
from tests.hub.mail.conftest import mail  # noqa: F401  a fixture
from tests.hub.messaging.receiver import Receiver
from tests.hub.office.test_messages import MINUTE, World, receiver, world  # noqa: F401  fixtures

pytestmark = pytest.mark.e2e


def test_nobody_makes_the_hub_look_at_address_after_address(world: World, receiver: Receiver) -> None:  # noqa: F811
    for _ in range(5):
        world.way(world.anong, "jsons", receiver.url)
    with pytest.raises(MessageRefused, match="way_soon"):
        world.way(world.anong, "jsons", receiver.url)
    world.now += MINUTE
    world.way(world.anong, "jsons", receiver.url)


def test_two_ways_are_tried_at_once_and_not_a_third(world: World, receiver: Receiver) -> None:  # noqa: F811
    pages = world.messages.pages
    for who in (world.anong, world.malee):
        world.way(who, "jsons", receiver.url)
    receiver.pause = threading.Event()
    ways = [(who.label, pages.ways(who.label)[0].id) for who in (world.anong, world.malee)]
    threads = [threading.Thread(target=pages.test_way, args=way) for way in ways]
    for thread in threads:
        thread.start()
    try:
        deadline = time.monotonic() + 60
        while len(receiver.came) < 2 and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        with pytest.raises(MessageRefused, match="way_soon"):
            world.way(world.anong, "jsons", receiver.url)
    finally:
        receiver.pause.set()
        for thread in threads:
            thread.join()
    world.way(world.anong, "jsons", receiver.url)
