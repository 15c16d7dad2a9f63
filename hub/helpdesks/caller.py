"""JSON over HTTP to a help desk: with a time limit and a size limit, its errors as ours."""

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import httpx

from hub.helpdesks.errors import DeskRefuses, DeskUnreachable
from hub.helpdesks.settings import DeskSettings

_TIMEOUT_S = 20.0
_MOST_BYTES = 2_000_000
_SERVER = 500
_LATER = frozenset({408, 425, 429})


class Caller:
    """Use it as a context. headers: those that let us in."""

    def __init__(
        self, settings: DeskSettings, api: str, auth: httpx.BasicAuth | None, headers: Mapping[str, str]
    ) -> None:
        self._name, self._base = settings.name, settings.url.rstrip("/") + api
        self._client = httpx.Client(
            timeout=_TIMEOUT_S,
            trust_env=False,
            follow_redirects=False,
            verify=ssl.create_default_context(cafile=settings.ca_file),
            auth=auth,
            headers={"Accept": "application/json", "User-Agent": "dltv-fleet", **headers},
        )

    def __enter__(self) -> "Caller":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(
        self, method: str, path: str, body: object = None, params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # fmt: skip
        """What it answers. Raises DeskError."""
        try:
            with self._client.stream(method, self._base + path, json=body, params=params, headers=headers) as answer:
                content = self._read(answer)
        except httpx.HTTPError as error:
            raise DeskUnreachable(f"help desk {self._name} cannot be used ({type(error).__name__})") from None
        self._require_success(answer.status_code)
        try:
            return answer.json() if content else None
        except ValueError:
            raise DeskRefuses(f"help desk {self._name} does not answer in JSON; look at its url") from None

    def _read(self, answer: httpx.Response) -> bytes:
        size = 0
        parts = []
        for part in answer.iter_bytes():
            size += len(part)
            if size > _MOST_BYTES:
                raise DeskRefuses(f"help desk {self._name} answers with too much")
            parts.append(part)
        # So that `json` of the answer knows it.
        answer._content = b"".join(parts)
        return answer._content

    def _require_success(self, status: int) -> None:
        if status >= _SERVER or status in _LATER:
            raise DeskUnreachable(f"help desk {self._name} answers {status}")
        if not 200 <= status < 300:
            raise DeskRefuses(f"help desk {self._name} answers {status}; look at the rights of our account there")
