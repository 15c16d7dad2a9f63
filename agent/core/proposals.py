"""Findings as sections of agent.toml. Nothing that stands there already is proposed again; keys never collide."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from agent.core.discovery import Found

MAX_SHOWN, MAX_REASON = 60, 200


@dataclass(frozen=True, slots=True)
class Proposal:
    key: str
    found: Found

    @property
    def section(self) -> str:
        """TOML, with what a person has to add as comments. Never a password."""
        answer = self.found.answer
        lines = [f"# {shown(answer.model) or answer.profile.label.en}, found by dltv-agent discover."]
        if answer.locked:
            lines.append(f"# It answers, and tells nothing yet: {shown(answer.refusal, MAX_REASON)}")
        if self.found.also:
            lines.append(f"# It also answers as {', '.join(self.found.also)}: one of them is enough.")
        lines += ["[[device]]", f"key = {quoted(self.key)}", f"profile = {quoted(answer.profile.id)}"]
        lines += [f"address = {quoted(answer.address)}", '# room = "p1"']
        return "\n".join(lines) + "\n"


def propose(found: Iterable[Found], keys: Collection[str], addresses: Collection[str]) -> list[Proposal]:
    """keys, addresses: those of the devices that are configured already."""
    taken, proposals = set(keys), []
    for each in found:
        if each.answer.address in addresses:
            continue
        key = _free(each.answer.profile.kind, taken)
        taken.add(key)
        proposals.append(Proposal(key, each))
    return proposals


def _free(kind: str, taken: Collection[str]) -> str:
    number = 1
    while f"new-{kind}-{number}" in taken:
        number += 1
    return f"new-{kind}-{number}"


def shown(text: str, most: int = MAX_SHOWN) -> str:
    """What a stranger told, fit for one line: nothing that ends a comment or moves a cursor."""
    return "".join(sign for sign in text if sign.isprintable())[:most].strip()


def quoted(text: str) -> str:
    """A basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
