"""Fields of an XML document by path. Documents that declare entities are not read: nothing that equipment tells needs them."""

from collections.abc import Callable
from xml.etree import ElementTree

MAX_STEPS = 16


def xml_fields(document: str) -> Callable[[str], object]:
    """The text at a path of tag names, numbers among those of one name, and `@attribute`; None where there is none."""
    root = _root(document)
    return lambda path: None if root is None else _at(root, path.split(".")[:MAX_STEPS])


def _root(document: str) -> ElementTree.Element | None:
    if "<!DOCTYPE" in document or "<!ENTITY" in document:
        return None
    try:
        return ElementTree.fromstring(document)  # noqa: S314 - no document type, so no entities
    except (ElementTree.ParseError, ValueError):
        return None


def _at(element: ElementTree.Element, steps: list[str]) -> str | None:
    found: list[ElementTree.Element] = [element]
    for step in steps:
        if step.startswith("@"):
            return found[0].get(step[1:])
        if step.isdecimal() and len(step) < 5:
            found = found[int(step) : int(step) + 1]
        else:
            found = [child for child in found[0] if _name(child) == step]
        if not found:
            return None
    return "".join(found[0].itertext()).strip()


def _name(element: ElementTree.Element) -> str:
    """Without its namespace."""
    return str(element.tag).rpartition("}")[2]
