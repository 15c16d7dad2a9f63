"""The office's OpenID provider, as a relying party speaks to it: discovery, authorization code with PKCE, the ID token.

Nothing that it says is believed before it is checked: the issuer's own name, the signature by its published keys, audience,
nonce, times. Leaves what somebody may to hub.accounts.outside, and what has to match between two requests to pending.py.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.accounts.outside import Identity, identity_of
from hub.accounts.settings import OidcSettings
from hub.web.pending import Pending
from hub.web.settings import LOOPBACK_HOSTS

_WELL_KNOWN = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Asymmetric ones only: by HS256 whoever knows the client's secret could make tokens, and "none" needs no key at all.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_TIMEOUT_S = 10.0
_MOST_BYTES = 1 << 20
_KEPT_MS = 3_600_000
_LEEWAY_S = 120


class ProviderTrouble(Exception):
    """The provider cannot be reached, or says what cannot be believed. The text is for the hub's log."""


class Provider:
    """One provider. What it publishes is kept for an hour."""

    def __init__(self, settings: OidcSettings, clock: Callable[[], int]) -> None:
        assert settings.issuer is not None
        self.label = settings.label
        self._settings, self._issuer, self._clock = settings, settings.issuer, clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, Mapping[str, Any]]] = {}

    def address(self, pending: Pending) -> str:
        """Where the browser is sent. Raises ProviderTrouble."""
        address: str = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=pending.back,
            scope=" ".join(self._settings.scopes),
            state=pending.state,
            nonce=pending.nonce,
            code_challenge=create_s256_code_challenge(pending.verifier),
            code_challenge_method="S256",
        )
        return address

    def is_issuer(self, told: str) -> bool:
        """Whether who led back is this one (RFC 9207); not every provider says so."""
        return told in ("", self._issuer)

    def identity(self, code: str, pending: Pending) -> Identity:
        """Who came back with this code. Raises ProviderTrouble."""
        told = self._redeemed(code, pending)
        claims = dict(self._claims(told, pending.nonce))
        return identity_of(self._with_user_info(claims, told), self._settings)

    def _redeemed(self, code: str, pending: Pending) -> Mapping[str, Any]:
        """The answer of the token endpoint."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending.back,
            "client_id": self._settings.client_id,
            "code_verifier": pending.verifier,
        }
        secret, metadata = self._settings.client_secret, self._metadata()
        if secret is None:
            return self._asked("POST", metadata["token_endpoint"], data=form)
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in methods:
            form["client_secret"] = secret.get_secret_value()
            return self._asked("POST", metadata["token_endpoint"], data=form)
        basic = httpx.BasicAuth(self._settings.client_id, secret.get_secret_value())
        return self._asked("POST", metadata["token_endpoint"], data=form, auth=basic)

    def _claims(self, told: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """Those of the ID token, checked."""
        encoded = told.get("id_token")
        if not isinstance(encoded, str):
            raise ProviderTrouble("the token endpoint gave no ID token")
        try:
            token = self._decoded(encoded)
            options: Any = {
                "iss": {"essential": True, "value": self._issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
            }
            params = {
                "nonce": nonce,
                "client_id": self._settings.client_id,
                "access_token": told.get("access_token"),
            }
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=self._clock() // 1000, leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderTrouble(f"the ID token is not good: {error}") from None
        return dict(claims)

    def _decoded(self, encoded: str) -> jwt.Token:
        """By the keys that are known; once more by those of now, for keys rotate."""
        try:
            return jwt.decode(encoded, self._keys(), algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            with self._lock:
                self._kept.pop("jwks_uri", None)
            return jwt.decode(encoded, self._keys(), algorithms=_ALGORITHMS)

    def _keys(self) -> KeySet:
        return KeySet.import_key_set(self._published("jwks_uri", self._metadata()["jwks_uri"]))  # type: ignore[arg-type]

    def _with_user_info(self, claims: dict[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Some providers keep the ID token short, and tell the rest to whoever has the access token."""
        endpoint, token = self._metadata().get("userinfo_endpoint"), told.get("access_token")
        if self._settings.roles_claim.partition(".")[0] in claims or not endpoint or not isinstance(token, str):
            return claims
        info = self._asked("GET", endpoint, headers={"Authorization": f"Bearer {token}"})
        if info.get("sub") != claims["sub"]:
            raise ProviderTrouble("the user info is somebody else's")
        return {**info, **claims}

    def _metadata(self) -> Mapping[str, Any]:
        found = self._published("discovery", self._issuer.rstrip("/") + _WELL_KNOWN)
        if found.get("issuer") != self._issuer:
            raise ProviderTrouble(f"the provider calls itself {found.get('issuer')!r}, not {self._issuer!r}")
        if missing := [each for each in _ENDPOINTS if not isinstance(found.get(each), str)]:
            raise ProviderTrouble(f"the provider does not say its {', '.join(missing)}")
        return found

    def _published(self, name: str, url: str) -> Mapping[str, Any]:
        with self._lock:
            kept = self._kept.get(name)
        if kept is not None and self._clock() - kept[0] < _KEPT_MS:
            return kept[1]
        found = self._asked("GET", url)
        with self._lock:
            self._kept[name] = (self._clock(), found)
        return found

    def _asked(self, method: str, url: str, **more: Any) -> Mapping[str, Any]:
        """A JSON object."""
        _require_secure(url)
        try:
            with httpx.Client(timeout=_TIMEOUT_S) as client, client.stream(method, url, **more) as answer:
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise ProviderTrouble(f"{url} answers with more than {_MOST_BYTES} bytes")
                if answer.status_code != httpx.codes.OK:
                    raise ProviderTrouble(f"{url} answers {answer.status_code}")
            found = httpx.Response(200, content=body).json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderTrouble(f"{url}: {error}") from None
        if not isinstance(found, dict):
            raise ProviderTrouble(f"{url} does not answer with an object")
        return found


def _require_secure(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS):
        raise ProviderTrouble(f"{url} is no https address")
