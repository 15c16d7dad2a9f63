"""What is wrong with a profile, by line and key: its schema first, then what the vocabulary demands.

The schema alone lets through what no program can use: metrics that nobody knows, values of another type than theirs. Leaves the
words that there are to the callers, who share them with the wire.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from firmware_profiles.polls import Bytes, Question, Read
from firmware_profiles.schema import Limit, Profile
from firmware_profiles.toml_lines import Place, line_of
from firmware_profiles.toml_mistakes import did_you_mean, dotted
from firmware_profiles.toml_model import TomlMistake, parse

Complaint = tuple[Place, str, str]
"""Where it stands, what is wrong, and the way out."""
SET_ID = "{set_id}"
_TYPE_NAMES = {bool: "true or false", str: "text", float: "a number"}


@dataclass(frozen=True, slots=True)
class Words:
    """What can be said: the metrics of each kind of equipment and of an agent's own computer, with what their values are (bool,
    str, float), and the properties of a device."""

    by_kind: Mapping[str, Mapping[str, type]]
    of_host: Mapping[str, type]
    properties: Collection[str]

    def known_to(self, profile: Profile) -> Mapping[str, type]:
        return self.of_host if profile.is_host else self.by_kind[profile.kind]


def check_profile(text: str, source: PurePath, words: Words) -> tuple[Profile, list[TomlMistake]]:
    """The profile, and every mistake beyond its schema. Raises TomlMistake for those of the schema."""
    profile = parse(text, Profile, str(source))
    known = words.known_to(profile)
    found = [
        *_of_identity(profile, source),
        *_of_questions(profile),
        *_of_reads(profile, known, words.properties),
        *_of_limits(profile, known),
    ]
    return profile, [
        TomlMistake(str(source), dotted(place), problem, way_out, line=line_of(text, place))
        for place, problem, way_out in found
    ]


def _of_identity(profile: Profile, source: PurePath) -> Iterator[Complaint]:
    named = f"{source.parent.name}/{source.stem}"
    if source.parent.name and profile.id != named:
        yield ("id",), "differs from the file's name", f'write id = "{named}", or rename the file'
    labels: list[tuple[Place, str, str]] = [(("label",), profile.label.en, profile.label.th)]
    labels += [
        (("parts", cause, number, "label"), part.label.en, part.label.th)
        for cause, parts in profile.parts.items()
        for number, part in enumerate(parts)
    ]
    for place, english, thai in labels:
        if not english.strip() or not thai.strip():
            yield place, "one of its languages is empty", "write both en and th"
        if not english.isascii():
            yield (*place, "en"), "is not plain English", "move it to th, and write en in Latin letters"
    if profile.set_id and not re.fullmatch(profile.set_id.pattern, profile.set_id.default):
        yield ("set_id", "default"), "does not match set_id.pattern", "correct one of the two"


def _questions(profile: Profile) -> Iterator[tuple[Place, Question]]:
    yield from ((("poll", number), poll) for number, poll in enumerate(profile.poll))
    yield from ((("identity", number), question) for number, question in enumerate(profile.identity))


def _of_questions(profile: Profile) -> Iterator[Complaint]:
    names: set[str] = set()
    for place, question in _questions(profile):
        if question.name in names:
            yield (*place, "name"), f'"{question.name}" stands twice', "give each question its own name"
        names.add(question.name)
        if profile.set_id is None and SET_ID in question.request:
            yield (*place, "request"), "speaks of {set_id}, and there is none", "add [set_id], or write the number"
    if profile.poll[0].needs_power:
        way_out = "put a poll first that a live device always answers"
        yield ("poll", 0, "needs_power"), "the first poll must be answered in standby too", way_out


def _of_reads(profile: Profile, known: Mapping[str, type], properties: Collection[str]) -> Iterator[Complaint]:
    read_by: dict[str, str] = {}
    for place, question in _questions(profile):
        for number, read in enumerate(question.read):
            at: Place = (*place, "read", number)
            if place[0] == "poll":
                yield from _of_metric(profile.kind, at, read, known)
            else:
                yield from _of_property(at, read, properties)
            yield from _of_table(at, read, question)
            if place[0] == "poll" and read_by.setdefault(read.target, question.name) != question.name:
                yield at, f"{read.target} is also read by {read_by[read.target]}", "read it in one poll only"


def _of_metric(kind: str, place: Place, read: Read, known: Mapping[str, type]) -> Iterator[Complaint]:
    if read.metric is None:
        yield (*place, "identity"), "a poll reads metrics", "move it to an [[identity]]"
    elif read.metric not in known:
        way_out = did_you_mean(read.metric, known, f"the metrics of a {kind} are")
        yield (*place, "metric"), f'"{read.metric}" is no metric of a {kind}', way_out
    else:
        yield from _of_type(place, read, known[read.metric])


def _of_property(place: Place, read: Read, properties: Collection[str]) -> Iterator[Complaint]:
    if read.metric is not None:
        yield (*place, "metric"), "an identity reads properties", "write identity = …, or move it to a [[poll]]"
    elif read.target not in properties:
        yield (
            (*place, "identity"),
            "nobody knows this property",
            did_you_mean(read.target, properties, "the properties are"),
        )


def _of_type(place: Place, read: Read, wanted: type) -> Iterator[Complaint]:
    for found in sorted(_given(read) - {wanted}, key=lambda one: one.__name__):
        problem = f"gives {_TYPE_NAMES[found]}, and {read.metric} is {_TYPE_NAMES[wanted]}"
        step = next((name for name in ("table", "finds", "number") if getattr(read, name) is not None), "metric")
        yield (*place, step), problem, "correct the step, or name another metric"


def _of_table(place: Place, read: Read, question: Question) -> Iterator[Complaint]:
    if read.table is None:
        return
    if not read.table:
        yield (*place, "table"), "the table is empty", "add its codes"
    if isinstance(question.answer, Bytes):
        for code in read.table:
            if not re.fullmatch(r"([0-9a-f]{2})+", code) and not read.picks_bits:
                way_out = (
                    f'write it as "{code.lower()}"' if code != code.lower() else "write two lower-case digits a byte"
                )
                yield (*place, "table"), f'"{code}" is no code of bytes', way_out


def _given(read: Read) -> set[type]:
    """The types of values that it can give; empty where the device itself decides."""
    if read.table is not None:
        values = [*read.table.values(), *([read.otherwise] if read.otherwise is not None else [])]
        return {_family(value) for value in values}
    if read.finds is not None:
        return {bool}
    if read.number is None:
        return set()
    return {bool} if read.above is not None or read.bit is not None else {float}


def _family(value: object) -> type:
    return float if type(value) is int else type(value)


def _of_limits(profile: Profile, known: Mapping[str, type]) -> Iterator[Complaint]:
    for number, limit in enumerate(profile.limit):
        if limit.metric in known and _family(_bound(limit)) is not known[limit.metric]:
            wanted = _TYPE_NAMES[known[limit.metric]]
            yield ("limit", number), f"{limit.metric} is {wanted}", "compare it with such a value"
    for name in profile.report.dead_bands:
        if name in known and known[name] is not float:
            yield ("report", "dead_bands", name), f"{name} is no number", "leave it out: any change of it is told"


def _bound(limit: Limit) -> object:
    return next(one for one in (limit.above, limit.below, limit.equals) if one is not None)
