"""The word that a form of ours carries: a page of another site cannot know it, even when the browser sends the cookie along.

It is made from the session's secret, so nothing is stored; who knows the word does not know the secret. Programs that show an API
token have no cookie that somebody else could make use of, and need no word.
"""

import hashlib
import hmac

from starlette.requests import Request

from hub.web.failures import Problem

HEADER = "X-CSRF-Token"
FIELD = "csrf"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def token_of(secret: str) -> str:
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


async def require_token(request: Request) -> None:
    """Raises Problem when a change comes by a session's cookie but without its word."""
    wanted = getattr(request.state, "csrf", "")
    if not wanted or request.method in _SAFE:
        return
    if not hmac.compare_digest(wanted.encode(), (await _given(request)).encode()):
        raise Problem(
            403,
            "wrong-token",
            "This form is not of the running session.",
            field=HEADER,
            way_out="load the page again and send it once more",
        )


async def _given(request: Request) -> str:
    if HEADER in request.headers:
        return request.headers[HEADER]
    if request.headers.get("content-type", "").startswith(_FORMS):
        # The route gets the same form: it is read once.
        return str((await request.form()).get(FIELD, ""))
    return ""
