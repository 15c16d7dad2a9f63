"""How the memoranda and letters begin that the work calls for: subject and the three parts, from the facts that the hub knows."""

import tomllib
from collections.abc import Mapping
from string import Template

from hub.documents.catalogue import FORMS
from hub.documents.filling import WrongValues

MEMO, LETTER = "M01", "M02"


def occasions() -> Mapping[str, Mapping[str, str]]:
    """The parts by occasion, with the names of facts in them."""
    return {name: parts for form in (MEMO, LETTER) for name, parts in occasions_of(form).items()}


def occasions_of(form_id: str) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads((FORMS / form_id / "occasions.toml").read_text("utf-8"))
    return found


def facts_of(occasion: str) -> set[str]:
    """What has to be known for it."""
    return {name for part in occasions()[occasion].values() for name in Template(part).get_identifiers()}


def begin(occasion: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Values for the paper; people add to whom it goes and who signs. Raises WrongValues."""
    lacking = sorted(facts_of(occasion) - facts.keys())
    if lacking:
        raise WrongValues(f"{occasion}: {', '.join(lacking)} is not known")
    return {name: Template(part).substitute(facts) for name, part in occasions()[occasion].items()}
