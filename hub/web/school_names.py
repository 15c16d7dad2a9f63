"""A school as people write it into a form: by its name or its code, where only one is called so."""

from collections.abc import Mapping

from hub.web.request_forms import Held
from hub.workflows.schema import Definition, Kind

_LEAST = 4
"""Shorter ends of names say nothing."""


def with_schools(definition: Definition, values: Mapping[str, Held], schools: Mapping[str, str]) -> Mapping[str, Held]:
    """schools: names by the key that a field holds. What is not to be told apart stays as it was typed."""
    found = dict(values)
    for name, field in definition.fields.items():
        said = values.get(name)
        if field.kind is Kind.SCHOOL and isinstance(said, str) and said.strip() and said.strip() not in schools:
            found[name] = _key(" ".join(said.split()).casefold(), schools) or said
    return found


def _key(said: str, schools: Mapping[str, str]) -> str | None:
    names = {key: " ".join(name.split()).casefold() for key, name in schools.items()}
    exact = [key for key, name in names.items() if said == name or said == key.rpartition("/")[2].casefold()]
    ends = [key for key, name in names.items() if len(said) >= _LEAST and name.endswith(said)]
    return next((each[0] for each in (exact, ends) if len(each) == 1), None)
