import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.protocols.http_digest import challenge_in, response

# RFC 7616, 3.9.1.
MD5 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5,'
    ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
SHA256 = MD5.replace("algorithm=MD5", "algorithm=SHA-256")
OWN = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def answered(offer: str, **more: str) -> str:
    challenge = challenge_in([offer])
    assert challenge is not None
    return response(challenge, "Mufasa", "Circle of Life", "/dir/index.html", 1, **more)


@pytest.mark.parametrize(
    ("offer", "hashed"),
    [
        (MD5, "8ca523f5e9506fed4657c9700eebdbec"),
        (SHA256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_the_rfc_come_out(offer: str, hashed: str) -> None:
    assert f'response="{hashed}"' in answered(offer, own=OWN)


def test_the_old_form_without_a_quality_is_known() -> None:
    text = answered('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
    assert "qop" not in text
    assert "cnonce" not in text


def test_the_strongest_offer_is_taken() -> None:
    challenge = challenge_in([MD5, SHA256])
    assert challenge is not None
    assert challenge.algorithm == "SHA-256"


def test_the_same_request_always_looks_the_same() -> None:
    assert answered(MD5) == answered(MD5)


def test_the_password_does_not_stand_in_it() -> None:
    assert "Circle of Life" not in answered(MD5)


@pytest.mark.parametrize(
    "offer",
    [
        'Basic realm="x"',
        "Digest",
        'Digest realm="x"',
        'Digest realm="x", nonce="y", algorithm=SHA-512-256',
        'Digest realm="x", nonce="y", qop="auth-int"',
    ],
)
def test_what_cannot_be_answered_is_no_challenge(offer: str) -> None:
    assert challenge_in([offer]) is None


@given(st.text(max_size=200))
def test_any_text_is_a_challenge_or_none(text: str) -> None:
    challenge = challenge_in([f"Digest {text}", text])
    if challenge is not None:
        assert response(challenge, "a", "b", "/", 1).startswith("Digest ")
