"""Definitions from their files, checked as a whole: every mistake of every file at once, each with the way out."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from firmware_profiles.toml_lines import line_of
from firmware_profiles.toml_mistakes import TomlMistake, did_you_mean, dotted, gather
from firmware_profiles.toml_model import load
from hub.workflows.checking import Flaw, flaws, flaws_between
from hub.workflows.schema import Definition, LimitModel

SHIPPED = Path(__file__).parent / "definitions"


def load_definitions(folder: Path = SHIPPED, limits: Mapping[str, float] | None = None) -> dict[str, Definition]:
    """All of a folder, by id. Raises TomlMistake.

    limits  working hours in place of those in the files: "type.state", or "type" for the whole
    """
    found: dict[str, Definition] = {}
    mistakes: list[TomlMistake] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found[path.stem] = load_one(path)
        except TomlMistake as mistake:
            mistakes += [mistake, *mistake.others]
    if not mistakes:
        between = flaws_between(found)
        mistakes = [_mistake(folder / f"{name}.toml", flaw) for name, flaw in between]
    if mistakes:
        raise gather(mistakes)
    return _limited(found, limits or {})


def load_one(path: Path) -> Definition:
    """One file, by itself. Raises TomlMistake."""
    definition = load(path, Definition)
    wrong = list(flaws(definition))
    if definition.id != path.stem:
        wrong.append(Flaw(("id",), f'is not the name of the file, "{path.stem}"', "make them the same"))
    if wrong:
        raise gather([_mistake(path, flaw) for flaw in wrong])
    return definition


def hooks_of(definitions: Iterable[Definition]) -> frozenset[str]:
    """The behaviour that these types need."""
    asks = (each for one in definitions for each in (one.opening, *one.transitions.values()))
    return frozenset(hook for each in asks for hook in each.hooks)


def _mistake(path: Path, flaw: Flaw) -> TomlMistake:
    text = path.read_text("utf-8")
    return TomlMistake(path, dotted(flaw.place), flaw.problem, flaw.way_out, line=line_of(text, flaw.place))


def _limited(definitions: dict[str, Definition], limits: Mapping[str, float]) -> dict[str, Definition]:
    for key, hours in limits.items():
        name, _, state = key.partition(".")
        definition = definitions.get(name)
        if definition is None or (state and state not in definition.states):
            known = [*definitions, *(f"{each.id}.{one}" for each in definitions.values() for one in each.states)]
            way_out = did_you_mean(key, known, "types and their states")
            raise TomlMistake("hub.toml", f"office.limits.{key}", "there is no such workflow or state", way_out)
        definitions[name] = _with_limit(definition, state, hours)
    return definitions


def _with_limit(definition: Definition, state: str, hours: float) -> Definition:
    old = definition.states[state].limit if state else definition.limit
    limit = LimitModel(
        hours=hours,
        warn_hours=old.warn_hours if old else None,
        warns=old.warns if old else (),
        tells=old.tells if old else ("group_head",),
    )
    if not state:
        return definition.model_copy(update={"limit": limit})
    changed = definition.states[state].model_copy(update={"limit": limit})
    return definition.model_copy(update={"states": {**definition.states, state: changed}})
