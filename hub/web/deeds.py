"""Words of the record of changes: what was done, by whom, and about what."""

from collections.abc import Mapping

from hub.accounts.audit import Entry
from hub.web.language import Language, fill
from hub.workflows.schema import Definition

_SIGN = ":"


def deed(language: Language, entry: Entry, details: Mapping[str, object], types: Mapping[str, Definition]) -> str:
    """Steps on requests have the words of their workflow; what has none of its own, those of its family."""
    family, _, what = entry.what.partition(".")
    definition = types.get(str(details.get("type"))) if family == "request" else None
    if definition is not None and what in definition.transitions:
        return definition.transitions[what].of(language.code)
    return language.lookup(f"deed.{entry.what}") or language.lookup(f"deeds.{family}") or entry.what


def party(language: Language, label: str, names: Mapping[str, str]) -> str:
    """Whoever did it."""
    if label in names:
        return names[label]
    kind, _, number = label.partition(_SIGN)
    known = language.lookup(f"party.{kind}") or language.lookup(f"role.{kind}") or kind
    return f"{known} {language.lookup(f'role.{number}') or number}".strip()


def about(language: Language, subject: str, names: Mapping[str, str]) -> str:
    """To what it was done."""
    if subject in names:
        return names[subject]
    kind, _, number = subject.partition(_SIGN)
    words = language.lookup(f"about.{kind}")
    return party(language, subject, names) if words is None else fill(words, {"id": number})
