"""Whoever is still there when a loop of servers ends does not stay open."""

import asyncio
import socket
import ssl
import time
from contextlib import suppress
from pathlib import Path

import pytest

from hub.loops import HurriedLoop
from hub.pki.authority import Authority
from hub.pki.kept import keep_server
from hub.pki.tls import server_context


def tls_context(folder: Path) -> ssl.SSLContext:
    now = int(time.time() * 1000)
    return server_context(keep_server(Authority(folder / "pki", now), "test", ["127.0.0.1"], now))


@pytest.mark.parametrize("greets", [False, True], ids=["asks", "greets"])
def test_who_is_still_there_when_the_loop_ends_is_cut_off(tmp_path: Path, greets: bool) -> None:
    loop = HurriedLoop()
    server = loop.run_until_complete(
        loop.create_server(asyncio.Protocol, "127.0.0.1", 0, ssl=tls_context(tmp_path) if greets else None)
    )
    with socket.create_connection(server.sockets[0].getsockname(), timeout=60) as connection:
        while not loop._transports:
            loop.run_until_complete(asyncio.sleep(0.01))
        [transport] = loop._transports.values()
        server.close()
        loop.close()
        assert transport.is_closing()
        with suppress(ConnectionResetError):
            assert connection.recv(1000) == b""
