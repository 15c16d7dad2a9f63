"""What the form of a new request or of a next step begins with."""

from collections.abc import Mapping, Sequence

from hub.web.request_forms import begun
from hub.workflows.outstanding import outstanding
from hub.workflows.request import Entry, Request, Values
from hub.workflows.schema import Definition, Kind


def of_one_school(definition: Definition, schools: Mapping[str, str]) -> Mapping[str, str]:
    """Whoever may name one school only need not write it. schools: names by the key that a field holds"""
    asked = (name for name in definition.opening.asks if definition.fields[name].kind is Kind.SCHOOL)
    return dict.fromkeys(asked, next(iter(schools.values()))) if len(schools) == 1 else {}


def begins(definition: Definition, request: Request, history: Sequence[Entry]) -> Values:
    """What comes in parts begins with what has not come yet."""
    return {**begun(definition, request.values), **outstanding(definition, request.values, history)}
