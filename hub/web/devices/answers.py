"""What a device is answered. A refusal tells its code and one sentence; of what went wrong inside, nothing."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from provisioning.core.contract import STATUS, ContractError, ErrorCode, write_problem

log = logging.getLogger(__name__)

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_LATER_S = "60"


def said(content: bytes) -> Response:
    return Response(content, media_type="application/json", headers=_HEADERS)


def refusal(code: ErrorCode, message: str, status: int | None = None) -> Response:
    headers = {**_HEADERS, "Retry-After": _LATER_S} if code.passes else _HEADERS
    status = status or STATUS.get(code, 400)
    return Response(write_problem(code, message), status, media_type="application/json", headers=headers)


def on_refusal(_: Request, refused: Exception) -> Response:
    assert isinstance(refused, ContractError)
    return refusal(refused.code, str(refused))


def on_wrong_address(_: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)
    return refusal(ErrorCode.REQUEST_REFUSED, "there is nothing here", wrong.status_code)


def on_crash(request: Request, crash: Exception) -> Response:
    """Without the traceback: it may hold what was sent."""
    log.error("%s failed: %s: %s", request.url.path, type(crash).__name__, crash)
    return refusal(ErrorCode.HUB_TROUBLE, "the hub cannot do this now")
