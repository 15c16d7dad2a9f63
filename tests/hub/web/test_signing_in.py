"""Signing in and out by password and by one click, the cookie, the word of the session, and what else guards a sign-in."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hub.core.people import AT_THE_CONSOLE, Permission, Role
from tests.stores import ON_POSTGRESQL

OURS = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "four odd stones sing"
SECURE = {"X-Forwarded-Proto": "https"}
NOW = 1_795_157_100_000


def sign_in(browser: httpx.Client, login: str = "technician", password: str = PASSWORD, **more: str) -> httpx.Response:
    return browser.post("/sign-in", data={"login": login, "password": password, **more}, headers=OURS)


def test_who_is_signed_in_stands_on_each_page(client: httpx.Client) -> None:
    page = client.get("/tickets?lang=en").text
    assert '<span class="hidden">Signed in as</span> Group_Head</span>' in page


def test_one_is_led_to_where_one_wanted_to_go(anybody: httpx.Client) -> None:
    away = anybody.get("/tickets?show=closed&lang=en")
    assert away.headers["location"] == "/sign-in?next=%2Ftickets%3Fshow%3Dclosed%26lang%3Den"
    page = anybody.get(away.headers["location"]).text
    assert 'name="next" value="/tickets?show=closed&amp;lang=en"' in page
    assert sign_in(anybody, next="/tickets?show=closed").headers["location"] == "/tickets?show=closed"


@pytest.mark.parametrize(
    "then",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "/a\nb",
        "/\t/evil",
        "x",
        "javascript:1",
    ],
)
def test_nobody_is_led_to_another_site(anybody: httpx.Client, then: str) -> None:
    assert sign_in(anybody, next=then).headers["location"] == "/"
    assert anybody.get("/sign-in", params={"next": then}).headers["location"] == "/"


def test_a_part_that_nobody_may_see_any_more_leads_the_page_to_sign_in(anybody: httpx.Client) -> None:
    current = {"HX-Request": "true", "HX-Current-URL": f"{anybody.base_url}/tickets?q=x"}
    answer = anybody.get("/tickets", headers=current)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=%2Ftickets%3Fq%3Dx")


def test_the_cookie_is_for_the_hub_alone(anybody: httpx.Client) -> None:
    cookie = sign_in(anybody).headers["set-cookie"]
    assert re.fullmatch(r"session=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax", cookie)


def test_on_a_secure_line_the_cookie_goes_over_no_other(anybody: httpx.Client) -> None:
    form = {"login": "technician", "password": PASSWORD}
    answer = anybody.post("/sign-in", data=form, headers=OURS | SECURE)
    assert re.match(r"__Host-session=[\w-]{43}; HttpOnly; .*Path=/; .*Secure", answer.headers["set-cookie"])
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    secret = re.findall(r"=([\w-]{43});", answer.headers["set-cookie"])[0]
    assert anybody.get("/tickets", headers=SECURE | {"Cookie": f"__Host-session={secret}"}).status_code == 200
    assert anybody.get("/tickets", headers=SECURE | {"Cookie": f"session={secret}"}).status_code == 303


def test_a_plain_line_does_not_ask_for_a_secure_one(anybody: httpx.Client) -> None:
    assert "strict-transport-security" not in anybody.get("/sign-in").headers


@pytest.mark.parametrize(
    ("login", "password"), [("technician", "wrong"), ("nobody", PASSWORD), ("", ""), ("clerk", "")]
)
def test_a_wrong_name_or_password_is_told_without_saying_which(
    anybody: httpx.Client, login: str, password: str
) -> None:
    anybody.cookies.set("lang", "en")
    answer = sign_in(anybody, login, password)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Name or password is wrong." in answer.text
    assert f'value="{login}"' in answer.text
    assert "session" not in anybody.cookies


def test_after_too_many_the_page_says_when_to_try_again(anybody: httpx.Client) -> None:
    anybody.cookies.set("lang", "en")
    for _ in range(5):
        sign_in(anybody, password="wrong")
    answer = sign_in(anybody)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert "nothing is tried before 13:46" in answer.text
    assert "session" not in anybody.cookies


def test_a_sign_in_of_another_sites_page_is_refused(anybody: httpx.Client) -> None:
    form = {"login": "technician", "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        assert anybody.post("/sign-in", data=form, headers=headers).status_code == 403
    assert "session" not in anybody.cookies


def test_a_session_that_was_slipped_in_before_does_not_become_ours(anybody: httpx.Client, base_url: str) -> None:
    sign_in(anybody)
    before = anybody.cookies["session"]
    sign_in(anybody, "clerk")
    assert anybody.cookies["session"] != before
    assert httpx.get(f"{base_url}/tickets", headers={"Cookie": f"session={before}"}).status_code == 303


def test_signing_out_ends_the_session_and_clears_the_browser(client: httpx.Client, base_url: str) -> None:
    before = client.cookies["session"]
    answer = client.post("/sign-out", headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "session" not in client.cookies
    assert httpx.get(f"{base_url}/tickets", headers={"Cookie": f"session={before}"}).status_code == 303


class TestTheWordOfTheSession:
    """What a form carries that no other site's page can know."""

    @pytest.mark.parametrize("path", ["/tickets/1", "/whatif", "/account"])
    def test_each_form_that_changes_something_carries_it(self, client: httpx.Client, district: Any, path: str) -> None:
        page = client.get(path).text
        forms = re.findall(r'<form [^>]*method="post"[^>]*>(.*?)</form>', page, re.S)
        assert forms
        word = client.headers["X-CSRF-Token"]
        assert all(f'<input type="hidden" name="csrf" value="{word}">' in form for form in forms)

    def test_it_may_come_in_the_form(self, client: httpx.Client, district: Any) -> None:
        word = client.headers.pop("X-CSRF-Token")
        client.get("/tickets/1")
        move = {"version": "1", "csrf": word}
        assert client.post("/tickets/1/steps/inspect", data=move, headers=OURS).status_code == 303

    @pytest.mark.parametrize("word", ["", "x", "0" * 64, "é"])
    def test_without_it_nothing_changes(self, client: httpx.Client, district: Any, word: str) -> None:
        del client.headers["X-CSRF-Token"]
        move = {"to": "inspecting", "version": "1", "csrf": word}
        answer = client.post("/tickets/1/steps/inspect?lang=en", data=move, headers=OURS)
        assert answer.status_code == 403
        assert "This page was open too long" in answer.text
        headers = OURS | {"X-CSRF-Token": word.encode()}
        assert client.post("/api/v1/tickets/1/moves", json=move, headers=headers).status_code == 403
        assert client.get("/api/v1/tickets/1").json()["state"] == "reported"

    def test_that_of_another_session_is_none(
        self, client: httpx.Client, as_role: Callable[[Role], httpx.Client]
    ) -> None:
        del client.headers["X-CSRF-Token"]
        other = as_role(Role.TECHNICIAN).headers["X-CSRF-Token"]
        assert client.post("/sign-out", headers=OURS | {"X-CSRF-Token": other}).status_code == 403

    def test_what_many_share_carries_it_of_nobody(
        self, client: httpx.Client, as_role: Callable[[Role], httpx.Client], hub: Any, fleet: Any
    ) -> None:
        node = fleet.node("cpm3", "30010012")
        fleet.device(node, "p1-tv", "tv", {"power/on": True})
        part = {"HX-Request": "true", "HX-Target": "overview"}
        adopting = as_role(Role.TECHNICIAN)
        for reader in (client, adopting, as_role(Role.CLERK)):
            text = reader.get("/", headers=part).text
            assert 'id="overview"' not in text
            assert "csrf" not in text


class TestOneClick:
    """A hub that shows itself."""

    @pytest.fixture
    def account_settings(self) -> dict[str, Any]:
        return {"demo": True}

    def test_each_role_is_one_click_away(self, anybody: httpx.Client, district: Any) -> None:
        page = anybody.get("/sign-in?lang=en").text
        assert set(re.findall(r'name="role" value="(\w+)"', page)) == set(Role)
        for role in Role:
            answer = anybody.post("/sign-in/demo", data={"role": role.value, "next": "/account"}, headers=OURS)
            assert (answer.status_code, answer.headers["location"]) == (303, "/account")
            account = anybody.get("/account?lang=en").text
            assert "without an account" in account
            assert anybody.post("/sign-out", headers=OURS | {"X-CSRF-Token": _word(account)}).status_code == 303

    def test_who_is_there_as_a_school_sees_the_first_one(self, anybody: httpx.Client, district: Any) -> None:
        anybody.post("/sign-in/demo", data={"role": "school"}, headers=OURS)
        assert anybody.get("/").headers["location"] == "/schools/cpm3/30010012"
        assert anybody.get("/schools/cpm3/30010027").status_code == 403

    def test_a_role_has_no_account_to_change(self, anybody: httpx.Client) -> None:
        anybody.post("/sign-in/demo", data={"role": "admin"}, headers=OURS)
        word = {"X-CSRF-Token": _word(anybody.get("/account").text)}
        for path in ("/account/password", "/account/tokens", "/account/sessions/1/end"):
            assert anybody.post(path, headers=OURS | word, data={"name": "x", "scopes": "see_fleet"}).status_code == 403

    def test_a_proxy_lets_nobody_in_from_elsewhere(self, anybody: httpx.Client) -> None:
        for header in ({"X-Forwarded-For": "198.51.100.7"}, {"Forwarded": "for=198.51.100.7"}, {"Via": "1.1 proxy"}):
            answer = anybody.post("/sign-in/demo", data={"role": "admin"}, headers=OURS | header)
            assert (answer.status_code, "session" in anybody.cookies) == (403, False)

    def test_no_role_is_made_up(self, anybody: httpx.Client) -> None:
        assert anybody.post("/sign-in/demo", data={"role": "king"}, headers=OURS).status_code == 422


def _word(page: str) -> str:
    return re.findall(r'data-csrf="(\w+)"', page)[0]


def test_a_hub_that_does_not_show_itself_has_no_such_click(anybody: httpx.Client) -> None:
    assert anybody.post("/sign-in/demo", data={"role": "admin"}, headers=OURS).status_code in (404, 405)
    assert "/sign-in/demo" not in anybody.get("/sign-in").text


class TestLinks:
    """What one-time links lead to."""

    def test_the_first_admin_chooses_a_login_and_is_in(self, anybody: httpx.Client, hub: Any) -> None:
        link = hub.accounts.links.admin(AT_THE_CONSOLE, NOW).url("")
        page = anybody.get(f"{link}?lang=en")
        assert "A new administrator" in page.text
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "same-origin")
        form = {"login": "Chief", "name": "The Chief", "password": PASSWORD + "!", "again": PASSWORD + "!"}
        assert anybody.post(link, data=form, headers=OURS).headers["location"] == "/"
        assert anybody.get("/people").status_code == 200
        assert anybody.get(link).status_code == 410

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"again": "another one"}, "are not the same"),
            ({"password": "short", "again": "short"}, "Take at least 12 letters"),
            ({"password": "password1234", "again": "password1234"}, "among the first that others try"),
            ({"login": "admin"}, "Somebody has this login already"),
            ({"login": "a b"}, "This login is not possible"),
        ],
    )
    def test_what_does_not_do_is_said_and_what_was_typed_stays(
        self, anybody: httpx.Client, hub: Any, given: dict[str, str], said: str
    ) -> None:
        link = hub.accounts.links.admin(AT_THE_CONSOLE, NOW).url("")
        anybody.cookies.set("lang", "en")
        form = {"login": "chief", "name": "The Chief", "password": PASSWORD, "again": PASSWORD} | given
        answer = anybody.post(link, data=form, headers=OURS)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="The Chief"' in answer.text
        assert PASSWORD not in answer.text

    @pytest.mark.parametrize("secret", ["x", "A" * 43, "é"])
    def test_a_link_that_is_none_is_told(self, anybody: httpx.Client, secret: str) -> None:
        assert "This link is no longer good" in anybody.get(f"/link/{secret}?lang=en").text
        assert (
            anybody.post(f"/link/{secret}", data={"password": PASSWORD, "again": PASSWORD}, headers=OURS).status_code
            == 410
        )


class TestAccount:
    """One's own account."""

    def test_the_password_is_changed_and_other_sessions_end(
        self, client: httpx.Client, as_role: Callable[[Role], httpx.Client], anybody: httpx.Client
    ) -> None:
        other, new = as_role(Role.GROUP_HEAD), "seven blue kites wait"
        form = {"old": PASSWORD, "new": new, "again": new}
        assert client.post("/account/password", data=form, headers=OURS).headers["location"] == "/account?done=password"
        assert "The password is changed" in client.get("/account?done=password&lang=en").text
        assert other.get("/account").status_code == 303
        assert sign_in(anybody, "group_head", new).status_code == 303

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"old": "wrong", "new": PASSWORD + "s", "again": PASSWORD + "s"}, "The password of now is wrong"),
            ({"old": PASSWORD, "new": "x" * 12, "again": "x"}, "are not the same"),
            ({"old": PASSWORD, "new": "x", "again": "x"}, "Take at least 12"),
        ],
    )
    def test_what_does_not_do_is_said(self, client: httpx.Client, form: dict[str, str], said: str) -> None:
        answer = client.post("/account/password?lang=en", data=form, headers=OURS)
        assert answer.status_code == 422
        assert said in answer.text

    def test_another_session_is_ended_and_nobody_elses(
        self, client: httpx.Client, as_role: Callable[[Role], httpx.Client]
    ) -> None:
        other, strange = as_role(Role.GROUP_HEAD), as_role(Role.CLERK)
        numbers = re.findall(r"/account/sessions/(\d+)/end", client.get("/account").text)
        ends = [client.post(f"/account/sessions/{number}/end", headers=OURS).status_code for number in numbers]
        assert set(ends) == {303}
        assert other.get("/account").status_code == 303
        (theirs,) = re.findall(r"/account/sessions/(\d+)/end", strange.get("/account").text) or ["1"]
        assert client.post(f"/account/sessions/{theirs}/end", headers=OURS).status_code == 404

    def test_a_token_is_shown_once_works_and_is_revoked(self, client: httpx.Client, anybody: httpx.Client) -> None:
        form = {"name": "monthly report", "days": "30", "scopes": ["see_reports", "see_fleet"]}
        made = client.post("/account/tokens", data=form, headers=OURS)
        (secret,) = re.findall(r"dltv_[0-9a-f]{64}_[0-9a-f]{8}", made.text)
        assert made.headers["cache-control"] == "no-store"
        page = client.get("/account?lang=en").text
        assert "monthly report" in page
        assert secret not in page
        bearer = {"Authorization": f"Bearer {secret}"}
        assert anybody.get("/api/v1/lessons", headers=bearer).status_code == 200
        (number,) = re.findall(r"/account/tokens/(\d+)/revoke", page)
        assert client.post(f"/account/tokens/{number}/revoke", headers=OURS).status_code == 303
        assert anybody.get("/api/v1/lessons", headers=bearer).status_code == 401

    def test_a_token_may_not_more_than_its_owner(self, client: httpx.Client) -> None:
        form = {"name": "x", "days": "30", "scopes": Permission.MANAGE_PEOPLE.value}
        assert client.post("/account/tokens", data=form, headers=OURS).status_code == 422
        assert client.post("/account/tokens", data={"name": "x", "days": "30"}, headers=OURS).status_code == 422


class TestPeople:
    """What who looks after people does."""

    @pytest.fixture
    def admin(self, as_role: Callable[[Role], httpx.Client]) -> httpx.Client:
        admin = as_role(Role.ADMIN)
        admin.cookies.set("lang", "en")
        return admin

    def number(self, hub: Any, login: str) -> int:
        return int(hub.accounts.people.by_login(login).id)

    def test_somebody_invited_gets_a_link_by_hand_and_is_in(self, admin: httpx.Client, anybody: httpx.Client) -> None:
        form = {"login": "New.One", "name": "New One", "roles": ["technician", "supply"]}
        handed = admin.post("/people", data=form, headers=OURS)
        assert handed.headers["cache-control"] == "no-store"
        (url,) = re.findall(r'id="secret"[^>]*>([^<]+)<', handed.text)
        assert url.startswith(f"{anybody.base_url}/link/")
        assert "new.one" in anybody.get(url).text
        assert anybody.post(url, data={"password": PASSWORD, "again": PASSWORD}, headers=OURS).status_code == 303
        assert anybody.get("/tickets").status_code == 200
        assert "Technician" in admin.get("/people").text

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"roles": []}, "at least one role"),
            ({"roles": ["school"]}, "needs the code of the school"),
            ({"login": "admin"}, "has this login already"),
            ({"login": "!"}, "This login is not possible"),
        ],
    )
    def test_what_cannot_be_meant_is_said(self, admin: httpx.Client, given: dict[str, Any], said: str) -> None:
        form = {"login": "new", "name": "New One", "roles": ["technician"]} | given
        answer = admin.post("/people", data=form, headers=OURS)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="New One"' in answer.text

    def test_other_roles_hold_at_once(
        self, admin: httpx.Client, hub: Any, as_role: Callable[[Role], httpx.Client]
    ) -> None:
        clerk, number = as_role(Role.CLERK), self.number(hub, "clerk")
        form = {"name": "Clerk", "roles": ["school"], "school": "30010012"}
        assert admin.post(f"/people/{number}", data=form, headers=OURS).status_code == 303
        assert clerk.get("/tickets").status_code == 303
        assert as_role(Role.CLERK).get("/tickets").status_code == 403

    def test_a_new_password_is_handed_over_and_the_old_one_ends(
        self, admin: httpx.Client, hub: Any, anybody: httpx.Client
    ) -> None:
        handed = admin.post(f"/people/{self.number(hub, 'clerk')}/reset", headers=OURS)
        assert "/link/" in handed.text
        assert sign_in(anybody, "clerk").status_code == 422

    def test_an_account_is_ended_and_opened_again(
        self, admin: httpx.Client, hub: Any, as_role: Callable[[Role], httpx.Client], anybody: httpx.Client
    ) -> None:
        clerk, number = as_role(Role.CLERK), self.number(hub, "clerk")
        assert admin.post(f"/people/{number}/deactivate", headers=OURS).status_code == 303
        assert clerk.get("/tickets").status_code == 303
        assert sign_in(anybody, "clerk").status_code == 422
        admin.post(f"/people/{number}/reactivate", headers=OURS)
        assert sign_in(anybody, "clerk").status_code == 303

    def test_the_last_admin_stays(self, admin: httpx.Client, hub: Any) -> None:
        number = self.number(hub, "admin")
        for path, form in (
            (f"/people/{number}/deactivate", {}),
            (f"/people/{number}", {"name": "x", "roles": "clerk"}),
        ):
            answer = admin.post(path, data=form, headers=OURS)
            assert answer.status_code == 422
            assert "This is the only administrator" in answer.text

    @pytest.mark.parametrize("number", ["999", "0", "-1", "9" * 30])
    def test_who_is_not_there_cannot_be_changed(self, admin: httpx.Client, number: str) -> None:
        assert admin.get(f"/people/{number}").status_code == 404
        for deed in ("", "/reset", "/deactivate", "/reactivate"):
            form = {"name": "x", "roles": "clerk"}
            assert admin.post(f"/people/{number}{deed}", data=form, headers=OURS).status_code == 404

    def test_the_record_tells_who_did_what_to_whom(self, admin: httpx.Client, hub: Any) -> None:
        number = self.number(hub, "clerk")
        admin.post(f"/people/{number}/deactivate", headers=OURS)
        page = admin.get("/audit?what=person").text
        assert page.index("Account ended") < page.index("Invited")
        assert "Signed in" not in page.partition("</select>")[2] or "Signed in as" in page
        assert "entries are as they were written" in page
        only = admin.get("/audit", params={"subject": f"person:{number}"}).text
        assert "Account ended" in only
        assert only.count("<li>\n    <p><b>") < page.count("<li>\n    <p><b>")

    def test_a_record_that_was_changed_from_outside_says_so(self, admin: httpx.Client, fleet: Any) -> None:
        from sqlalchemy import text

        with fleet.store.begin() as work:
            work.connection.execute(text(f"DROP TRIGGER audit_rule_0{' ON audit_entry' if ON_POSTGRESQL else ''}"))
            work.connection.execute(text("UPDATE audit_entry SET who = 'hub' WHERE number = 3"))
        assert "The chain is broken at entry 3" in admin.get("/audit").text


@pytest.mark.parametrize("path", ["/", "/tickets", "/account", "/people", "/audit", "/api/v1/nodes", "/tickets/999"])
def test_what_was_shown_to_somebody_no_browser_keeps_for_the_next_one(
    as_role: Callable[[Role], httpx.Client], district: Any, path: str
) -> None:
    assert as_role(Role.ADMIN).get(path).headers["cache-control"] == "no-store"
