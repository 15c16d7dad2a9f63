"""What the form of a next step begins with."""

from collections.abc import Sequence

from hub.web.request_forms import begun
from hub.workflows.outstanding import outstanding
from hub.workflows.request import Entry, Request, Values
from hub.workflows.schema import Definition


def begins(definition: Definition, request: Request, history: Sequence[Entry]) -> Values:
    """What comes in parts begins with what has not come yet."""
    return {**begun(definition, request.values), **outstanding(definition, request.values, history)}
