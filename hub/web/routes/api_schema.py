"""What the JSON API accepts and answers, for programs (OpenAPI)."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from hub.web.api_models import ProblemModel
from hub.web.gate import PUBLIC, gated_api
from hub.web.site import Site

_FAILED = {"4XX": "the request cannot be carried out as it is", "5XX": "the hub failed"}
_NOT_ANSWERED = ("HTTPValidationError", "ValidationError")


def router(_site: Site) -> APIRouter:
    routes = gated_api(PUBLIC)

    @routes.get("/openapi.json", include_in_schema=False)
    def schema(request: Request) -> JSONResponse:
        """Tells nothing of any school: everybody may read it who writes a program."""
        return JSONResponse(with_problems(request.app.openapi()))

    return routes


def with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Each operation may answer with a problem; with nothing else, whatever FastAPI says of requests that are not valid."""
    models = schema["components"]["schemas"]
    models["ProblemModel"] = ProblemModel.model_json_schema()
    for name in _NOT_ANSWERED:
        models.pop(name, None)
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemModel"}}}
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {
                kind: {"description": text, "content": content} for kind, text in _FAILED.items()
            }
    return schema
