"""A connection to Mosquitto's dynamic security plugin: commands out, answers in, one batch after the other."""

import json
import queue
import time
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from hub.mqtt.access import KEEPER
from hub.mqtt.broker_url import BrokerUrl
from hub.mqtt.dynamic_security import ANSWERS, CONTROL, Command, Held
from hub.mqtt.tls import TlsFiles

_KEEPALIVE_S = 20
_TCP_WITHIN_S = 5.0
_ANSWER_WITHIN_S = 10.0
_PAGE = 100


class ControlFailed(Exception):
    """The broker does not do what it is asked to; the text says why, in one line."""


class ControlLink:
    """Connected from its creation on. Raises OSError and ControlFailed."""

    def __init__(self, broker: BrokerUrl, files: TlsFiles) -> None:
        self._heard: queue.SimpleQueue[list[dict[str, Any]] | None] = queue.SimpleQueue()
        self._numbers = count(1)
        self._refusal = ""
        self._client = client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=KEEPER, clean_session=True, reconnect_on_failure=False
        )
        client.connect_timeout = _TCP_WITHIN_S
        if broker.tls:
            client.tls_set_context(files.for_client())
        client.on_connect, client.on_subscribe = self._on_connect, self._on_subscribe
        client.on_message, client.on_disconnect = self._on_message, self._on_disconnect
        client.connect(broker.host, broker.port, _KEEPALIVE_S)
        client.loop_start()
        try:
            self._next(time.monotonic() + _ANSWER_WITHIN_S)
        except ControlFailed:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        return bool(self._client.is_connected())

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def ask(self, commands: Iterable[Command]) -> list[dict[str, Any]]:
        """What is answered to each. Raises ControlFailed for the first that is refused, and when no answer comes."""
        number = str(next(self._numbers))
        marked = [{**command, "correlationData": number} for command in commands]
        sent = self._client.publish(CONTROL, json.dumps({"commands": marked}), qos=1)
        if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise ControlFailed(mqtt.error_string(sent.rc))
        deadline = time.monotonic() + _ANSWER_WITHIN_S
        while True:
            answers = self._next(deadline)
            if answers and all(answer.get("correlationData") == number for answer in answers):
                for answer in answers:
                    if "error" in answer:
                        raise ControlFailed(f"it refuses to {answer.get('command')}: {answer['error']}")
                return [answer.get("data") or {} for answer in answers]

    def held(self) -> Held:
        """What the broker has now."""
        clients = {
            str(each["username"]): frozenset(str(role["rolename"]) for role in each.get("roles", ()))
            for each in self._pages("listClients", "clients", verbose=True)
        }
        return Held(clients, frozenset(map(str, self._pages("listRoles", "roles", verbose=False))))

    def _pages(self, command: str, what: str, *, verbose: bool) -> Iterator[Any]:
        offset = 0
        while True:
            page = {"command": command, "verbose": verbose, "count": _PAGE, "offset": offset}
            found = self.ask([page])[0].get(what, [])
            yield from found
            offset += len(found)
            if len(found) < _PAGE:
                return

    def _next(self, deadline: float) -> list[dict[str, Any]]:
        try:
            heard = self._heard.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise ControlFailed("it does not answer") from None
        if heard is None:
            raise ControlFailed(self._refusal or "the connection is lost")
        return heard

    def _on_connect(self, client: mqtt.Client, _userdata: Any, _flags: Any, code: Any, _properties: Any) -> None:
        if code.is_failure:
            self._refusal = f"it refuses the keeper of its rules ({code})"
            self._heard.put(None)
        else:
            client.subscribe(ANSWERS, qos=1)

    def _on_subscribe(self, _client: Any, _userdata: Any, _mid: int, codes: list[Any], _properties: Any) -> None:
        if any(code.is_failure for code in codes):
            self._refusal = "it does not know the keeper of its rules: begin with the file of dltv-hub broker-config"
            self._heard.put(None)
        else:
            self._heard.put([])

    def _on_message(self, _client: Any, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        try:
            answers = json.loads(message.payload)["responses"]
            self._heard.put([answer for answer in answers if isinstance(answer, dict)])
        except (ValueError, KeyError, TypeError):
            self._heard.put([])

    def _on_disconnect(self, *_: Any) -> None:
        self._heard.put(None)
