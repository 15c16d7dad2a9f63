"""What no store keeps is refused at the edge, by the name of the field."""

from typing import Any

import httpx

PROGRAM = {"X-Requested-With": "x", "Content-Type": "application/json"}
OURS = {"Sec-Fetch-Site": "same-origin"}
MOVES = "/api/v1/tickets/1/moves"
ADDRESSES = {
    "/api/v1/nodes/cpm3/3001%000012": "node",
    "/api/v1/requests?type=repair%00": "type",
    "/api/v1/requests?%00=repair": "",
}
BODIES = {
    b'{"to": "a\\u0000b", "version": 1}': "to",
    b'{"to": "\\ud800", "version": 1}': "to",
    b'{"to": "inspecting", "version": 1, "more": [{"deep": "\\u0000"}]}': "more.0.deep",
    b'{"to\\u0000": 1}': "body",
}
WHOLE = (b'{"to": "\\ud83d\\ude00", "version": 1}', b'{"to": "\\\\u0000", "version": 1}')
"""A sign that JSON writes in two halves, and a word that only looks like one."""


def test_what_a_program_sends_is_refused_by_the_name_of_its_part(client: httpx.Client) -> None:
    for path, field in ADDRESSES.items():
        answer = client.get(path)
        assert (answer.status_code, answer.json()["field"]) == (400, field)
    for body, field in BODIES.items():
        answer = client.post(MOVES, content=body, headers=PROGRAM)
        assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_what_can_be_kept_or_read_by_nobody_is_left_to_the_route(client: httpx.Client, district: Any) -> None:
    for body in WHOLE:
        assert client.post(MOVES, content=body, headers=PROGRAM).status_code == 409
    assert client.post(MOVES, content=b"\\u0000" + b"[" * 30_000, headers=PROGRAM).status_code == 422


def test_a_form_is_refused_by_a_page_that_names_the_field(client: httpx.Client, anybody: httpx.Client) -> None:
    form = {"login": "so\0mebody", "password": "x"}
    answer = anybody.post("/sign-in?lang=en", data=form, headers=OURS)
    assert answer.status_code == 400
    assert "“login” holds a sign that cannot be kept" in answer.text
    moved = client.post("/tickets/1/steps/inspect?lang=en", data={"note": "\0"}, headers=OURS)
    assert (moved.status_code, "“note” holds a sign" in moved.text) == (400, True)


def test_the_name_of_a_file_is_looked_at_too(client: httpx.Client) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0.csv"\r\n\r\ncode,name\r\n--x--\r\n'
    headers = OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post("/admin/schools/import?lang=en", content=part, headers=headers)
    assert (answer.status_code, "“file” holds a sign" in answer.text) == (400, True)
