"""The broker that the hub brings along, for one school or a trial: amqtt in a thread and an event loop of its own.

Without a gatekeeper it asks nobody who they are: keep it on loopback then. With one, it speaks TLS, and who has no certificate
of the hub's CA stays outside; a client is called by its certificate's name, whatever it calls itself. Nothing is kept over a
restart: a hub's STATE is published anew then.
"""

import asyncio
import logging
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from ssl import SSLContext, SSLObject

from hub.loops import HurriedLoop
from hub.mqtt.allowance import Allowance
from hub.mqtt.gatekeeper import Gatekeeper, Guest
from hub.mqtt.packets import Gates, Greeting, PacketReader, PacketWriter
from hub.mqtt.steady_broker import EVERYTHING, LISTENER, SteadyBroker

log = logging.getLogger(__name__)

MAX_CLIENTS = 500
_UP_WITHIN_S = 10.0
_SHAKES_WITHIN_S = 10.0
_DOWN_WITHIN_S = 1.0
_GONE_WITHIN_S = 3.0
_BEHIND_AT_MOST = 2_000
_AT_ONCE, _PER_S = 3_000, 300.0
"""Of one client. A node that reports 64 devices each second says 64, and replays twenty more."""


class BrokerCannotListen(Exception):
    """The address cannot be listened on; the text says which, why and the way out."""


@dataclass(eq=False, slots=True)
class _Client:
    """One connection. `gone` is set when amqtt is done with it, its will sent."""

    writer: PacketWriter
    client_id: str = ""
    guest: Guest | None = None
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class EmbeddedBroker:
    """Listens from its creation on, serves from `start` on. Raises BrokerCannotListen."""

    def __init__(self, host: str, port: int, gatekeeper: Gatekeeper | None = None) -> None:
        self._socket, self._gatekeeper = _listen(host, port), gatekeeper
        self._up, self._stop = threading.Event(), asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clients: dict[str, _Client] = {}
        self._shaking = self._served = 0
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Where it stands; of interest where port 0 was asked for."""
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Serve. Returns when it does."""
        self._thread.start()
        if not self._up.wait(_UP_WITHIN_S):
            raise BrokerCannotListen("mqtt: the embedded broker does not start; use an external one with --broker")

    def stop(self) -> None:
        """Close all connections, and the port."""
        if self._loop is not None and self._thread.is_alive():
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(_DOWN_WITHIN_S + 0.3)
        self._socket.close()

    def _run(self) -> None:
        # Its warnings tell of what clients do wrong, its errors of what it did wrong itself; our tests are for those.
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.WARNING)
        with asyncio.Runner(loop_factory=HurriedLoop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop = loop = asyncio.get_running_loop()
        assert isinstance(loop, HurriedLoop)
        keeper = self._gatekeeper
        broker = SteadyBroker(self._loop, (lambda _: EVERYTHING) if keeper is None else keeper.rules)
        await broker.start()
        server = await asyncio.start_server(
            lambda reader, writer: self._connection(broker, reader, writer), sock=self._socket, backlog=128
        )
        if keeper is not None:
            keeper.on_change = self._show_out
        self._up.set()
        await self._stop.wait()
        await loop.end(server)
        with suppress(TimeoutError):
            await asyncio.wait_for(broker.shutdown(), _DOWN_WITHIN_S)

    async def _connection(
        self, broker: SteadyBroker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        spoken = await self._shake_hands(reader, writer)
        if spoken is None:
            writer.transport.abort()
            return
        await self._client(broker, *spoken)
        with suppress(OSError):
            await spoken[1].wait_closed()

    async def _shake_hands(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """What is spoken over. None for who shows no certificate of ours, and while too many are at it."""
        if self._gatekeeper is None:
            return reader, writer
        self._shaking += 1
        try:
            return await _over_tls(writer, self._gatekeeper.context) if self._shaking <= MAX_CLIENTS else None
        except OSError as error:
            log.debug("a connection ends before it began: %s", error or type(error).__name__)
            return None
        finally:
            self._shaking -= 1

    async def _client(self, broker: SteadyBroker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = _Client(PacketWriter(writer))
        packets = PacketReader(reader, self._gates(broker, client, writer.get_extra_info("ssl_object")))
        self._served += 1
        try:
            if self._served <= MAX_CLIENTS:
                await broker.external_connected(packets, client.writer, LISTENER)
                await broker.bury(client.client_id, packets)
        except Exception:  # What one client does to amqtt ends that client's connection.
            log.debug("amqtt stumbled over a client", exc_info=True)
            await broker.bury(client.client_id, packets)
        finally:
            self._served -= 1
            client.gone.set()
            if self._clients.get(client.client_id) is client:
                del self._clients[client.client_id]
            await client.writer.close()

    def _show_out(self) -> None:
        """Called by any thread."""

        def leave() -> None:
            for client in list(self._clients.values()):
                if client.guest is not None and self._gatekeeper and not self._gatekeeper.welcomes(client.guest):
                    client.writer.abort()

        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(leave)

    def _name(self, client: _Client, greeting: Greeting, connection: SSLObject | None) -> str:
        """Raises ValueError for those who are not let in."""
        if self._gatekeeper is None or connection is None:
            return greeting.client_id
        try:
            client.guest = self._gatekeeper.identify(connection, greeting)
        except ValueError:
            client.writer.refuse()
            raise
        return client.guest.name

    def _gates(self, broker: SteadyBroker, client: _Client, connection: SSLObject | None) -> Gates:
        async def greeted(greeting: Greeting) -> str:
            """Who has this client id goes first, and its will out [MQTT-3.1.4-2]; amqtt would let both live on."""
            client.client_id = self._name(client, greeting, connection)
            if client.client_id:
                before = self._clients.get(client.client_id)
                self._clients[client.client_id] = client
                if before is not None:
                    before.writer.abort()
                    await asyncio.wait_for(before.gone.wait(), _GONE_WITHIN_S)
            return client.client_id

        allowance = Allowance(_AT_ONCE, _PER_S, asyncio.get_running_loop().time())

        async def pushed() -> None:
            await _turn(allowance, broker)

        async def leaving() -> None:
            """amqtt forgets what a client published right before its DISCONNECT: its NDEATH, of all things."""
            deadline = asyncio.get_running_loop().time() + _GONE_WITHIN_S
            while broker.undelivered(client.client_id) and asyncio.get_running_loop().time() < deadline:
                await asyncio.sleep(0)

        return Gates(greeted, pushed, leaving)


async def _turn(allowance: Allowance, broker: SteadyBroker) -> None:
    """Who says too much waits, so that others do not wait for it. While the broker is behind, all its clients do: amqtt would
    pile up what it cannot send."""
    if wait_s := allowance.spend(asyncio.get_running_loop().time()):
        await asyncio.sleep(wait_s)
    while broker.behind > _BEHIND_AT_MOST:
        await asyncio.sleep(0.005)


async def _over_tls(
    plain: asyncio.StreamWriter, context: SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    """StreamWriter.start_tls leaves the reader on the old transport, and a writer without any when the other side is gone."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport = await loop.start_tls(
        plain.transport, protocol, context, server_side=True, ssl_handshake_timeout=_SHAKES_WITHIN_S
    )
    return None if transport is None else (reader, asyncio.StreamWriter(transport, protocol, reader, loop))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BrokerCannotListen(
            f"mqtt: cannot listen on {host}:{port}: {reason}; choose another with --mqtt HOST:PORT, "
            "or use an external broker with --broker"
        ) from None
