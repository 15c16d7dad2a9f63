"""`dltv-agent profile check`: what is wrong with a profile by line and key, and whether its recorded sessions are true."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.core.profile_check import check_profile
from agent.errors import OperatorError
from agent.services.transcript import replay
from firmware_profiles.schema import Profile
from wire.vocabulary import REACHABLE

MAX_BYTES = 1024 * 1024
Say = Callable[[str], None]


def check(file: Path, transcripts: Path | None, say: Say, complain: Say) -> bool:
    """Whether all is fine. Raises TomlMistake and OperatorError for what keeps it from being looked at."""
    profile, mistakes = check_profile(_text(file), file.absolute())
    for mistake in mistakes:
        complain(mistake.one_line)
    if mistakes:
        return False
    say(f"fine: {profile.id}, a {profile.kind} with {len(profile.metrics)} metrics in {len(profile.polls)} polls")
    # All of them are played, also after one that fails.
    outcomes = [_case(profile, case, say, complain) for case in _cases(transcripts)] if transcripts else []
    return all(outcomes)


def _cases(folder: Path) -> list[Path]:
    """The folder itself where it is a case, else those in it."""
    found = (
        [folder] if (folder / "session.txt").is_file() else sorted(one.parent for one in folder.glob("*/session.txt"))
    )
    if not found:
        raise OperatorError(
            f"{folder}: holds no session.txt; name the folder of a case, or the one that holds the cases"
        )
    return found


def _case(profile: Profile, case: Path, say: Say, complain: Say) -> bool:
    expected = _expected(case / "expected.toml")
    poll, wrong = replay(profile, _text(case / "session.txt"), expected.get("settings", {}))
    values = {name: value for name, value in poll.readings.items() if value is not None}
    wanted = {REACHABLE: expected.get("reachable", True), **expected.get("readings", {})}
    wrong += _differences(wanted, values) + _differences(expected.get("properties", {}), poll.properties or {})
    if poll.problem and expected.get("problem", "") not in poll.problem:
        wrong.append(f"the problem is: {poll.problem}")
    for line in wrong:
        complain(f"{case.name}: {line}")
    if not wrong:
        say(f"fine: {case.name}, {len(values)} values as expected")
    return not wrong


def _differences(wanted: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    names = sorted(set(wanted) | set(found))
    return [
        f"{name} should be {_shown(wanted, name)} and is {_shown(found, name)}"
        for name in names
        if wanted.get(name) != found.get(name)
    ]


def _shown(values: Mapping[str, object], name: str) -> str:
    return repr(values[name]) if name in values else "unknown"


def _expected(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise OperatorError(f"{file}: not TOML: {error}; correct the syntax there") from None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise OperatorError(f"{file}: is larger than {MAX_BYTES} bytes; is it the right file?")
        return data.decode("utf-8")
    except OSError as error:
        raise OperatorError(f"{file}: cannot be read ({error.strerror}); name the right file") from None
    except UnicodeDecodeError as error:
        raise OperatorError(f"{file}: byte {error.start} is not UTF-8; save it as UTF-8") from None
