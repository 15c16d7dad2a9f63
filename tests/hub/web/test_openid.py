"""Signing in by an OpenID provider: one that speaks the protocol, and all that it could say wrong."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey

from hub.core.people import AT_THE_CONSOLE, Role
from tests.hub.web.openid_provider import CLIENT, SECRET, OpenIdProvider

NOW, HOUR_S = 1_795_157_100_000, 3600
TECHNICIAN = {"preferred_username": "malee", "name": "Malee", "groups": ["it", "choir"]}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider(lambda: NOW, person=dict(TECHNICIAN)).start()
    yield provider
    provider.stop()


@pytest.fixture
def account_settings(provider: OpenIdProvider) -> dict[str, Any]:
    roles = {"it": "technician", "heads": "group_head", "schools": "school"}
    oidc = {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "label": "Office ID"}
    return {"oidc": {**oidc, "roles": roles, "school_claim": "school_code"}}


def back_of(browser: httpx.Client, then: str = "/") -> str:
    """Where the provider leads back to, once somebody has gone there."""
    away = browser.get("/sign-in/openid", params={"next": then})
    assert away.status_code == 303, away.text
    return httpx.get(away.headers["location"]).headers["location"]


def sign_in(browser: httpx.Client, then: str = "/") -> httpx.Response:
    return browser.get(back_of(browser, then))


def test_somebody_with_a_role_is_signed_in_and_led_on(anybody: httpx.Client, hub: Any, district: Any) -> None:
    answer = sign_in(anybody, "/tickets?show=all")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets?show=all")
    assert "Malee" in anybody.get("/tickets").text
    person = hub.accounts.people.by_login("malee")
    assert (person.place.roles, person.password) == (frozenset({Role.TECHNICIAN}), None)


def test_the_page_to_sign_in_names_the_provider(anybody: httpx.Client) -> None:
    page = anybody.get("/sign-in?lang=en&next=/lessons").text
    assert "Sign in with Office ID" in page
    assert 'href="/sign-in/openid?next=%2Flessons"' in page


def test_the_provider_is_asked_for_a_code_with_a_challenge_and_a_nonce(
    anybody: httpx.Client, provider: OpenIdProvider
) -> None:
    asked = parse_qs(urlsplit(anybody.get("/sign-in/openid").headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert min(len(asked[name][0]) for name in ("state", "nonce")) >= 43
    assert asked["redirect_uri"] == [f"{anybody.base_url}/sign-in/openid/back"]


def test_roles_come_anew_each_time(anybody: httpx.Client, provider: OpenIdProvider, hub: Any, district: Any) -> None:
    sign_in(anybody)
    provider.person["groups"] = "heads"
    sign_in(anybody)
    assert hub.accounts.people.by_login("malee").place.roles == frozenset({Role.GROUP_HEAD})


def test_a_school_is_told_by_its_claim(anybody: httpx.Client, provider: OpenIdProvider, district: Any) -> None:
    provider.person |= {"groups": ["schools"], "school_code": "30010012"}
    sign_in(anybody)
    assert anybody.get("/").headers["location"] == "/schools/cpm3/30010012"


def test_what_the_id_token_leaves_out_the_user_info_tells(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    provider.person, provider.info = {}, {"sub": "s-1", **TECHNICIAN}
    assert sign_in(anybody).status_code == 303
    assert "/userinfo" in provider.asked


def test_the_user_info_of_somebody_else_is_not_believed(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    provider.person, provider.info = {}, {"sub": "s-2", **TECHNICIAN}
    assert sign_in(anybody).status_code == 502


def test_somebody_without_a_role_is_told_so_in_both_languages(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    provider.person["groups"] = ["choir"]
    answer = sign_in(anybody)
    assert (answer.status_code, "session" in anybody.cookies) == (403, False)
    assert "คุณยังไม่มีบทบาทในระบบนี้" in answer.text
    anybody.cookies.set("lang", "en")
    assert "you have no role on this hub" in sign_in(anybody).text


def test_an_account_that_was_ended_stays_shut(anybody: httpx.Client, hub: Any) -> None:
    sign_in(anybody)
    hub.accounts.people.deactivate(AT_THE_CONSOLE, hub.accounts.people.by_login("malee").id, NOW)
    anybody.cookies.set("lang", "en")
    answer = sign_in(anybody)
    assert answer.status_code == 403
    assert "was ended" in answer.text


def test_the_name_of_somebody_here_is_not_taken_over(anybody: httpx.Client, provider: OpenIdProvider, hub: Any) -> None:
    provider.person["preferred_username"] = "admin"
    sign_in(anybody)
    assert hub.accounts.people.by_login("admin-2").place.roles == frozenset({Role.TECHNICIAN})
    assert hub.accounts.people.by_login("admin").issuer is None


def test_a_refusal_of_the_provider_is_told(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    provider.refuses = True
    answer = sign_in(anybody)
    assert answer.status_code == 403
    assert "ผู้ให้บริการยืนยันตัวตนไม่อนุญาต" in answer.text


BENT: dict[str, dict[str, Any]] = {
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another audience": {"claims": {"aud": "another"}},
    "two audiences and nobody named": {"claims": {"aud": [CLIENT, "another"]}},
    "for another party": {"claims": {"azp": "another"}},
    "another nonce": {"claims": {"nonce": "another"}},
    "over": {"claims": {"exp": NOW // 1000 - HOUR_S}},
    "from the future": {"claims": {"iat": NOW // 1000 + HOUR_S}},
    "not yet": {"claims": {"nbf": NOW // 1000 + HOUR_S}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "no signature": {"header": {"alg": "none"}},
    "signed by the client's own secret": {"header": {"alg": "HS256"}},
    "signed by an unpublished key": {"key": ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256"})},
    "calls itself another": {"discovery": {"issuer": "https://evil.example"}},
    "keys from a plain line": {"discovery": {"jwks_uri": "http://192.0.2.1/keys"}},
    "no token endpoint": {"discovery": {"token_endpoint": None}},
    "no JSON": {"body": b"<html>"},
    "no object": {"body": b"[]"},
    "too much": {"body": b'{"a": "' + b"x" * (1 << 20) + b'"}'},
}


@pytest.mark.parametrize("bent", BENT.values(), ids=list(BENT))
def test_what_cannot_be_believed_signs_nobody_in(
    anybody: httpx.Client, provider: OpenIdProvider, bent: dict[str, Any]
) -> None:
    away = anybody.get("/sign-in/openid") if set(bent) <= {"claims", "header", "key"} else None
    provider.bent = bent
    away = away or anybody.get("/sign-in/openid")
    if away.status_code == 303:
        away = anybody.get(httpx.get(away.headers["location"]).headers["location"])
    assert away.status_code == 502
    assert "session" not in anybody.cookies


def test_another_providers_answer_is_not_taken(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    provider.bent = {"back": {"iss": "https://evil.example"}}
    assert sign_in(anybody).status_code == 403


def test_keys_that_were_changed_are_fetched_anew(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    assert sign_in(anybody).status_code == 303
    provider.rotate()
    assert sign_in(anybody).status_code == 303


def test_what_the_provider_publishes_is_fetched_once(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    for _ in range(3):
        sign_in(anybody)
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert provider.asked.count("/keys") == 1


def test_an_answer_is_good_once(anybody: httpx.Client) -> None:
    back = back_of(anybody)
    assert anybody.get(back).status_code == 303
    assert anybody.get(back).status_code == 403


def test_an_answer_is_good_in_the_browser_that_began(anybody: httpx.Client, base_url: str) -> None:
    back = back_of(anybody)
    with httpx.Client(base_url=base_url) as another:
        assert another.get(back).status_code == 403
        another.get("/sign-in/openid")
        assert another.get(back).status_code == 403
    assert anybody.get(back).status_code == 303


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?code=y", "?state=" + "x" * 3000])
def test_an_answer_that_nobody_asked_for_is_refused(anybody: httpx.Client, query: str) -> None:
    assert anybody.get(f"/sign-in/openid/back{query}").status_code == 403


@pytest.mark.parametrize("then", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(anybody: httpx.Client, then: str) -> None:
    assert sign_in(anybody, then).headers["location"] == "/"


def test_a_provider_that_is_not_there_is_told(anybody: httpx.Client, provider: OpenIdProvider) -> None:
    provider.stop()
    answer = anybody.get("/sign-in/openid")
    assert answer.status_code == 502
    assert "Office ID" in answer.text
    provider.start()
