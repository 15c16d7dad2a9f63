"""The device API as an ASGI application: five requests, and whatever else is served to devices below paths of its own."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

from hub.web.devices.answers import on_refusal, on_wrong_address, said
from hub.web.devices.guards import Mended, Throttle, address, body_of
from hub.web.devices.services import DeviceServices
from provisioning.core import contract
from provisioning.core.contract import ContractError, EnrolRequest, ErrorCode, Letter

_API = "/v1/"


def create_device_app(services: DeviceServices, mounts: Mapping[str, ASGIApp]) -> FastAPI:
    """`mounts`: what else stands here, by path; such as the releases below /tuf. One at "" is asked last."""
    app = FastAPI(title="dltv-fleet devices", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)

    def trust(_: bytes, __: str) -> bytes:
        return services.trust().encode()

    def enrol(body: bytes, source: str) -> bytes:
        return services.enrol(EnrolRequest.decode(body), source).encode()

    def renew(body: bytes, source: str) -> bytes:
        return services.renew(Letter.decode(body), source).encode()

    def node(body: bytes, source: str) -> bytes:
        return services.node(Letter.decode(body), source).encode()

    def outcome(body: bytes, source: str) -> bytes:
        services.outcome(Letter.decode(body), source)
        return b"{}"

    app.state.reads = services.reads
    app.add_api_route(contract.TRUST, _answering(trust), methods=["GET"])
    for path, work in (
        (contract.ENROL, enrol),
        (contract.RENEW, renew),
        (contract.NODE, node),
        (contract.OUTCOME, outcome),
    ):
        app.add_api_route(path, _answering(work), methods=["POST"])
    for path, mounted in sorted(mounts.items(), key=lambda each: -len(each[0])):
        app.mount(path, mounted)
    app.add_exception_handler(ContractError, on_refusal)
    app.add_exception_handler(HTTPException, on_wrong_address)
    app.add_middleware(Throttle, may_ask=services.may_ask, below=_API)
    app.add_middleware(Mended)
    return app


def _answering(work: Callable[[bytes, str], bytes]) -> Callable[[Request], object]:
    """What takes time (signing, the database) does not hold up the others."""

    async def answer(request: Request) -> Response:
        try:
            body = await body_of(request)
        except ClientDisconnect:
            raise ContractError("the request ended early", ErrorCode.REQUEST_REFUSED) from None
        return said(await run_in_threadpool(work, body, address(request.scope)))

    return answer
