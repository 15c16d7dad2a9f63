"""What is known of a person: handed out by an administrator and to whoever it is about, and erased when it was asked for."""

from collections.abc import Callable
from typing import Any

import httpx

from hub.core.people import Role
from hub.web.csrf import token_of

OURS = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
By = Callable[[Role], httpx.Client]


def told(client: httpx.Client, **values: str) -> dict[str, str]:
    return {"csrf": token_of(client.cookies["session"]), **values}


def test_an_administrator_hands_out_and_erases_what_is_known_of_somebody(as_role: By, hub: Any) -> None:
    admin = as_role(Role.ADMIN)
    number = hub.accounts.people.by_login("clerk").id
    page = f"/people/{number}"
    given = admin.get(f"{page}/data.json")
    assert given.headers["content-disposition"] == f'attachment; filename="person-{number}.json"'
    assert given.json()["account"]["login"] == "clerk"
    assert "erasing" not in admin.get(page).text
    early = admin.post(f"{page}/erase?lang=en", data=told(admin, login="clerk"), headers=OURS)
    assert (early.status_code, "End it first" in early.text) == (422, True)
    admin.post(f"{page}/deactivate", data=told(admin), headers=OURS)
    other = admin.post(f"{page}/erase?lang=en", data=told(admin, login="admin"), headers=OURS)
    assert (other.status_code, "That is another login" in other.text) == (422, True)
    assert admin.post(f"{page}/erase", data=told(admin, login="Clerk"), headers=OURS).status_code == 303
    assert hub.accounts.people.by_login("clerk") is None
    after = admin.get(f"{page}?done=erased&lang=en").text
    assert "Of this account only its number is left" in after
    assert "/reactivate" not in after
    assert admin.get("/people/99999/data.json").status_code == 404


def test_everybody_gets_what_is_known_of_them(as_role: By) -> None:
    given = as_role(Role.TECHNICIAN).get("/account/data.json")
    assert given.json()["account"]["login"] == "technician"
    assert given.headers["cache-control"] == "no-store"


def test_where_a_teacher_without_an_account_is_named_is_handed_out(as_role: By) -> None:
    clerk, admin = as_role(Role.CLERK), as_role(Role.ADMIN)
    values = {"caller": "ครูปิติ ชูใจดี", "phone": "081-555-0199", "question": "ไม่มีสัญญาณ"}
    clerk.post("/api/v1/requests", json={"type": "phone_consult", "values": values}, headers=OURS)
    found = admin.post("/people/named", data=told(admin, text="081-555-0199"), headers=OURS).json()
    assert [each["type"] for each in found["requests"]] == ["phone_consult"]
    short = admin.post("/people/named?lang=en", data=told(admin, text="08"), headers=OURS)
    assert (short.status_code, "at least three letters" in short.text) == (422, True)
