"""A hub that shows itself (`dltv-hub serve --demo`), visited by a program in a role: by the one click that people do."""

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

_TIMEOUT_S = 10


class Visit:
    """Signs in when it is first asked for something, and once more when the hub has forgotten it."""

    def __init__(self, url: str, role: str = "technician") -> None:
        self._url, self._role = url, role
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> Any:
        """The answer as JSON. Raises OSError while there is none."""
        try:
            return self._json(path)
        except urllib.error.HTTPError as refused:
            if refused.code != 401:
                raise
        self._sign_in()
        return self._json(path)

    def _json(self, path: str) -> Any:
        with self._opener.open(self._url + path, timeout=_TIMEOUT_S) as answer:
            return json.load(answer)

    def _sign_in(self) -> None:
        form = urllib.parse.urlencode({"role": self._role, "next": "/account"}).encode()
        ours = {"Origin": self._url}
        wish = urllib.request.Request(f"{self._url}/sign-in/demo", form, ours)  # noqa: S310  the url is our caller's
        self._opener.open(wish, timeout=_TIMEOUT_S).close()
