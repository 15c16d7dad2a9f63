"""Live streams: what a page hears, how often, and how they end."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from hub.core.equipment import NodeKey
from hub.core.live import Changes
from hub.core.people import Role
from hub.web.live import (
    FLEET,
    HEARTBEAT,
    Live,
    event,
    hello,
    node_topic,
    request_of_topic,
    request_topic,
    ticket_topic,
    topics_of,
)
from hub.web.server import CannotListen, WebServer

NODE, OTHER = NodeKey("cpm3", "30010012"), NodeKey("cpm3", "30010027")
CHANGED = Changes(nodes=frozenset({NODE}))


def test_a_change_of_a_node_concerns_the_fleet_and_the_node() -> None:
    assert topics_of(CHANGED) == {"fleet", "node cpm3/30010012"}


def test_a_change_of_a_ticket_concerns_the_lists_too() -> None:
    assert topics_of(Changes(tickets=frozenset({7}))) == {"fleet", "tickets", "ticket 7"}


def test_a_change_of_a_request_concerns_nobody_else() -> None:
    assert topics_of(Changes(requests=frozenset({"RP-2570-0001"}))) == {"request RP-2570-0001"}


def test_a_topic_is_known_again_by_its_kind() -> None:
    assert request_of_topic(request_topic("RP-2570-0001")) == "RP-2570-0001"
    assert request_of_topic(ticket_topic(7)) is None


def test_no_change_concerns_nobody() -> None:
    assert topics_of(Changes()) == frozenset()


async def _heard(live: Live, topics: tuple[str, ...], count: int, act: Callable[[], None]) -> list[bytes]:
    heard = []
    async for each in live.stream(topics):
        heard.append(each)
        if len(heard) == 1:
            act()
        if len(heard) == count:
            break
    return heard


def test_a_viewer_hears_of_its_topic_from_another_thread() -> None:
    live = Live()
    publish = threading.Thread(target=live.publish, args=(CHANGED,))
    heard = asyncio.run(_heard(live, (node_topic(NODE),), 2, publish.start))
    publish.join()
    assert heard[1:] == [b"event: node\ndata: node cpm3/30010012\n\n"]


def test_a_viewer_hears_nothing_of_others_but_a_heartbeat() -> None:
    live = Live(heartbeat_s=0.05)
    heard = asyncio.run(_heard(live, (node_topic(OTHER),), 2, lambda: live.publish(CHANGED)))
    assert heard[1:] == [HEARTBEAT]


def test_many_changes_within_an_interval_are_told_once() -> None:
    live = Live(interval_s=0.2, heartbeat_s=3600)

    async def watch() -> list[bytes]:
        heard = []
        async for each in live.stream((FLEET,)):
            heard.append(each)
            for _ in range(50):
                live.publish(CHANGED)
            if len(heard) == 3:
                break
        return heard

    begun = time.monotonic()
    assert asyncio.run(watch())[1:] == [event(FLEET), event(FLEET)]
    assert time.monotonic() - begun >= 0.2


def test_what_viewers_share_is_made_anew_once_an_interval_however_much_changes() -> None:
    live = Live(interval_s=0.2, heartbeat_s=3600)

    async def watch() -> int:
        async for _ in live.stream((FLEET,)):
            if live.version == 2:
                break
            for _ in range(50):
                live.publish(CHANGED)
        return live.version

    assert asyncio.run(watch()) == 2


def test_a_change_that_nobody_watches_counts_all_the_same() -> None:
    live = Live()
    live.publish(CHANGED)
    asyncio.run(_heard(live, (FLEET,), 1, lambda: None))
    live.publish(CHANGED)
    assert live.version == 2


def test_the_first_word_is_when_what_one_looks_at_changed_last() -> None:
    live = Live()
    other = (node_topic(OTHER), ticket_topic(7))
    made = live.mark
    assert live.mark_of((FLEET, *other)) == made
    live.publish(CHANGED)
    assert live.mark_of((FLEET,)) == live.mark_of((node_topic(NODE), *other)) == live.mark != made
    assert live.mark_of(other) == made
    assert asyncio.run(_heard(live, (FLEET,), 1, lambda: None)) == [hello(live.mark)]


def test_another_hub_marks_otherwise() -> None:
    assert Live().mark != Live().mark


def test_what_was_about_to_be_told_when_the_server_stopped_counts_for_the_next_one() -> None:
    live = Live(interval_s=60)
    asyncio.run(_heard(live, (FLEET,), 2, lambda: live.publish(CHANGED)))
    made = live.mark
    asyncio.run(_heard(live, (FLEET,), 1, lambda: live.publish(Changes(tickets=frozenset({7})))))
    told = asyncio.run(_heard(live, (ticket_topic(7),), 1, lambda: None))
    assert told == [hello(live.mark_of((ticket_topic(7),)))] != [hello(made)]


def test_the_last_change_of_many_is_told_though_nothing_follows_it() -> None:
    live = Live(interval_s=0.2, heartbeat_s=3600)

    async def watch() -> list[bytes]:
        heard = []
        async for each in live.stream((FLEET, node_topic(NODE))):
            heard.append(each)
            if len(heard) == 2:
                live.publish(CHANGED)
            if len(heard) == 3:
                break
            live.publish(Changes(tickets=frozenset({1})))
        return heard

    begun = time.monotonic()
    assert asyncio.run(watch())[1:] == [event(FLEET), event(FLEET) + event(node_topic(NODE))]
    assert time.monotonic() - begun < 60


def test_two_hundred_viewers_are_told_at_once_and_forgotten_when_they_leave() -> None:
    live = Live(heartbeat_s=3600)

    async def crowd() -> float:
        topics = [(FLEET, node_topic(NODE)) if n % 2 else (FLEET, ticket_topic(n)) for n in range(200)]
        everyone = [asyncio.create_task(_heard(live, each, 2, lambda: None)) for each in topics]
        while live.viewers < 200:
            await asyncio.sleep(0)
        begun = time.monotonic()
        live.publish(CHANGED)
        await asyncio.gather(*everyone)
        return time.monotonic() - begun

    assert asyncio.run(crowd()) < 60
    assert live.viewers == 0


def test_closing_ends_a_stream_though_nothing_is_said() -> None:
    live = Live(heartbeat_s=3600)

    async def watch() -> list[bytes]:
        heard = []
        async for each in live.stream((FLEET,)):
            heard.append(each)
            live.close()
        return heard

    begun = time.monotonic()
    asyncio.run(watch())
    assert time.monotonic() - begun < 60


def test_publishing_with_nobody_there_does_nothing() -> None:
    live = Live()
    live.publish(CHANGED)
    asyncio.run(_heard(live, (FLEET,), 1, lambda: None))
    live.publish(CHANGED)
    live.close()


class TestServed:
    """Over a real connection."""

    def test_the_stream_is_one_of_events_and_is_not_kept(self, client: httpx.Client) -> None:
        with client.stream("GET", "/live?topic=fleet") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store"
            assert "content-encoding" not in answer.headers
            assert next(answer.iter_lines()) == "retry: 2000"

    def test_nobody_takes_more_than_a_quarter_of_the_streams(self, client: httpx.Client, hub: Any) -> None:
        with client.stream("GET", "/live?topic=fleet") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 2000"
            (own,) = hub.live._viewers
            others = {replace(own, who=own.who if number < 249 else "person:9999") for number in range(300)}
            assert len(others) == 300
            hub.live._viewers |= others
            refused = client.get("/live?topic=fleet")
            hub.live._viewers -= others
        assert refused.status_code == 503

    def test_a_committed_change_arrives_at_once(self, client: httpx.Client, hub: Any) -> None:
        with client.stream("GET", "/live?topic=fleet") as answer:
            lines = answer.iter_lines()
            assert next(line for line in lines if line.startswith("event")) == "event: hello"
            begun = time.monotonic()
            hub.live.publish(CHANGED)
            assert next(line for line in lines if line.startswith("event")) == "event: fleet"
            assert time.monotonic() - begun < 60

    def test_the_server_stops_at_once_though_streams_are_open(self, hub: Any, visit: Any) -> None:
        server = WebServer(hub.app, hub.live, "127.0.0.1", 0)
        server.start()
        client = visit(f"http://127.0.0.1:{server.port}", Role.TECHNICIAN)
        with client.stream("GET", "/live?topic=fleet") as answer:
            assert next(answer.iter_lines())
            server.stop()
            assert not server._thread.is_alive()

    def test_a_port_in_use_gets_one_clear_line(self, base_url: str, hub: Any) -> None:
        port = int(base_url.rpartition(":")[2])
        with pytest.raises(CannotListen, match=rf"cannot listen on 127.0.0.1:{port}: .*--http HOST:PORT"):
            WebServer(hub.app, hub.live, "127.0.0.1", port)

    @pytest.mark.parametrize("query", ["", "?topic=" + "x" * 501, "?" + "&".join(["topic=fleet"] * 5)])
    def test_a_wish_for_nothing_or_too_much_is_refused(self, client: httpx.Client, query: str) -> None:
        assert client.get(f"/live{query}").status_code == 404
