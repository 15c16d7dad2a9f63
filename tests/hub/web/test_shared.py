"""Answers that many share."""

import gzip
import threading
from typing import Any

import httpx

from hub.core.equipment import NodeKey
from hub.core.live import Changes
from hub.web.shared import SharedAnswers

PART = {"HX-Request": "true", "HX-Target": "overview"}


def body(response: Any) -> bytes:
    return gzip.decompress(response.body)


def test_the_same_version_is_made_once() -> None:
    made: list[int] = []
    shared = SharedAnswers()
    for _ in range(3):
        assert body(shared.answer("key", 1, lambda: made.append(1) or b"one")) == b"one"
    assert made == [1]


def test_a_newer_version_is_made_anew() -> None:
    shared = SharedAnswers()
    shared.answer("key", 1, lambda: b"one")
    assert body(shared.answer("key", 2, lambda: b"two")) == b"two"


def test_who_has_seen_less_may_get_more() -> None:
    shared = SharedAnswers()
    shared.answer("key", 2, lambda: b"two")
    assert body(shared.answer("key", 1, lambda: b"one")) == b"two"


def test_of_many_who_ask_at_once_one_makes_it() -> None:
    made: list[int] = []
    shared = SharedAnswers()
    start = threading.Barrier(20)

    def ask() -> None:
        start.wait()
        shared.answer("key", 1, lambda: made.append(1) or b"one")

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_the_overview_shows_a_change_to_whom_was_told_of_it(client: httpx.Client, hub: Any, district: Any) -> None:
    assert ">2</strong>" in client.get("/", headers=PART).text
    hub.fleet.ticket(district.node, "p1-ups", "tv_no_signal", ["no_signal"], [])
    hub.live.publish(Changes(nodes=frozenset({NodeKey("cpm3", "30010012")})))
    assert ">3</strong>" in client.get("/", headers=PART).text


def test_languages_and_filters_do_not_share(client: httpx.Client, district: Any) -> None:
    texts = {client.get("/", params=params, headers=PART).text for params in ({}, {"show": "silent"}, {"lang": "en"})}
    assert len(texts) == 3


def test_who_cannot_unpack_gets_it_plain(client: httpx.Client, district: Any) -> None:
    answer = client.get("/", headers={**PART, "Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert "schools" in answer.text
