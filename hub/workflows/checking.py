"""Whether a definition is sound as a whole: every name leads somewhere, every state is reached and can be left.

What a single table may say is the schema's; here stands what only shows when all of them are seen together.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from firmware_profiles.toml_mistakes import did_you_mean
from hub.core.people import Role
from hub.workflows.guards import GUARDS
from hub.workflows.names import DOCUMENTS, HOOKS
from hub.workflows.schema import (
    PERSON_MARK,
    REQUESTER,
    AsksModel,
    Definition,
    FieldModel,
    GuardModel,
    Kind,
    LimitModel,
    StateKind,
    TransitionModel,
)

_CELLS = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.CHOICE, Kind.PERSON, Kind.SCHOOL, Kind.ITEM, Kind.ASSET)
"""What may stand in a row."""
ROLES = frozenset({REQUESTER, *(role.value for role in Role)})


class Flaw(NamedTuple):
    """place: keys of the file that lead to what is wrong."""

    place: tuple[str, ...]
    problem: str
    way_out: str


def flaws(definition: Definition) -> Iterator[Flaw]:
    """What is wrong with one definition."""
    yield from _names(definition)
    yield from _states(definition)
    yield from _ways(definition)
    yield from _fields(definition)
    yield from _asks(("opening",), definition.opening, definition)
    for name, transition in definition.transitions.items():
        yield from _asks(("transitions", name), transition, definition)


def flaws_between(definitions: Mapping[str, Definition]) -> Iterator[tuple[str, Flaw]]:
    """What is wrong with one because of another, by its id."""
    first: dict[str, str] = {}
    for definition in definitions.values():
        other = first.setdefault(definition.prefix, definition.id)
        if other != definition.id:
            yield definition.id, Flaw(("prefix",), f"is that of {other} too", "choose letters that no other type has")
        for name, transition in definition.transitions.items():
            for flaw in _opens(("transitions", name, "opens"), transition, definition, definitions):
                yield definition.id, flaw


def _names(definition: Definition) -> Iterator[Flaw]:
    for key, wanted in (("subject", (Kind.TEXT, Kind.CHOICE)), ("school", (Kind.SCHOOL,))):
        name = getattr(definition, key)
        if name is not None:
            yield from _field((key,), name, definition.fields, wanted)
    yield from _limit(("limit",), definition.limit, definition)


def _states(definition: Definition) -> Iterator[Flaw]:
    kinds = [state.kind for state in definition.states.values()]
    if kinds.count(StateKind.BEGIN) != 1:
        yield Flaw(
            ("states",), f"has {kinds.count(StateKind.BEGIN)} states that begin", 'give one state kind = "begin"'
        )
    if StateKind.END not in kinds:
        yield Flaw(("states",), "has no end", 'give a state kind = "end"')
    for name, state in definition.states.items():
        yield from _limit(("states", name, "limit"), state.limit, definition)
        if state.kind is StateKind.END and state.limit is not None:
            yield Flaw(("states", name, "limit"), "an end has no time limit", "take it away")


def _ways(definition: Definition) -> Iterator[Flaw]:
    for name, transition in definition.transitions.items():
        place = ("transitions", name)
        leads = [("to", transition.to)] if transition.to else []
        for key, state in (*(("from", each) for each in transition.origins), *leads):
            if state not in definition.states:
                yield Flaw(
                    (*place, key), f'there is no state "{state}"', did_you_mean(state, definition.states, "states")
                )
            elif key == "from" and transition.to and definition.states[state].kind is StateKind.END:
                yield Flaw((*place, key), f'"{state}" is an end', "an end cannot be left: name another state")
        yield from _known((*place, "clears"), transition.clears, definition.fields, "field", "fields")
        if not transition.origins:
            yield Flaw((*place, "from"), "names no state", "name those from which it may be taken")
    yield from _reached(definition)


def _reached(definition: Definition) -> Iterator[Flaw]:
    begins = {name for name, state in definition.states.items() if state.kind is StateKind.BEGIN}
    ends = {name for name, state in definition.states.items() if state.kind is StateKind.END}
    ways = [(origin, each.to) for each in definition.transitions.values() for origin in each.origins if each.to]
    reached, leading = _spread(begins, ways), _spread(ends, [(to, origin) for origin, to in ways])
    for name in definition.states:
        if begins and name not in reached:
            yield Flaw(("states", name), "no transition leads here", "add one, or take the state away")
        if ends and name not in leading:
            yield Flaw(("states", name), "no end can be reached from here", "add a transition towards an end")


def _spread(states: set[str], ways: Iterable[tuple[str, str]]) -> set[str]:
    ways, found = tuple(ways), set(states)
    while more := {to for origin, to in ways if origin in found} - found:
        found |= more
    return found


def _fields(definition: Definition) -> Iterator[Flaw]:
    asked = {name for each in (definition.opening, *definition.transitions.values()) for name in each.fields}
    for name, field in definition.fields.items():
        place = ("fields", name)
        if name not in asked:
            yield Flaw(place, "is never asked", "name it in `asks` or `may` of a transition, or take it away")
        if (field.kind is Kind.CHOICE) != bool(field.choices):
            yield Flaw(place, "choices belong to a choice, and a choice has some", "add them, or take them away")
        yield from _table(place, field, definition)
    yield from _templates(definition)


def _table(place: tuple[str, ...], field: FieldModel, definition: Definition) -> Iterator[Flaw]:
    if (field.kind is Kind.ROWS) != bool(field.columns):
        yield Flaw(place, "columns belong to rows, and rows have some", "add them, or take them away")
    for name, column in field.columns.items():
        here = (*place, "columns", name)
        if column.kind not in _CELLS:
            yield Flaw(here, f"a cell cannot be a {column.kind.value}", "ask for it in a field of its own")
        if (column.kind is Kind.CHOICE) != bool(column.choices):
            yield Flaw(here, "choices belong to a choice, and a choice has some", "add them, or take them away")
        if column.unless is not None:
            yield from _known((*here, "unless"), [column.unless], field.columns, "column", "columns")
    if field.starts is not None:
        yield from _field((*place, "starts"), field.starts, definition.fields, (field.kind,))


def _templates(definition: Definition) -> Iterator[Flaw]:
    for name, template in definition.templates.items():
        place = ("templates", name)
        yield from _known(place, template.values, definition.opening.fields, "field at the opening", "fields")
        for key, value in template.values.items():
            rows = value if isinstance(value, tuple) else ()
            columns = definition.fields[key].columns if key in definition.fields else {}
            for row in rows:
                yield from _known((*place, "values", key), row, columns, "column", "columns")


def _asks(place: tuple[str, ...], asks: AsksModel, definition: Definition) -> Iterator[Flaw]:
    yield from _known((*place, "roles"), asks.roles, ROLES, "role", "roles")
    yield from _told((*place, "tells"), asks.tells, definition)
    yield from _known((*place, "documents"), asks.documents, DOCUMENTS, "form", "forms")
    yield from _known((*place, "hooks"), asks.hooks, HOOKS, "hook", "hooks")
    yield from _known((*place, "asks"), asks.asks, definition.fields, "field", "fields")
    yield from _known((*place, "may"), asks.may, definition.fields, "field", "fields")
    if not asks.roles:
        yield Flaw((*place, "roles"), "nobody may do this", f"name roles: {', '.join(sorted(ROLES))}")
    for twice in sorted(set(asks.asks) & set(asks.may)):
        yield Flaw((*place, "may"), f'"{twice}" must be filled already', "take it out of `asks` or of `may`")
    for guard in asks.guards:
        yield from _guard((*place, "guards"), guard, definition)


def _guard(place: tuple[str, ...], guard: GuardModel, definition: Definition) -> Iterator[Flaw]:
    known = GUARDS.get(guard.check)
    if known is None:
        yield Flaw(place, f'there is no guard "{guard.check}"', did_you_mean(guard.check, GUARDS, "guards"))
        return
    for key in known.needs:
        if getattr(guard, key) is None:
            yield Flaw(place, f'"{guard.check}" needs {key}', f"add {key} = …")
    for key, kinds in (known.kinds or {}).items():
        if getattr(guard, key) is not None:
            yield from _field(place, getattr(guard, key), definition.fields, kinds)
    for name in (*guard.when, *([guard.same] if guard.same else [])):
        yield from _known(place, [name], definition.fields, "field", "fields")


def _limit(place: tuple[str, ...], limit: LimitModel | None, definition: Definition) -> Iterator[Flaw]:
    if limit is None:
        return
    if (limit.hours is None) == (limit.until is None):
        yield Flaw(place, "needs either hours or until", "write one of the two")
    if limit.until is not None:
        yield from _field(place, limit.until, definition.fields, (Kind.MOMENT, Kind.DATE))
    yield from _told((*place, "warns"), limit.warns, definition)
    yield from _told((*place, "tells"), limit.tells, definition)
    if not limit.tells:
        yield Flaw(place, "tells nobody when the time is over", 'add tells = ["group_head"]')


def _told(place: tuple[str, ...], whom: Iterable[str], definition: Definition) -> Iterator[Flaw]:
    """Roles, and the persons of fields."""
    for each in whom:
        if each.startswith(PERSON_MARK):
            yield from _field(place, each.removeprefix(PERSON_MARK), definition.fields, (Kind.PERSON,))
        else:
            yield from _known(place, [each], ROLES, "role", "roles")


def _opens(
    place: tuple[str, ...], transition: TransitionModel, own: Definition, definitions: Mapping[str, Definition]
) -> Iterator[Flaw]:
    if transition.opens is None:
        return
    other = definitions.get(transition.opens.type)
    if other is None:
        way_out = did_you_mean(transition.opens.type, definitions, "types")
        yield Flaw(place, f'there is no type "{transition.opens.type}"', way_out)
        return
    carries = transition.opens.carries
    yield from _known(place, carries, other.opening.fields, f"field at the opening of {other.id}", "fields")
    yield from _known(place, carries.values(), own.fields, "field", "fields")
    lacking = [name for name in other.opening.asks if name not in carries]
    if lacking:
        yield Flaw(place, f"{other.id} asks for {', '.join(lacking)} when it is opened", "fill them by `carries`")


def _field(
    place: tuple[str, ...], name: str, fields: Mapping[str, FieldModel], kinds: tuple[Kind, ...]
) -> Iterator[Flaw]:
    if name not in fields:
        yield Flaw(place, f'there is no field "{name}"', did_you_mean(name, fields, "fields"))
    elif fields[name].kind not in kinds:
        wanted = " or ".join(kind.value for kind in kinds)
        yield Flaw(place, f'"{name}" is a {fields[name].kind.value}', f"name a field of kind {wanted}")


def _known(place: tuple[str, ...], names: Iterable[str], known: Iterable[str], what: str, these: str) -> Iterator[Flaw]:
    there = set(known)
    for name in names:
        if name not in there:
            yield Flaw(place, f'there is no {what} "{name}"', did_you_mean(name, there, these))
