"""After a start: what the first reader of each page would wait for otherwise is made ready, bit by bit, beside those who ask."""

import threading
import time

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from hub.web.gate import GatedRoute
from hub.web.render import Renderer

_RESTS = 9
"""So many times as long as each step took: whoever asks meanwhile has nine tenths of the time. All is ready in half a minute."""


class Warming:
    """A thread that ends by itself."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is not ready yet stays so."""
        self._enough.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        renderer: Renderer = self._app.state.renderer
        routes = (context.original_route for context in iter_route_contexts(self._app.routes))
        steps = [each.read for each in routes if isinstance(each, GatedRoute)]
        spent = 0.0
        for step in (*steps, *renderer.templates()):
            if self._enough.wait(_RESTS * spent):
                return
            began = time.perf_counter()
            step()
            spent = time.perf_counter() - began
