"""For operators."""

from typing import Any

import httpx
from sqlalchemy import event


def test_the_hub_is_alive(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"alive": True}


def test_whether_it_lives_is_told_without_asking_the_store_who_asks(client: httpx.Client, fleet: Any) -> None:
    asked: list[str] = []
    with fleet.store.reading() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert client.get("/healthz").status_code == 200
    assert asked == []
    assert client.get("/account").status_code == 200
    assert asked


def test_a_hub_that_has_all_it_needs_is_ready(client: httpx.Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": {}})


def test_a_hub_without_its_broker_is_not_ready_and_says_why(client: httpx.Client, hub: Any) -> None:
    hub.not_ready["broker"] = "no session with 127.0.0.1:1883"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "reasons": {"broker": "no session with 127.0.0.1:1883"}}


def test_the_figures_are_given_in_the_prometheus_format(client: httpx.Client) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.text == "dltv_up 1\n"
