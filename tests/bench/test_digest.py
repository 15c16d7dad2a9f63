"""Who knows the password comes in. The first figures are RFC 7616's own example (section 3.9.1)."""

from base64 import b64encode
from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.digest import Guard

NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
RFC = (
    'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm={algorithm}, '
    f'nonce="{NONCE}", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="{{response}}"'
)
MD5 = "8ca523f5e9506fed4657c9700eebdbec"
SHA256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"


def guard(algorithm: str = "MD5") -> Guard:
    made = Guard("http-auth@example.org", "Mufasa", "Circle of Life", lambda: NONCE, algorithm)  # type: ignore[arg-type]
    made.challenge()
    return made


@pytest.mark.parametrize(("algorithm", "response"), [("MD5", MD5), ("SHA-256", SHA256)])
def test_the_standards_example_is_admitted(algorithm: str, response: str) -> None:
    said = RFC.format(algorithm=algorithm, response=response)
    assert guard(algorithm).admits("GET", "/dir/index.html", said)


def test_another_page_method_or_answer_is_not() -> None:
    said = RFC.format(algorithm="MD5", response=MD5)
    assert not guard().admits("GET", "/dir/other.html", said)
    assert not guard().admits("POST", "/dir/index.html", said)
    assert not guard().admits("GET", "/dir/index.html", said.replace(MD5, "0" * 32))


def test_a_nonce_that_was_never_given_is_not_admitted() -> None:
    stranger = Guard("http-auth@example.org", "Mufasa", "Circle of Life", lambda: NONCE)
    assert not stranger.admits("GET", "/dir/index.html", RFC.format(algorithm="MD5", response=MD5))


def test_the_challenge_names_realm_algorithm_and_nonce() -> None:
    asked = guard().challenge()
    assert asked == f'Digest realm="http-auth@example.org", qop="auth", algorithm=MD5, nonce="{NONCE}"'


def test_the_old_form_without_qop_is_admitted() -> None:
    secret, action = (md5(text.encode()).hexdigest() for text in ("u:r:p", "GET:/"))
    response = md5(f"{secret}:n:{action}".encode()).hexdigest()
    asked = Guard("r", "u", "p", lambda: "n")
    asked.challenge()
    assert asked.admits("GET", "/", f'Digest username="u", realm="r", nonce="n", uri="/", response="{response}"')


def test_basic_is_admitted_as_well() -> None:
    word = b64encode(b"Mufasa:Circle of Life").decode()
    assert guard().admits("GET", "/any", f"Basic {word}")
    assert not guard().admits("GET", "/any", "Basic " + b64encode(b"Mufasa:wrong").decode())


@given(st.text(max_size=100))
def test_noise_is_never_admitted(noise: str) -> None:
    for scheme in ("", "Digest ", "Basic "):
        assert not guard().admits("GET", "/", scheme + noise)
