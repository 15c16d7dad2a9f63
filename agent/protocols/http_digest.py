"""HTTP digest authentication (RFC 7616), MD5 and SHA-256, quality of protection `auth`. The password itself is never sent."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_PARAMETER = re.compile(r'([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', re.IGNORECASE)
_HASHES = {"md5": "md5", "sha-256": "sha256"}


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server wants to have hashed with the password."""

    realm: str
    nonce: str
    algorithm: str
    qop: bool
    opaque: str | None
    stale: bool


def challenge_in(offers: Iterable[str]) -> Challenge | None:
    """The strongest digest among the WWW-Authenticate headers, or None."""
    found = [one for offer in offers if (one := _challenge(offer)) is not None]
    return max(found, key=lambda one: one.algorithm.lower() == "sha-256", default=None)


def _challenge(offer: str) -> Challenge | None:
    scheme, _, rest = offer.strip().partition(" ")
    told = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)}
    algorithm = told.get("algorithm", "MD5")
    qop = told.get("qop")
    wrong = algorithm.lower() not in _HASHES or (qop is not None and "auth" not in re.split(r"[\s,]+", qop))
    if scheme.lower() != "digest" or not told.get("nonce") or wrong:
        return None
    stale = told.get("stale", "").lower() == "true"
    return Challenge(told.get("realm", ""), told["nonce"], algorithm, qop is not None, told.get("opaque"), stale)


def response(challenge: Challenge, user: str, password: str, path: str, count: int, *, own: str = "") -> str:
    """The Authorization header of the request number `count` to this challenge; `own` is the client's nonce.

    Where none is given it is made of the rest: nobody without the password can guess it, and a request always looks the same.
    """
    name = _HASHES[challenge.algorithm.lower()]

    def hashed(*parts: str) -> str:
        return hashlib.new(name, ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    secret, what = hashed(user, challenge.realm, password), hashed("GET", path)
    own, number = own or hashed(secret, challenge.nonce, str(count))[:16], f"{count:08x}"
    middle = (challenge.nonce, number, own, "auth") if challenge.qop else (challenge.nonce,)
    told = {"username": user, "realm": challenge.realm, "nonce": challenge.nonce, "uri": path}
    told["response"] = hashed(secret, *middle, what)
    if challenge.opaque is not None:
        told["opaque"] = challenge.opaque
    text = ", ".join(f'{key}="{value}"' for key, value in told.items())
    tail = f', qop=auth, nc={number}, cnonce="{own}"' if challenge.qop else ""
    return f"Digest {text}, algorithm={challenge.algorithm}{tail}"
