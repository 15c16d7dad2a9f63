"""amqtt's broker without the faults that its tests in tests/hub/mqtt/test_embedded_broker.py would show in it.

Written against amqtt 0.12.1; whoever raises the version runs those tests.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.session import OutgoingApplicationMessage, Session

from hub.mqtt.access import Rules

LISTENER = "default"
EVERYTHING = Rules(speak=("#",), hear=("#",))
_QOS: ContextVar[int] = ContextVar("qos", default=0)


class _Steady(dict[str, list[tuple[Session, int]]]):
    """Subscriptions by filter. amqtt walks over them with awaits in between, in which others subscribe: each walk gets a copy."""

    def __iter__(self) -> Iterator[str]:
        return iter(list(super().__iter__()))

    def items(self) -> Any:
        return dict(super().items()).items()


class SteadyBroker(Broker):  # type: ignore[misc]  # amqtt is not typed
    """Takes connections from embedded_broker.py; opens no port itself. `rules` are those of a client id."""

    def __init__(self, loop: asyncio.AbstractEventLoop, rules: Callable[[str], Rules] = lambda _: EVERYTHING) -> None:
        super().__init__(
            {
                "listeners": {LISTENER: {"type": "external"}},
                "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
                # Keepalives are watched by PacketReader: amqtt only stops reading for them and sends no will.
                "timeout_disconnect_delay": 10_000_000,
            },
            loop,
        )
        self._subscriptions = _Steady()
        self._closing = False
        self._rules = rules

    @property
    def behind(self) -> int:
        """Messages that were taken and are not sent yet."""
        return int(self._broadcast_queue.qsize()) + len(self._tasks_queue)

    def undelivered(self, client_id: str) -> int:
        """Messages of this client that were read and are not taken yet."""
        session, _ = self._sessions.get(client_id, (None, None))
        return 0 if session is None else int(session.delivered_message_queue.qsize())

    async def bury(self, client_id: str, reader: object) -> None:
        """End what amqtt leaves behind when a client publishes to a forbidden topic, or makes it stumble: a session that
        counts as connected for ever, and whose will is not sent.
        """
        session, handler = self._sessions.get(client_id, (None, None))
        if session is not None and handler.reader is reader and session.transitions.state == "connected":
            ended: asyncio.Future[None] = self._loop.create_future()
            ended.set_result(None)
            await self._handle_disconnect(session, handler, ended)

    async def shutdown(self) -> None:
        self._closing = True
        await super().shutdown()

    async def _cleanup_session(self, client_id: str) -> None:
        """Only what is still over: amqtt makes a list of ended sessions, and by the time it gets to one the client is back."""
        session, _ = self._sessions.get(client_id, (None, None))
        if self._closing or (session is not None and session.transitions.state != "connected"):
            await super()._cleanup_session(client_id)

    async def _topic_filtering(self, session: Session, topic: str, action: Action) -> bool:
        rules = self._rules(session.client_id or "")
        return rules.may_speak(topic) if action is Action.PUBLISH else rules.may_hear(topic)

    async def _handle_message_delivery(
        self, client_session: Session, handler: BrokerProtocolHandler, wait_deliver: "asyncio.Future[Any]"
    ) -> bool:
        message = wait_deliver.result()
        _QOS.set(0 if message is None else message.qos or 0)
        return bool(await super()._handle_message_delivery(client_session, handler, wait_deliver))

    async def _broadcast_message(
        self, session: Session | None, topic: str | None, data: bytes | bytearray | None, force_qos: int | None = None
    ) -> None:
        await super()._broadcast_message(session, topic, data, _QOS.get() if force_qos is None else force_qos)

    async def _run_broadcast(self, running_tasks: "deque[asyncio.Task[OutgoingApplicationMessage]]") -> None:
        """With the lower of the publisher's and the subscriber's QoS [MQTT-3.8.4-6], where amqtt takes the subscriber's."""
        message = await self._broadcast_queue.get()
        for topic_filter, subscriptions in self._subscriptions.items():
            if not self._matches(message["topic"], topic_filter):
                continue
            for session, qos in list(subscriptions):
                handler = self._get_handler(session)
                if handler is not None and session.transitions.state == "connected":
                    sending = handler.mqtt_publish(
                        message["topic"], message["data"], min(message["qos"], qos), retain=False
                    )
                    running_tasks.append(asyncio.ensure_future(sending))

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """Only to those who subscribed: amqtt sends a newcomer what anybody else has subscribed to."""
        subscribers = self._subscriptions.get(subscription[0], ())
        if any(each.client_id == session.client_id for each, _ in subscribers):
            await super()._publish_retained_messages_for_subscription(subscription, session)
