"""Answers to forms that a page's script sends: it is told where to go on, rather than led there.

A redirect that a script follows is fetched in full before it sees where it led, and one to the sign-in looks like any other.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OUTBOX = "X-Outbox"
LEADS_TO = "X-Leads-To"
_SEE_OTHER = 303


class Leading:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or OUTBOX not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _SEE_OTHER:
                headers = MutableHeaders(scope=message)
                headers[LEADS_TO] = headers["location"]
                del headers["location"]
                message["status"] = 200
            await send(message)

        await self._app(scope, receive, told)
