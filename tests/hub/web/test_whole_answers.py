"""HEAD is answered as GET is, and a page carries the mark of what had been told when it was asked for."""

import re

import httpx
import pytest

from hub.core.equipment import NodeKey
from hub.core.live import Changes


@pytest.mark.parametrize(
    "path",
    ["/", "/tickets", "/sign-in", "/nowhere", "/healthz", "/api/v1/nodes", "/tickets/export.csv", "/static/dltv.css"],
)
def test_the_head_of_an_answer_is_that_of_the_whole(client: httpx.Client, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert head.status_code == whole.status_code
    assert head.content == b""
    differ = {"date", "content-length", "content-disposition"}
    assert {name for name in whole.headers if name not in differ} == {
        name for name in head.headers if name not in differ
    }
    assert head.headers.get("content-type") == whole.headers.get("content-type")


def test_the_gate_stands_before_a_head_as_well(anybody: httpx.Client) -> None:
    assert anybody.head("/people").status_code == anybody.get("/people").status_code == 303
    assert anybody.head("/api/v1/nodes").status_code == 401


def test_a_stream_has_no_head_of_its_own(client: httpx.Client) -> None:
    assert client.head("/live?topic=fleet").status_code == 405


def seen(page: httpx.Response) -> str:
    found = re.search(r'data-seen="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def test_a_page_is_marked_with_what_was_told_before_it_was_made(client: httpx.Client, hub: object) -> None:
    live = hub.live  # type: ignore[attr-defined]
    assert seen(client.get("/")) == live.mark
    before = live.mark
    live.publish(Changes(nodes=frozenset({NodeKey("cpm3", "30010012")})))
    assert seen(client.get("/")) == live.mark != before
