"""The server itself, by influxdb-client. What is not taken is an error: the hub's store is the queue, nothing is kept here."""

from collections.abc import Sequence
from functools import cached_property
from http import HTTPStatus
from typing import Any

from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS, WriteApi
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from hub.historian.errors import HistorianRefused, HistorianUnavailable
from hub.historian.settings import HistorianSettings

_FOR_GOOD = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_TOLD = 200
# The client's type says it is an object of its own; its constants are words, and words go over the wire.
_MS: Any = "ms"


class Server:
    """One thread at a time."""

    def __init__(self, settings: HistorianSettings) -> None:
        """Nothing is asked yet."""
        self._settings = settings

    def write(self, lines: Sequence[str]) -> None:
        """Raises HistorianUnavailable, HistorianRefused. Some of the lines may be there then; the same again does no harm."""
        if not lines:
            return
        try:
            self._api.write(bucket=self._settings.bucket, record="\n".join(lines), write_precision=_MS)
        except ApiException as error:
            self._mind(error, lines)
        except (HTTPError, OSError) as error:
            raise HistorianUnavailable(f"{self._settings.url}: {type(error).__name__}") from error

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()  # type: ignore[no-untyped-call]

    def _mind(self, error: ApiException, lines: Sequence[str]) -> None:
        if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and len(lines) > 1:
            half = len(lines) // 2
            self.write(lines[:half])
            self.write(lines[half:])
            return
        told = f"{self._settings.url} answers {error.status}: {str(error.body or '')[:_TOLD]}"
        raise (HistorianRefused if error.status in _FOR_GOOD else HistorianUnavailable)(told) from error

    @cached_property
    def _client(self) -> InfluxDBClient:
        own = self._settings
        return InfluxDBClient(
            url=own.url,
            token=own.secret or "",
            org=own.organisation,
            timeout=round(own.timeout_s * 1000),
            enable_gzip=True,
            # No other try, and no redirect: the queue is our own, and the address is the one that was set.
            retries=False,
            ssl_ca_cert=str(own.ca_file) if own.ca_file else None,
        )

    @cached_property
    def _api(self) -> WriteApi:
        return self._client.write_api(write_options=SYNCHRONOUS)
